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

@testable import eventhubs

@Suite struct FrameInspectionTests {
    private func inspect(_ chunks: [[UInt8]], _ format: InspectionFormat = .json) throws(DecodingError) -> String {
        var inspection = FrameInspection(format: format)
        var output: [UInt8] = []
        for chunk in chunks { try inspection.inspect(chunk, into: &output) }
        try inspection.finish()
        return String(decoding: output, as: UTF8.self)
    }

    @Test func jsonLines() throws {
        let header = try #require(FixtureFile.bytes("414d515003010000"))
        let saslInit = try FixtureFile.load("Frames/wire-contract.hex", named: "sasl-init (client)").bytes
        let empty = try #require(FixtureFile.bytes("0000000c 03000007 00000000"))
        let transfer = try FixtureFile.load("Frames/specification.hex", named: "transfer last of two").bytes
        let text = try self.inspect([header + saslInit + empty + transfer])
        #expect(
            text == """
                {"offset":0,"size":8,"header":[3,1,0,0]}
                {"offset":8,"size":38,"doff":2,"type":1,"channel":0,"performative":"sasl-init","fields":\
                [["symbol","ANONYMOUS"],["binary",""],["string","localhost"]],"payload":0}
                {"offset":46,"size":12,"doff":3,"type":0,"channel":7,"empty":true}
                {"offset":58,"size":19,"doff":2,"type":0,"channel":1,"performative":"transfer","fields":\
                [["uint",0]],"payload":4}

                """
        )
    }

    @Test(arguments: [InspectionFormat.json, .text])
    func chunksDoNotMatter(_ format: InspectionFormat) throws {
        let stream = try FixtureFile.load("Frames/specification.hex").flatMap(\.bytes)
        let whole = try self.inspect([stream], format)
        #expect(whole.split(separator: "\n").count == 32)
        for size in [1, 5, 8, 13, 200] {
            let chunks = stride(from: 0, to: stream.count, by: size).map {
                Array(stream[$0..<min($0 + size, stream.count)])
            }
            #expect(try self.inspect(chunks, format) == whole)
        }
    }

    @Test func whatCameBeforeAnErrorIsKept() throws {
        var inspection = FrameInspection(format: .json)
        var output: [UInt8] = []
        let bytes = try #require(FixtureFile.bytes("0000000802000000 00000009 02000000 41"))
        #expect(throws: DecodingError.self) { try inspection.inspect(bytes, into: &output) }
        #expect(output.count { $0 == UInt8(ascii: "\n") } == 1)
    }

    @Test func everyFixtureHasALine() throws {
        for fixture in try FixtureFile.load("Frames/wire-contract.hex") {
            let text = try self.inspect([fixture.bytes])
            #expect(text.hasPrefix("{\"offset\":0,\"size\":\(fixture.bytes.count),"))
            #expect(try !self.inspect([fixture.bytes], .text).isEmpty)
        }
    }
}
