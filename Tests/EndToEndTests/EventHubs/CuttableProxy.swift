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

import AMQPTransport
import Synchronization

/// A TCP proxy whose connections a test can cut.
final class CuttableProxy: Sendable {
    private let listener: Listener
    private let target: Int
    private let state = Mutex(State())

    /// What becomes of a new connection.
    enum Mode: Sendable, Hashable {
        case serve
        /// Closed at once.
        case refuse
        /// Kept open without a word.
        case ignore
        /// Answered with these bytes, and kept open.
        case answer([UInt8])
        /// Answered with these bytes and closed.
        case answerAndClose([UInt8])
    }

    private struct State {
        var legs: [Leg] = []
        var mode = Mode.serve
        var accepted = 0
    }

    private init(listener: Listener, target: Int) {
        self.listener = listener
        self.target = target
    }

    static func start(to port: Int) async throws -> CuttableProxy {
        let listener = try await Listener.bind(host: "127.0.0.1", port: 0, on: EventLoopGroup.shared.next())
        let proxy = CuttableProxy(listener: listener, target: port)
        listener.start { stream in proxy.accept(stream) }
        return proxy
    }

    var port: Int { listener.localPort }

    /// How many connections have come.
    var acceptedCount: Int { state.withLock { $0.accepted } }

    /// Closes every connection at once.
    func cut() {
        let legs = state.withLock { state in
            defer { state.legs = [] }
            return state.legs
        }
        for leg in legs { leg.stream.loop.execute { leg.close() } }
    }

    /// From here on, nothing comes through the connections there are, and nobody is told.
    func freeze() {
        let legs = state.withLock { $0.legs }
        for leg in legs { leg.stream.loop.execute { leg.isFrozen = true } }
    }

    /// From here on, nothing that the server says comes through the connections there are; what clients say does.
    func swallowAnswers() {
        let legs = state.withLock { $0.legs }
        for leg in legs where leg.isUpstream { leg.stream.loop.execute { leg.isFrozen = true } }
    }

    /// From here on, new connections are treated like this.
    func set(_ mode: Mode) { state.withLock { $0.mode = mode } }

    func stop() async {
        await listener.close()
        cut()
    }

    private func accept(_ stream: any ByteStream) {
        let mode = state.withLock { state in
            state.accepted += 1
            return state.mode
        }
        guard mode == .serve else { return misbehave(mode, stream) }
        Task { [target] in
            let loop = stream.loop
            guard let upstream = try? await Connector.connect(host: "127.0.0.1", port: target, on: loop) else {
                return loop.execute { stream.close() }
            }
            loop.execute {
                let (near, far) = (Leg(stream), Leg(upstream, isUpstream: true))
                (near.other, far.other) = (far, near)
                self.state.withLock { $0.legs += [near, far] }
                near.stream.activate(handler: near)
                far.stream.activate(handler: far)
            }
        }
    }

    private func misbehave(_ mode: Mode, _ stream: any ByteStream) {
        let leg = Leg(stream)
        state.withLock { $0.legs.append(leg) }
        stream.activate(handler: leg)
        switch mode {
        case .serve, .ignore: break
        case .refuse: leg.close()
        case .answer(let bytes): leg.send(bytes[...])
        case .answerAndClose(let bytes):
            leg.send(bytes[...])
            leg.close()
        }
    }

    /// One side of a connection; confined to the loop of its stream.
    private final class Leg: ByteStreamHandler, @unchecked Sendable {
        let stream: any ByteStream
        let isUpstream: Bool
        var other: Leg?
        var isFrozen = false
        private var outgoing: [UInt8] = []

        init(_ stream: any ByteStream, isUpstream: Bool = false) {
            self.stream = stream
            self.isUpstream = isUpstream
        }

        func streamReadable() {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let result = try? buffer.withUnsafeMutableBytes { bytes throws(TransportError) in
                    try stream.read(into: bytes)
                }
                switch result {
                case .bytes(let count): if !isFrozen { other?.send(buffer[..<count]) }
                case .wouldBlock: return
                case .ended, nil: return close()
                }
            }
        }

        func streamWritable() { flush() }

        func streamFailed(_ error: TransportError) { close() }

        func send(_ bytes: ArraySlice<UInt8>) {
            outgoing += bytes
            flush()
        }

        func close() {
            stream.close()
            let peer = other
            other = nil
            peer?.close()
        }

        private func flush() {
            while !outgoing.isEmpty {
                let written = try? outgoing.withUnsafeBytes { bytes throws(TransportError) in try stream.write([bytes])
                }
                guard let written else { return close() }
                if written == 0 { break }
                outgoing.removeFirst(written)
            }
            stream.setWantsWrite(!outgoing.isEmpty)
        }
    }
}
