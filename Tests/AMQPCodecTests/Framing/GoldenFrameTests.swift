//===----------------------------------------------------------------------===//
//
// This source file is part of the swift-event-hubs open source project
//
// Copyright (c) 2026 the swift-event-hubs authors
// Licensed under Apache License v2.0
//
// See LICENSE for license information
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

import AMQPCodec
import FixtureSupport
import Testing

/// Every frame of `Fixtures/Frames`: whole, at every split point, at every truncation, and written again.
@Suite struct GoldenFrameTests {
    @Test func everyFrameIsThere() throws {
        #expect(try FixtureFile.load("Frames/wire-contract.hex").count == 22)
        #expect(try FixtureFile.load("Frames/specification.hex").count == 32)
        #expect(try FixtureFile.load("Frames/python-client.hex").count == 37)
    }

    @Test(arguments: try allFrames())
    func decodesAtEverySplitPoint(_ fixture: Fixture) throws {
        let whole = try decodeStream([fixture.bytes])
        #expect(whole.count == 1)
        for split in 0...fixture.bytes.count {
            let halves = [Array(fixture.bytes[..<split]), Array(fixture.bytes[split...])]
            #expect(try decodeStream(halves) == whole, "split at \(split)")
        }
        #expect(try decodeStream(fixture.bytes.map { [$0] }) == whole)
    }

    @Test func decodesTheWholeStreamInAnyChunks() throws {
        let fixtures = try allFrames()
        let stream = fixtures.flatMap(\.bytes)
        let whole = try fixtures.flatMap { try decodeStream([$0.bytes]) }
        for size in [1, 2, 3, 7, 8, 9, 64, 1000, stream.count] {
            let chunks = stride(from: 0, to: stream.count, by: size).map {
                Array(stream[$0..<min($0 + size, stream.count)])
            }
            #expect(try decodeStream(chunks) == whole, "chunks of \(size)")
        }
    }

    @Test(arguments: try allFrames())
    func everyEndOfStreamIsAnError(_ fixture: Fixture) throws {
        for count in 1..<fixture.bytes.count {
            let error = decodingError { () throws(DecodingError) in
                _ = try decodeStream([Array(fixture.bytes[..<count])])
            }
            #expect(error?.code == .truncated, "\(count) bytes")
            #expect(error?.offset == 0)
        }
    }

    /// A frame that is cut short and whose size says so: the performative ends too early.
    @Test(arguments: try allFrames())
    func everyShorterBodyIsAnError(_ fixture: Fixture) throws {
        guard case .frame(let frame, _) = try decodeStream([fixture.bytes]).first else { return }
        let bodyEnd: Int
        switch frame.body {
        case .amqp(_, let payload): bodyEnd = payload.lowerBound
        case .sasl: bodyEnd = fixture.bytes.count
        case .empty: return
        }
        for count in frame.header.bodyOffset + 1..<bodyEnd {
            let bytes = [0, 0, UInt8(count >> 8), UInt8(count & 255)] + fixture.bytes[4..<count]
            let error = decodingError { () throws(DecodingError) in _ = try decodeStream([bytes]) }
            #expect(error != nil, "\(count) bytes")
            #expect(error.map { $0.offset <= count } == true)
        }
    }

    /// The forms that the service writes and that the reference client's loopback peer wrote like it.
    @Test(arguments: [
        "sasl-mechanisms (service)", "sasl-init (client)", "sasl-outcome (service)", "open (service)",
        "begin (service)", "transfer event (service)",
    ])
    func writesTheSameBytes(_ name: String) throws {
        let fixture = try FixtureFile.load("Frames/wire-contract.hex", named: name)
        let (frame, payload) = try decodeFrame(name)
        #expect(self.encode(frame, payload) == fixture.bytes)
    }

    /// Frames of the Python client that happen to be in the forms we write: it knows no one-byte booleans, and no
    /// short forms of the windows.
    @Test(arguments: ["sasl-init", "open management", "open producer", "end", "close"])
    func writesTheClientsBytes(_ name: String) throws {
        let fixture = try FixtureFile.load("Frames/python-client.hex", named: name)
        let (frame, payload) = try decodeFrame(name, in: "Frames/python-client.hex")
        #expect(self.encode(frame, payload) == fixture.bytes)
    }

    /// Those whose only difference is that the loopback peer wrote booleans as `56 01` and `56 00`.
    @Test(arguments: try allFrames())
    func writesAnEqualFrame(_ fixture: Fixture) throws {
        guard case .frame(let frame, let payload) = try decodeStream([fixture.bytes]).first else { return }
        guard frame.header.dataOffset == 2 else { return }
        let again = try decodeStream([self.encode(frame, payload)]).first
        guard case .frame(let decoded, let decodedPayload) = again else {
            Issue.record("no frame")
            return
        }
        #expect(decodedPayload == payload)
        switch (decoded.body, frame.body) {
        case (.amqp(let left, _), .amqp(let right, _)): #expect(left == right)
        default: #expect(decoded.body == frame.body)
        }
    }

    private func encode(_ frame: Frame, _ payload: [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        switch frame.body {
        case .amqp(let performative, _):
            FrameEncoder.write(performative, channel: frame.channel, payload: payload[...], into: &writer)
        case .sasl(let body): FrameEncoder.write(body, into: &writer)
        case .empty: FrameEncoder.writeEmpty(channel: frame.channel, into: &writer)
        }
        return writer.bytes
    }
}
