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

import AMQPEngine
import AMQPTransport
import FlyingFox
import FlyingSocks
import Logging
import Synchronization

/// The two listening ports of a running emulator, and what runs behind them.
final class EmulatorServer: Sendable {
    let amqpPort: Int
    let httpPort: Int
    private let broker: Broker
    private let loops: EventLoopGroup
    private let listener: Listener
    private let httpTask: Task<Void, Never>

    private init(
        broker: Broker,
        loops: EventLoopGroup,
        listener: Listener,
        httpTask: Task<Void, Never>,
        httpPort: Int
    ) {
        self.broker = broker
        self.loops = loops
        self.listener = listener
        self.httpTask = httpTask
        self.httpPort = httpPort
        amqpPort = listener.localPort
    }

    /// Opens both ports and serves from then on.
    static func start(_ contents: EmulatorContents) async throws(EmulatorError) -> EmulatorServer {
        let broker = contents.broker
        let configuration = broker.configuration
        let loops: EventLoopGroup
        let listener: Listener
        do throws(TransportError) {
            loops = try EventLoopGroup(count: 1)
        } catch {
            throw EmulatorError(.startFailed, "cannot start an event loop: \(error)")
        }
        do throws(TransportError) {
            listener = try await Listener.bind(
                host: configuration.host,
                port: configuration.amqpPort,
                tls: configuration.tls.map { tls in
                    .server(certificateChainFile: tls.certificateChainFile, privateKeyFile: tls.privateKeyFile)
                },
                webSockets: WebSocketService(
                    paths: ["/$servicebus/websocket"],
                    subprotocols: ["AMQPWSB10", "amqp"]
                ),
                on: loops.next()
            )
        } catch {
            await loops.shutdown()
            throw EmulatorError(
                .startFailed,
                "cannot serve AMQP on \(configuration.host):\(configuration.amqpPort): \(error)"
            )
        }
        let slabs = SlabPool()
        listener.start { stream in
            ServerConnection(stream: stream, broker: broker, slabs: slabs).start()
        }
        do {
            let (task, port) = try await startHTTP(
                configuration,
                HTTPFrontEnd(
                    blobs: contents.blobs,
                    atom: AtomService(broker: broker, administrator: contents.administrator),
                    posts: EventPostService(broker),
                    faults: broker.faults
                )
            )
            return EmulatorServer(
                broker: broker,
                loops: loops,
                listener: listener,
                httpTask: task,
                httpPort: port
            )
        } catch {
            await listener.close()
            await loops.shutdown()
            throw EmulatorError(
                .startFailed,
                "cannot serve HTTP on \(configuration.host):\(configuration.httpPort): \(error)"
            )
        }
    }

    private static func startHTTP(
        _ configuration: EmulatorConfiguration,
        _ handler: HTTPFrontEnd
    ) async throws -> (Task<Void, Never>, Int) {
        let server = try HTTPFrontEnd.makeServer(
            host: configuration.host,
            port: UInt16(configuration.httpPort),
            handler: handler
        )
        let failure = Mutex<(any Error)?>(nil)
        let run = Task {
            do {
                try await server.run()
            } catch {
                failure.withLock { $0 = error }
            }
        }
        // A server that cannot bind never listens: its error comes first.
        while await !server.isListening {
            if let error = failure.withLock({ $0 }) { throw error }
            try await Task.sleep(for: .milliseconds(1))
        }
        switch await server.listeningAddress {
        case .ip4(_, let port), .ip6(_, let port): return (run, Int(port))
        case .unix, nil: throw SocketError.disconnected
        }
    }

    /// Returns when the task is cancelled.
    func waitForCancellation() async {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        await withTaskCancellationHandler {
            for await _ in stream {}
        } onCancel: {
            continuation.finish()
        }
    }

    /// Closes all connections and both ports.
    func stop() async {
        await listener.close()
        await withDiscardingTaskGroup { group in
            for connection in broker.allConnections { group.addTask { await connection.close() } }
        }
        // Not by the server's own `stop()`: it closes the socket under the task that accepts connections, which then might wait in
        // `accept`, and its thread with it, for those of a socket that has got the same descriptor since.
        httpTask.cancel()
        await httpTask.value
        await loops.shutdown()
    }
}
