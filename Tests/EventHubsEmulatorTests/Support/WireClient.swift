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
import Synchronization
import Testing

@testable import EventHubsEmulator

/// A client that speaks frames, written out one by one, to a server connection over memory.
final class WireClient: ByteStreamHandler, @unchecked Sendable {
    struct Received: Sendable {
        var channel: UInt16
        var performative: Performative
        var payload: [UInt8]
    }

    private struct State {
        var items: [FrameDecoder.Item] = []
        var raw: [UInt8] = []
        var hasEnded = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    let broker: Broker
    private let stream: InMemoryStream
    private let state = Mutex(State())
    private var decoder = FrameDecoder(maxFrameSize: 1 << 20)
    /// Whether to stop reading: confined to the loop.
    private var isPaused = false

    static func makeBroker(
        partitions: Int = 2,
        _ adjust: (inout EmulatorConfiguration) -> Void = { _ in }
    ) -> Broker {
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: partitions)])
        adjust(&configuration)
        let namespace = Namespace(name: "ns") { SystemTime.now() }
        for hub in configuration.hubs {
            namespace.add(
                EventHubLog(
                    name: hub.name,
                    partitionCount: hub.partitionCount,
                    consumerGroups: ["cg1"],
                    retention: Retention(maximumBytes: 1 << 26, maximumAge: .max / 2),
                    createdAt: 0
                )
            )
        }
        return Broker(namespace: namespace, configuration: configuration)
    }

    /// Connects to a broker; nothing has been sent yet.
    init(_ broker: Broker = makeBroker(), capacity: Int = 65_536) {
        self.broker = broker
        let loop = EventLoopGroup.shared.next()
        let (near, far) = InMemoryStream.pair(on: loop, capacity: capacity)
        stream = near
        loop.execute {
            ServerConnection(stream: far, broker: broker, slabs: SlabPools.shared).start()
            near.activate(handler: self)
        }
    }

    // MARK: Sending

    func send(_ bytes: [UInt8]) {
        stream.loop.execute { [stream] in
            bytes.withUnsafeBytes { buffer in
                // Tests send less than the stream holds.
                _ = try? stream.write([buffer])
            }
        }
    }

    func send(hex text: String) {
        send(hex(text))
    }

    func send(_ performative: Performative, channel: UInt16 = 0, payload: [UInt8] = []) {
        var writer = ByteWriter()
        FrameEncoder.write(performative, channel: channel, payload: payload[...], into: &writer)
        send(writer.bytes)
    }

    func close() {
        stream.loop.execute { [stream] in stream.close() }
    }

    // MARK: Receiving

    /// The next protocol header or frame; nil when the server has closed the stream.
    func nextItem() async -> FrameDecoder.Item? {
        while true {
            let (item, hasEnded) = state.withLock { state in
                (state.items.isEmpty ? nil : state.items.removeFirst(), state.hasEnded)
            }
            if let item { return item }
            if hasEnded { return nil }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard state.items.isEmpty, !state.hasEnded else { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }

    /// The next performative; heartbeats are passed over.
    func next() async throws -> Received {
        while let item = await nextItem() {
            if case .frame(let frame, let payload) = item, case .amqp(let performative, _) = frame.body {
                return Received(channel: frame.channel, performative: performative, payload: payload)
            }
        }
        throw Ended()
    }

    struct Ended: Error {}

    /// Whatever comes, as long as it comes, up to the end of the stream.
    func waitForEnd() async {
        while await nextItem() != nil {}
    }

    /// All bytes received so far.
    var raw: [UInt8] { state.withLock { $0.raw } }

    var waitingItems: Int { state.withLock { $0.items.count } }

    func streamReadable() {
        var hasMore = true
        while hasMore {
            hasMore = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
                switch Result(catching: { () throws(TransportError) in try stream.read(into: buffer) }) {
                case .success(.bytes(let count)):
                    take(Array(buffer.prefix(count)))
                    return true
                case .success(.wouldBlock):
                    return false
                case .success(.ended), .failure:
                    finish()
                    return false
                }
            }
        }
    }

    func streamWritable() {}

    func streamFailed(_ error: TransportError) {
        finish()
    }

    private func take(_ bytes: [UInt8]) {
        decoder.append(bytes)
        var items: [FrameDecoder.Item] = []
        do {
            while let item = try decoder.next() { items.append(item) }
        } catch {
            Issue.record("the server sent what cannot be decoded: \(error)")
        }
        let waiter = state.withLock { state in
            state.raw += bytes
            state.items += items
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    private func finish() {
        let waiter = state.withLock { state in
            state.hasEnded = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
