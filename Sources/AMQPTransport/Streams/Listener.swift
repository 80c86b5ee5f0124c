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

/// Accepts connections, plain or TLS, with or without WebSockets in them, and hands them out ready for use. What changes is
/// confined to its loop.
package final class Listener: ReadinessHandler, @unchecked Sendable {
    /// Limits on what strangers may occupy before they have proved anything.
    package struct Limits: Sendable {
        /// Accepting waits while so many handshakes are under way.
        package var pendingHandshakes = 256
        /// A handshake that takes longer is given up.
        package var handshakeTimeout = Duration.seconds(10)

        package init() {}
    }

    /// How many connections are accepted before other sockets get their turn.
    private static let acceptsPerEvent = 64

    package let loop: EventLoop
    /// The port that the listener is bound to.
    package let localPort: Int

    private let group: EventLoopGroup?
    private let context: TLSContext?
    private let webSockets: WebSocketService?
    private let limits: Limits

    // Confined to the loop.
    private var descriptor: FileDescriptor
    private var watch: DescriptorWatch
    private var accepting: (@Sendable (any ByteStream) -> Void)?
    private var pendingHandshakes: [ObjectIdentifier: IncomingLayers] = [:]
    private var pause: LoopTimer?

    private init(
        owning descriptor: consuming FileDescriptor,
        localPort: Int,
        context: TLSContext?,
        webSockets: WebSocketService?,
        limits: Limits,
        loop: EventLoop,
        group: EventLoopGroup?
    ) {
        self.descriptor = descriptor
        self.localPort = localPort
        self.context = context
        self.webSockets = webSockets
        self.limits = limits
        self.loop = loop
        self.group = group
        watch = DescriptorWatch(loop: loop)
    }

    /// Binds to `host` and `port` (0 for any free one). Connections are dealt out to `distributingTo`, or stay on `loop`.
    /// With `webSockets`, clients may open a WebSocket on the same port, and others speak without one as before.
    package static func bind(
        host: String,
        port: Int,
        tls: TLSConfiguration? = nil,
        webSockets: WebSocketService? = nil,
        limits: Limits = Limits(),
        on loop: EventLoop,
        distributingTo group: EventLoopGroup? = nil
    ) async throws(TransportError) -> Listener {
        do throws(TransportError) {
            let context = try tls.map { configuration throws(TransportError) in
                try TLSContext(configuration, role: .server)
            }
            let answer = await withCheckedContinuation { continuation in
                Resolver.shared.resolve(host: host, port: port) { continuation.resume(returning: $0) }
            }
            var failure: TransportError?
            for address in try answer.get() {
                do throws(TransportError) {
                    let descriptor = try Socket.make(family: address.family)
                    try Socket.bind(descriptor.rawValue, to: address)
                    let localPort = SocketAddress.local(of: descriptor.rawValue)?.port ?? port
                    return Listener(
                        owning: descriptor,
                        localPort: localPort,
                        context: context,
                        webSockets: webSockets,
                        limits: limits,
                        loop: loop,
                        group: group
                    )
                } catch {
                    failure = error
                }
            }
            throw failure ?? TransportError(code: .unreachable, operation: .bind, reason: "no address")
        } catch {
            var error = error
            if error.operation == .connect { error.operation = .bind }
            throw error.at(host: host, port: port)
        }
    }

    /// Starts accepting. `accepting` is called on the loop of each stream, which is open and not yet active.
    package func start(accepting: @escaping @Sendable (any ByteStream) -> Void) {
        loop.execute { [self] in
            guard descriptor.isOpen else { return }
            self.accepting = accepting
            updateWatch()
        }
    }

    /// Stops accepting and gives up pending handshakes; streams that were handed out live on.
    package func close() async {
        await withCheckedContinuation { continuation in
            loop.execute { [self] in
                closeOnLoop()
                continuation.resume()
            }
        }
    }

    package func isReady(_ readiness: Readiness) {
        for _ in 0..<Self.acceptsPerEvent {
            guard descriptor.isOpen, !isFull else { return }
            switch Socket.accept(descriptor.rawValue) {
            case .success(let accepted?):
                admit(accepted)
            case .success(nil):
                return
            case .failure:
                // Descriptors or memory have run out: others may give some back.
                watch.stop()
                pause = loop.schedule(at: loop.now.advanced(by: .milliseconds(100))) { [self] in
                    pause = nil
                    updateWatch()
                }
                return
            }
        }
    }

    private var isFull: Bool { pendingHandshakes.count >= limits.pendingHandshakes }

    private func admit(_ number: Int32) {
        Socket.setStreamOptions(number)
        let peer = SocketAddress.peer(of: number).map { "\($0)" } ?? "unknown"
        let target = group?.next() ?? loop
        let descriptor = FileDescriptor(owning: number)
        guard context != nil || webSockets != nil else {
            let stream = TCPStream(owning: descriptor, peer: peer, loop: target)
            let accepting = self.accepting
            if target === loop {
                accepting?(stream)
            } else {
                target.execute { accepting?(stream) }
            }
            return
        }
        let layers = IncomingLayers(
            owning: descriptor,
            peer: peer,
            tls: context,
            webSockets: webSockets,
            deadline: loop.now.advanced(by: limits.handshakeTimeout),
            loop: target
        )
        pendingHandshakes[ObjectIdentifier(layers)] = layers
        updateWatch()
        target.execute { [self, accepting] in
            layers.build { [self] stream in
                if let stream { accepting?(stream) }
                loop.execute { [self] in
                    pendingHandshakes[ObjectIdentifier(layers)] = nil
                    updateWatch()
                }
            }
        }
    }

    private func updateWatch() {
        guard descriptor.isOpen, accepting != nil, pause == nil else { return }
        try? watch.set(isFull ? [] : [.readable], of: descriptor.rawValue, handler: self)
    }

    private func closeOnLoop() {
        guard descriptor.isOpen else { return }
        pause?.cancel()
        watch.stop()
        descriptor.close()
        accepting = nil
        for layers in pendingHandshakes.values { layers.loop.execute { layers.cancel() } }
    }
}
