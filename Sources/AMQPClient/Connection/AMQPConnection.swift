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

public import AMQPCodec
import AMQPDriver
import AMQPEngine
package import AMQPTransport
import Logging

/// A connection to an AMQP 1.0 peer. It lives on one event loop, which is its executor.
///
/// Use ``withConnection(to:configuration:_:)``: the connection is closed in good order when the closure returns. An owner that
/// outlives a scope opens it with ``open(to:configuration:)`` and keeps ``run()`` running.
public actor AMQPConnection {
    nonisolated let core: ConnectionCore
    nonisolated let configuration: AMQPConnectionConfiguration
    /// The peer's name for itself, from its `open`.
    public nonisolated let remoteContainerID: String
    /// What the peer says about itself in its `open`.
    public nonisolated let remoteProperties: AMQPMap

    /// The connection's event loop.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { core.loop.asUnownedSerialExecutor() }

    private init(core: ConnectionCore, configuration: AMQPConnectionConfiguration, remoteOpen: Open) {
        self.core = core
        self.configuration = configuration
        remoteContainerID = remoteOpen.containerID
        remoteProperties = remoteOpen.properties ?? [:]
    }

    deinit {
        let core = self.core
        core.loop.execute { core.driver.terminate() }
    }

    /// Connects, runs `body`, and closes the connection, whatever comes of it.
    ///
    /// When the task is cancelled, waiting calls inside end with ``AMQPError/Code/cancelled``, and the connection is
    /// dropped without waiting for the peer.
    ///
    /// - Parameters:
    ///   - endpoint: where the peer listens.
    ///   - configuration: how the connection presents itself.
    ///   - body: what to do with the connection.
    /// - Returns: what `body` returns.
    /// - Throws: ``AMQPError``, or what `body` throws.
    public static func withConnection<Result>(
        to endpoint: AMQPEndpoint,
        configuration: AMQPConnectionConfiguration = AMQPConnectionConfiguration(),
        _ body: (AMQPConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await open(to: endpoint, configuration: configuration)
        do {
            let result = try await body(connection)
            await connection.close()
            return result
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Connects. Close the connection when it is not needed any more.
    ///
    /// When the task is cancelled, connecting ends with ``AMQPError/Code/cancelled``.
    ///
    /// - Parameters:
    ///   - endpoint: where the peer listens.
    ///   - configuration: how the connection presents itself.
    /// - Returns: the connection, open.
    /// - Throws: ``AMQPError``
    public static func open(
        to endpoint: AMQPEndpoint,
        configuration: AMQPConnectionConfiguration = AMQPConnectionConfiguration()
    ) async throws(AMQPError) -> AMQPConnection {
        let loop = configuration.loop ?? EventLoopGroup.shared.next()
        let start = loop.now
        let stream: any ByteStream
        do {
            stream = try await Connector.connect(
                host: endpoint.host,
                port: endpoint.port,
                tls: endpoint.tls?.configuration,
                webSocket: endpoint.webSocket(hostname: configuration.hostname),
                proxy: try configuration.proxy.server(to: endpoint),
                timeout: configuration.connectTimeout,
                on: loop
            )
        } catch {
            throw AMQPError(connecting: error)
        }
        let deadline = start.advanced(by: configuration.connectTimeout)
        return try await open(on: stream, hostname: endpoint.host, configuration: configuration, deadline: deadline)
    }

    /// Opens a connection on a stream that is connected already.
    package static func open(
        on stream: any ByteStream,
        hostname: String,
        configuration: AMQPConnectionConfiguration = AMQPConnectionConfiguration(),
        deadline: ContinuousClock.Instant? = nil
    ) async throws(AMQPError) -> AMQPConnection {
        let loop = stream.loop
        var engineConfiguration = configuration.engineConfiguration(hostname: hostname)
        let now = loop.now
        if let deadline { engineConfiguration.handshakeTimeout = max(now.duration(to: deadline), .milliseconds(1)) }
        let engine = Engine(configuration: engineConfiguration, slabs: configuration.slabs, now: now)
        let driver = ConnectionDriver(engine: engine, stream: stream, slabs: configuration.slabs)
        let core = ConnectionCore(driver: driver, logger: configuration.logger)
        loop.execute { core.start() }
        do {
            let remoteOpen = try await core.opened.value()
            return AMQPConnection(core: core, configuration: configuration, remoteOpen: remoteOpen)
        } catch {
            // Cancelled, or over already.
            loop.execute { driver.terminate() }
            throw error
        }
    }

    /// Watches over the connection until it is over; for owners that keep it longer than a scope.
    ///
    /// Returns when this side has closed it. When the task is cancelled, the connection is dropped without waiting for the peer.
    ///
    /// - Throws: ``AMQPError`` with the reason when anything else has ended the connection; ``AMQPError/Code/cancelled``.
    public func run() async throws(AMQPError) {
        let ended = Waiter<Void>()
        core.awaitEnd(ended)
        do {
            try await ended.value()
        } catch {
            core.driver.terminate()
            throw error
        }
        if let end = core.end, end.initiator != .application { throw end }
    }

    /// Begins a session, runs `body`, and ends the session, whatever comes of it.
    ///
    /// - Throws: ``AMQPError``, or what `body` throws.
    public nonisolated func withSession<Result>(_ body: (AMQPSession) async throws -> Result) async throws -> Result {
        let session = try await makeSession()
        do {
            let result = try await body(session)
            await session.end()
            return result
        } catch {
            await session.end()
            throw error
        }
    }

    /// Begins a session. End it when it is not needed any more.
    package func makeSession(incomingWindow: UInt32 = 65_536) async throws(AMQPError) -> AMQPSession {
        var options = SessionOptions()
        options.incomingWindow = incomingWindow
        let (id, began) = try core.beginSession(options)
        let remoteBegin = try await answer(of: began, "the begin of a session", scope: .session) { core in
            _ = core.endSession(id)
        }
        return AMQPSession(connection: self, id: id, remoteBegin: remoteBegin)
    }

    /// Closes the connection: what is sent already is written, links and sessions end with it. It takes
    /// ``AMQPConnectionConfiguration/closeTimeout`` at most, and no time at all in a cancelled task. Closing again does
    /// nothing.
    public func close() async {
        let closed = Waiter<Void>()
        core.close(closed)
        let limit = core.loop.now.advanced(by: configuration.closeTimeout + .seconds(3))
        let timer = core.loop.schedule(at: limit) { [core] in core.driver.terminate() }
        do {
            try await closed.value()
        } catch {
            core.driver.terminate()
        }
        timer.cancel()
    }

    /// Why the connection is not usable any more; nil while it is.
    package var end: AMQPError? { core.end ?? core.protocolEnd }

    /// Waits for the peer's answer within the operation time-out. `abandon` is called on the loop when nobody wants the
    /// answer any more.
    func answer<Value>(
        of waiter: Waiter<Value>,
        _ what: String,
        scope: AMQPError.Scope,
        abandon: @escaping @Sendable (ConnectionCore) -> Void
    ) async throws(AMQPError) -> Value {
        let deadline = core.loop.now.advanced(by: configuration.operationTimeout)
        let timer = core.loop.schedule(at: deadline) { waiter.resolve(.failure(.timedOut(what, scope: scope))) }
        defer { timer.cancel() }
        do {
            return try await waiter.value()
        } catch {
            if error.code == .timedOut || error.code == .cancelled { abandon(core) }
            throw error
        }
    }
}
