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

import AMQPClient
import AMQPCodec
import AMQPDriver
import AMQPEngine
import AMQPTransport
import Synchronization

/// The engine in its server role on the other end of an in-memory stream, with a script for what the tests are about.
final class TestServer: ConnectionDriverHandler, @unchecked Sendable {
    struct Script: Sendable {
        var mechanisms: [SASLMechanism] = [.anonymous, .plain]
        var authenticate: @Sendable (SASLCredentials) -> SASLOutcome.Code = { _ in .ok }
        /// Nil accepts.
        var session: (@Sendable (TestServer, SessionID) -> Void)?
        /// Nil accepts, with credit for 100 deliveries when the client sends.
        var link: (@Sendable (TestServer, LinkID, SessionID, Attach) -> Void)?
        /// Nil accepts the deliveries and gives credit for as many again.
        var deliveries: (@Sendable (TestServer, LinkID, DeliveryBatch) -> Void)?
        var credit: (@Sendable (TestServer, LinkID, UInt32) -> Void)?
        var updated: (@Sendable (TestServer, LinkID, ClosedRange<UInt64>, DeliveryState?) -> Void)?
        var event: (@Sendable (TestServer, EngineEvent) -> Void)?
    }

    let driver: ConnectionDriver
    let script: Script
    private let ended = Mutex<(end: DriverEnd?, waiters: [CheckedContinuation<DriverEnd, Never>])>((nil, []))

    init(_ script: Script, on stream: any ByteStream) {
        self.script = script
        var configuration = EngineConfiguration(
            role: .server(mechanisms: script.mechanisms, requiresSASL: false),
            containerID: "test-server"
        )
        configuration.closeTimeout = .seconds(2)
        let slabs = SlabPool()
        driver = ConnectionDriver(
            engine: Engine(configuration: configuration, slabs: slabs, now: stream.loop.now),
            stream: stream,
            slabs: slabs
        )
        stream.loop.execute { self.driver.start(handler: self) }
    }

    /// A client connected to a server that follows `script`.
    static func connect(
        _ script: Script = Script(),
        configuration: AMQPConnectionConfiguration = AMQPConnectionConfiguration(),
        capacity: Int = 262_144,
        maximumRead: Int = .max
    ) async throws -> (AMQPConnection, TestServer) {
        let loop = EventLoopGroup.shared.next()
        let (near, far) = InMemoryStream.pair(on: loop, capacity: capacity, maximumRead: maximumRead)
        let server = TestServer(script, on: far)
        let connection = try await AMQPConnection.open(
            on: near,
            hostname: "test.example",
            configuration: configuration
        )
        return (connection, server)
    }

    /// Runs a command of the engine, from any thread.
    func command(_ body: @escaping @Sendable (inout Engine) throws -> Void) {
        driver.loop.execute { self.commandNow(body) }
    }

    /// Runs a command of the engine, on the loop.
    func commandNow(_ body: (inout Engine) throws -> Void) {
        driver.withEngine { engine in try? body(&engine) }
    }

    func vanish() {
        driver.loop.execute { self.driver.terminate() }
    }

    func waitForEnd() async -> DriverEnd {
        await withCheckedContinuation { continuation in
            let end = ended.withLock { state in
                if state.end == nil { state.waiters.append(continuation) }
                return state.end
            }
            if let end { continuation.resume(returning: end) }
        }
    }

    func handle(_ event: EngineEvent) {
        script.event?(self, event)
        switch event {
        case .authenticationRequested(let credentials):
            commandNow { $0.completeAuthentication(script.authenticate(credentials)) }
        case .sessionRequested(let id, _):
            if let session = script.session { return session(self, id) }
            commandNow { try $0.acceptSession(id) }
        case .linkRequested(let id, let session, let attach):
            if let link = script.link { return link(self, id, session, attach) }
            accept(id, attach)
        case .deliveries(let id, let batch):
            if let deliveries = script.deliveries { return deliveries(self, id, batch) }
            settle(batch, of: id, as: .accepted)
        case .creditAvailable(let id, let credit):
            script.credit?(self, id, credit)
        case .deliveryUpdated(let id, let first, let last, let state, _):
            script.updated?(self, id, first.rawValue...last.rawValue, state)
        default:
            break
        }
    }

    func terminated(_ end: DriverEnd) {
        let waiters = ended.withLock { state in
            state.end = end
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: end) }
    }

    func accept(_ id: LinkID, _ attach: Attach, credit: UInt32 = 100, maxMessageSize: UInt64? = nil) {
        var acceptance = LinkAcceptance()
        acceptance.source = attach.source
        acceptance.target = attach.target
        acceptance.maxMessageSize = maxMessageSize
        commandNow { engine in
            try engine.acceptLink(id, acceptance)
            if !id.isSender { try engine.setCredit(id, credit) }
        }
    }

    func refuse(_ id: LinkID, _ condition: ErrorCondition, _ text: String) {
        commandNow { try $0.refuseLink(id, error: AMQPErrorInfo(condition: condition, description: text)) }
    }

    func settle(_ batch: DeliveryBatch, of id: LinkID, as state: DeliveryState, credit: UInt32 = 100) {
        guard let first = batch.first, let last = batch.last else { return }
        commandNow { engine in
            try engine.settle(id, from: DeliveryID(first.deliveryID), through: DeliveryID(last.deliveryID), as: state)
            try engine.setCredit(id, credit)
        }
    }

    /// Sends whole messages on a link to the client, from the loop or outside of it.
    func send(_ messages: [Message], on id: LinkID, settled: Bool = false) {
        command { engine in
            for message in messages {
                try engine.send(id, OutgoingDelivery(payload: message.encoded(), settled: settled))
            }
        }
    }
}

extension TestServer.Script {
    /// A node that gives no credit before it is told to, and records the first byte of what comes then.
    static func idleNode(_ links: Recorder<LinkID>, _ bodies: Recorder<UInt8>) -> Self {
        var script = Self()
        script.link = { server, id, _, attach in
            server.accept(id, attach, credit: 0)
            links.record(id)
        }
        script.deliveries = { server, id, batch in
            for delivery in batch { bodies.record(delivery.copiedBody[0]) }
            server.settle(batch, of: id, as: .accepted)
        }
        return script
    }
}
