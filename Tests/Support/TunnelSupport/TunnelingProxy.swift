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

package import AMQPTransport
import Synchronization

/// A proxy that takes CONNECT, keeps what it was asked, and passes bytes on, or answers something else.
package final class TunnelingProxy: Sendable {
    private struct State {
        var requests: [[UInt8]] = []
        var relays: [Relay] = []
    }

    private let listener: Listener
    private let loop: EventLoop
    private let state = Mutex(State())

    package var server: ProxyServer { ProxyServer(host: "127.0.0.1", port: listener.localPort) }

    /// The heads of the requests so far.
    package var requests: [String] { state.withLock { $0.requests.map { String(decoding: $0, as: UTF8.self) } } }

    /// A proxy whose tunnels lead to `port`, whatever host is asked for. Each request is answered with `response`; a tunnel
    /// follows a status of 200.
    package init(to port: Int, response: String = "HTTP/1.1 200 Connection established\r\n\r\n") async throws {
        loop = EventLoopGroup.shared.next()
        listener = try await Listener.bind(host: "127.0.0.1", port: 0, on: loop)
        listener.start { [self] stream in
            let relay = Relay(stream)
            state.withLock { $0.relays.append(relay) }
            relay.start { [self] request in
                state.withLock { $0.requests.append(request) }
                relay.write(Array(response.utf8))
                guard response.contains(" 200 ") else { return }
                Task { [loop] in
                    let target = try await Connector.connect(host: "127.0.0.1", port: port, on: loop)
                    loop.execute { relay.join(target) }
                }
            }
        }
    }

    package func close() async {
        await listener.close()
        let relays = state.withLock { $0.relays }
        await withCheckedContinuation { continuation in
            loop.execute {
                for relay in relays { relay.close() }
                continuation.resume()
            }
        }
    }
}

/// One connection of a client: a head is read, then bytes go through. Confined to the loop.
private final class Relay: ByteStreamHandler, @unchecked Sendable {
    private let stream: any ByteStream
    private var head: [UInt8] = []
    private var headRead: (([UInt8]) -> Void)?
    private var other: Relay?
    private var outgoing: [UInt8] = []

    init(_ stream: any ByteStream) {
        self.stream = stream
    }

    func start(headRead: (([UInt8]) -> Void)? = nil) {
        self.headRead = headRead
        stream.activate(handler: self)
    }

    func join(_ target: any ByteStream) {
        let other = Relay(target)
        self.other = other
        other.other = self
        other.start()
        streamReadable()
    }

    func write(_ bytes: [UInt8]) {
        outgoing += bytes
        streamWritable()
    }

    func close() {
        stream.close()
        other?.stream.close()
        other?.other = nil
        other = nil
    }

    func streamReadable() {
        // Between the head and the tunnel nothing is read.
        guard headRead != nil || other != nil else { return }
        var bytes = [UInt8](repeating: 0, count: headRead == nil ? 65_536 : 1)
        while true {
            let result = bytes.withUnsafeMutableBytes { buffer in
                Result { () throws(TransportError) in try stream.read(into: buffer) }
            }
            switch result {
            case .success(.bytes(let count)):
                guard let headRead else {
                    other?.write(Array(bytes.prefix(count)))
                    continue
                }
                head += bytes
                guard head.suffix(4).elementsEqual([13, 10, 13, 10]) else { continue }
                self.headRead = nil
                headRead(head)
                return
            case .success(.wouldBlock): return
            case .success(.ended), .failure:
                close()
                return
            }
        }
    }

    func streamWritable() {
        while !outgoing.isEmpty {
            let result = outgoing.withUnsafeBytes { bytes in
                Result { () throws(TransportError) in try stream.write([bytes]) }
            }
            guard case .success(let count) = result, count > 0 else { break }
            outgoing.removeFirst(count)
        }
        stream.setWantsWrite(!outgoing.isEmpty)
    }

    func streamFailed(_ error: TransportError) {
        close()
    }
}
