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
import AMQPTransport
import EventHubsEmulator

/// A client without an engine: it sends the bytes it is told to, right or wrong, and shows what comes back.
final class HostileClient: ByteStreamHandler, @unchecked Sendable {
    /// What was waited for did not come.
    struct NoAnswer: Error {
        var description: String
    }

    /// How long an answer may take: only a failure takes that long.
    static let patience = Duration.seconds(30)

    private let stream: any ByteStream

    // Confined to the loop.
    private var decoder = FrameDecoder(maxFrameSize: 1 << 20)
    private var items: [FrameDecoder.Item] = []
    private var outgoing: [UInt8] = []
    private var isEnded = false
    private var failure: DecodingError?
    private var waiter: CheckedContinuation<FrameDecoder.Item?, any Error>?
    private var timer: LoopTimer?

    private init(_ stream: any ByteStream) {
        self.stream = stream
    }

    static func connect(to emulator: EventHubsEmulator) async throws -> HostileClient {
        try await connect(toPort: emulator.amqpPort)
    }

    static func connect(toPort port: Int) async throws -> HostileClient {
        let loop = EventLoopGroup.shared.next()
        let stream = try await Connector.connect(host: "127.0.0.1", port: port, on: loop)
        let client = HostileClient(stream)
        loop.execute { stream.activate(handler: client) }
        return client
    }

    // MARK: Sending

    func send(_ bytes: [UInt8]) {
        stream.loop.execute { [self] in
            outgoing += bytes
            flush()
        }
    }

    func send(_ performatives: Performative..., channel: UInt16 = 0) {
        send(performatives.flatMap { frame($0, channel: channel) })
    }

    /// Hangs up, after what has been sent.
    func close() {
        stream.loop.execute { [stream] in stream.close() }
    }

    private func flush() {
        while !outgoing.isEmpty {
            guard let count = try? outgoing.withUnsafeBytes({ try stream.write([$0]) }) else {
                outgoing = []
                return
            }
            outgoing.removeFirst(count)
            if count == 0 {
                stream.setWantsWrite(true)
                return
            }
        }
        stream.setWantsWrite(false)
    }

    // MARK: Receiving

    /// The next header or frame; nil at the end of the stream.
    func next() async throws -> FrameDecoder.Item? {
        try await withCheckedThrowingContinuation { continuation in
            stream.loop.execute { [self] in
                waiter = continuation
                serveWaiter()
                guard waiter != nil else { return }
                timer = stream.loop.schedule(at: stream.loop.now + Self.patience) { [self] in
                    waiter?.resume(throwing: NoAnswer(description: "nothing came for \(Self.patience)"))
                    waiter = nil
                }
            }
        }
    }

    /// The next performative that `select` has a use for; others are passed over.
    func wait<Value>(
        for what: String,
        _ select: (UInt16, Performative) -> Value?
    ) async throws -> Value {
        while let item = try await next() {
            guard case .frame(let frame, _) = item, case .amqp(let performative, _) = frame.body else { continue }
            if let value = select(frame.channel, performative) { return value }
        }
        throw NoAnswer(description: "the stream ended without \(what)")
    }

    /// Waits until the server has hung up; what it still sends is passed over.
    func waitForEnd() async throws {
        while try await next() != nil {}
    }

    func streamReadable() {
        let room = 65_536
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 1)
        defer { buffer.deallocate() }
        reading: while true {
            switch try? stream.read(into: buffer) {
            case .bytes(let count):
                decoder.append(buffer.prefix(count))
                if count < room { break reading }
            case .wouldBlock:
                break reading
            case .ended, nil:
                isEnded = true
                break reading
            }
        }
        do throws(DecodingError) {
            while let item = try decoder.next() { items.append(item) }
        } catch {
            failure = error
        }
        serveWaiter()
    }

    func streamWritable() { flush() }

    func streamFailed(_ error: TransportError) {
        isEnded = true
        serveWaiter()
    }

    private func serveWaiter() {
        guard let waiter else { return }
        if !items.isEmpty {
            waiter.resume(returning: items.removeFirst())
        } else if let failure {
            waiter.resume(throwing: failure)
        } else if isEnded {
            waiter.resume(returning: nil)
        } else {
            return
        }
        self.waiter = nil
        timer?.cancel()
        timer = nil
    }
}

/// The frame of a performative.
func frame(_ performative: Performative, channel: UInt16 = 0, payload: [UInt8] = []) -> [UInt8] {
    var writer = ByteWriter()
    FrameEncoder.write(performative, channel: channel, payload: payload[...], into: &writer)
    return writer.bytes
}

/// A frame around any bytes, with a header that need not be right.
func rawFrame(
    _ body: String,
    channel: UInt16 = 0,
    type: UInt8 = 0,
    dataOffset: UInt8 = 2,
    size: Int? = nil
) -> [UInt8] {
    let body = hex(body)
    let size = size ?? body.count + 8
    let header: [UInt8] = [
        UInt8(truncatingIfNeeded: size >> 24), UInt8(truncatingIfNeeded: size >> 16),
        UInt8(truncatingIfNeeded: size >> 8), UInt8(truncatingIfNeeded: size),
        dataOffset, type, UInt8(channel >> 8), UInt8(channel & 255),
    ]
    return header + body
}
