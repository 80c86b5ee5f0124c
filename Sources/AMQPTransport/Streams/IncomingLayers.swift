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

/// Makes a stream of an accepted socket: TLS and WebSocket handshakes, as far as the listener has them. Confined to its loop.
///
/// A listener that serves WebSockets serves plain clients on the same port: the first byte tells them apart. A request
/// begins with the `G` of `GET`, and AMQP with an `A`.
final class IncomingLayers: @unchecked Sendable {
    /// Nil when no stream came of it.
    typealias Completion = @Sendable ((any ByteStream)?) -> Void

    private enum Stage {
        case tls(TLSStream)
        case firstByte(FirstByte)
        case exchange(HeadExchange)
    }

    let loop: EventLoop
    private let tls: TLSContext?
    private let webSockets: WebSocketService?
    private let deadline: ContinuousClock.Instant
    private let peer: String
    private var descriptor: FileDescriptor
    private var stage: Stage?
    private var completion: Completion?

    init(
        owning descriptor: consuming FileDescriptor,
        peer: String,
        tls: TLSContext?,
        webSockets: WebSocketService?,
        deadline: ContinuousClock.Instant,
        loop: EventLoop
    ) {
        self.descriptor = descriptor
        self.peer = peer
        self.tls = tls
        self.webSockets = webSockets
        self.deadline = deadline
        self.loop = loop
    }

    /// `completion` is called once, on the loop.
    func build(completion: @escaping Completion) {
        self.completion = completion
        var descriptor = FileDescriptor(owning: -1)
        swap(&descriptor, &self.descriptor)
        guard let tls else {
            detect(TCPStream(owning: descriptor, peer: peer, loop: loop))
            return
        }
        guard let stream = try? TLSStream(owning: descriptor, context: tls, host: nil, peer: peer, loop: loop) else {
            finish(nil)
            return
        }
        stage = .tls(stream)
        stream.handshake(deadline: deadline) { [self] result in
            switch result {
            case .success(let stream): detect(stream)
            case .failure: finish(nil)
            }
        }
    }

    func cancel() {
        switch stage {
        case .tls(let stream): stream.cancelHandshake()
        case .firstByte(let wait): wait.cancel()
        case .exchange(let exchange): exchange.cancel()
        case nil: break
        }
    }

    private func detect(_ stream: any PeekableByteStream) {
        guard let webSockets else {
            finish(stream)
            return
        }
        let wait = FirstByte(of: stream)
        stage = .firstByte(wait)
        wait.start(deadline: deadline) { [self] byte in
            switch byte {
            case nil: finish(nil)
            case UInt8(ascii: "G"): accept(stream, WebSocketServerHandshake(service: webSockets))
            case .some: finish(stream)
            }
        }
    }

    private func accept(_ stream: any ByteStream, _ handshake: WebSocketServerHandshake) {
        let exchange = HeadExchange(on: stream)
        stage = .exchange(exchange)
        exchange.start(deadline: deadline) { [self] result in
            guard case .success(let request) = result else {
                finish(nil)
                return
            }
            switch handshake.answer(to: request.head) {
            case .accept(let response):
                finish(WebSocketStream(over: stream, as: .server, early: request.rest, response: response))
            case .refuse(let response):
                _ = unsafe response.withUnsafeBytes { bytes in
                    // It fits a socket that nothing has been written to, or the peer has gone.
                    unsafe try? stream.write([bytes])
                }
                stream.close()
                finish(nil)
            }
        }
    }

    private func finish(_ stream: (any ByteStream)?) {
        stage = nil
        let completion = self.completion
        self.completion = nil
        completion?(stream)
    }
}

/// Waits for the first byte of a stream, and leaves it there.
private final class FirstByte: ByteStreamHandler, @unchecked Sendable {
    private let stream: any PeekableByteStream
    private var waiting: (completion: @Sendable (UInt8?) -> Void, timer: LoopTimer)?

    init(of stream: any PeekableByteStream) {
        self.stream = stream
    }

    /// `completion` is called once, on the loop: with nil when the stream has been closed without one.
    func start(deadline: ContinuousClock.Instant, completion: @escaping @Sendable (UInt8?) -> Void) {
        let timer = stream.loop.schedule(at: deadline) { [self] in finish(nil) }
        waiting = (completion, timer)
        stream.activate(handler: self)
    }

    func cancel() {
        finish(nil)
    }

    func streamReadable() {
        switch Result(catching: { () throws(TransportError) in try stream.peek() }) {
        case .success(.byte(let byte)): finish(byte)
        case .success(.wouldBlock): break
        case .success(.ended), .failure: finish(nil)
        }
    }

    func streamWritable() {}

    func streamFailed(_ error: TransportError) {
        finish(nil)
    }

    private func finish(_ byte: UInt8?) {
        guard let (completion, timer) = waiting else { return }
        waiting = nil
        timer.cancel()
        if byte == nil { stream.close() } else { stream.pauseReading() }
        completion(byte)
    }
}
