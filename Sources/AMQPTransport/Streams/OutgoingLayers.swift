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

/// Where a connection goes, and what lies between its socket and its user.
struct ConnectionPlan: Sendable {
    var host: String
    var port: Int
    var proxy: ProxyServer?
    var tls: TLSContext?
    var webSocket: WebSocketRequest?

    /// Whom the socket connects to.
    var firstHop: (host: String, port: Int) {
        proxy.map { ($0.host, $0.port) } ?? (host, port)
    }
}

/// Makes a stream of a connected socket, layer by layer: the tunnel through a proxy, TLS, the WebSocket; each of them only
/// if the plan has it. Confined to its loop.
final class OutgoingLayers: @unchecked Sendable {
    typealias Completion = @Sendable (Result<any ByteStream, TransportError>) -> Void

    private enum Stage {
        case exchange(HeadExchange)
        case tls(TLSStream)
    }

    private let plan: ConnectionPlan
    private let deadline: ContinuousClock.Instant
    private let loop: EventLoop
    private var stage: Stage?
    private var completion: Completion?

    init(_ plan: ConnectionPlan, deadline: ContinuousClock.Instant, loop: EventLoop) {
        self.plan = plan
        self.deadline = deadline
        self.loop = loop
    }

    /// `completion` is called once, on the loop, unless `cancel` comes before.
    func build(on descriptor: consuming FileDescriptor, completion: @escaping Completion) {
        self.completion = completion
        let stream = TCPStream(owning: descriptor, peer: "\(plan.host):\(plan.port)", loop: loop)
        guard let proxy = plan.proxy else {
            secure(stream)
            return
        }
        step { () throws(TransportError) in
            let tunnel = try ProxyTunnel(through: proxy, toHost: plan.host, port: plan.port)
            exchange(tunnel.request, on: stream) { [self] answer throws(TransportError) in
                try tunnel.check(answer)
                secure(stream)
            }
        }
    }

    func cancel() {
        completion = nil
        switch stage {
        case .exchange(let exchange): exchange.cancel()
        case .tls(let stream): stream.cancelHandshake()
        case nil: break
        }
        stage = nil
    }

    private func secure(_ stream: TCPStream) {
        guard let context = plan.tls else {
            upgrade(stream)
            return
        }
        step { () throws(TransportError) in
            let secured = try TLSStream(
                owning: stream.takeDescriptor(),
                context: context,
                host: plan.host,
                peer: stream.peer,
                loop: loop
            )
            stage = .tls(secured)
            secured.handshake(deadline: deadline) { [self] result in
                stage = nil
                switch result {
                case .success(let stream): upgrade(stream)
                case .failure(let error): finish(.failure(error))
                }
            }
        }
    }

    private func upgrade(_ stream: any ByteStream) {
        guard let wanted = plan.webSocket else {
            finish(.success(stream))
            return
        }
        step { () throws(TransportError) in
            let handshake: WebSocketClientHandshake
            do throws(TransportError) {
                handshake = try WebSocketClientHandshake(wanted)
            } catch {
                stream.close()
                throw error
            }
            exchange(handshake.request, on: stream) { [self] answer throws(TransportError) in
                try handshake.check(answer.head)
                finish(.success(WebSocketStream(over: stream, as: .client, early: answer.rest)))
            }
        }
    }

    /// Sends a request and goes on with its answer; a stream whose answer is not accepted is closed.
    private func exchange(
        _ request: [UInt8],
        on stream: any ByteStream,
        then next: @escaping @Sendable (HeadExchange.Answer) throws(TransportError) -> Void
    ) {
        let exchange = HeadExchange(on: stream, writing: request)
        stage = .exchange(exchange)
        exchange.start(deadline: deadline) { [self] result in
            stage = nil
            step { () throws(TransportError) in
                let answer = try result.get()
                do throws(TransportError) {
                    try next(answer)
                } catch {
                    stream.close()
                    throw error
                }
            }
        }
    }

    private func step(_ body: () throws(TransportError) -> Void) {
        do throws(TransportError) {
            try body()
        } catch {
            finish(.failure(error))
        }
    }

    private func finish(_ result: Result<any ByteStream, TransportError>) {
        guard let completion else {
            if case .success(let stream) = result { stream.close() }
            return
        }
        self.completion = nil
        completion(result)
    }
}
