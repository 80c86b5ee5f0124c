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
import Testing

@Suite(.timeLimit(.minutes(1)))
struct AMQPSenderTests {
    private func sender(
        _ script: TestServer.Script = .init(),
        options: AMQPSenderOptions = .init()
    ) async throws -> (AMQPSender, AMQPSession, TestServer) {
        let (connection, server) = try await TestServer.connect(script)
        let session = try await connection.makeSession()
        return (try await session.makeSender(to: "node", options: options), session, server)
    }

    private static let rejection = AMQPErrorInfo(condition: .internalError, description: "no")

    @Test(arguments: [
        (DeliveryState.accepted, Outcome.accepted),
        (.rejected(rejection), .rejected(rejection)),
        (.rejected(nil), .rejected(nil)),
        (.released, .released),
        (
            .modified(.init(deliveryFailed: true, undeliverableHere: false, messageAnnotations: nil)),
            .modified(.init(deliveryFailed: true, undeliverableHere: false, messageAnnotations: nil))
        ),
    ])
    func outcomes(state: DeliveryState, outcome: Outcome) async throws {
        var script = TestServer.Script()
        script.deliveries = { server, id, batch in server.settle(batch, of: id, as: state) }
        let (sender, session, _) = try await sender(script)
        #expect(try await sender.send(Message(data: [7])) == outcome)
        await session.connection.close()
    }

    @Test func manySendsAreUnderWayAtOnce() async throws {
        let bodies = Recorder<UInt8>()
        var script = TestServer.Script()
        script.deliveries = { server, id, batch in
            for delivery in batch { bodies.record(delivery.copiedBody[0]) }
            server.settle(batch, of: id, as: .accepted, credit: 37)
        }
        let (sender, session, _) = try await sender(script)
        let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
            for index in 0..<1_000 {
                group.addTask { try await sender.send(Message(data: [UInt8(truncatingIfNeeded: index)])) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count == 1_000)
        #expect(outcomes.allSatisfy { $0 == .accepted })
        #expect(bodies.values.count == 1_000)
        await session.connection.close()
    }

    @Test func sendsOfOneTaskKeepTheirOrder() async throws {
        let bodies = Recorder<UInt8>()
        var script = TestServer.Script()
        script.deliveries = { server, id, batch in
            for delivery in batch { bodies.record(delivery.copiedBody[0]) }
            server.settle(batch, of: id, as: .accepted)
        }
        let (sender, session, _) = try await sender(script)
        for index in 0..<100 { try await sender.send(Message(data: [UInt8(index)]), settled: index % 3 == 0) }
        #expect(await bodies.wait(for: 100) == (0..<100).map { UInt8($0) })
        await session.connection.close()
    }

    @Test(arguments: [0, 1, 65_400, 65_536, 4 * 1024 * 1024]) func sizes(size: Int) async throws {
        let received = Recorder<[UInt8]>()
        var script = TestServer.Script()
        script.deliveries = { server, id, batch in
            for delivery in batch { received.record(delivery.copiedBody) }
            server.settle(batch, of: id, as: .accepted)
        }
        let (sender, session, _) = try await sender(script)
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(try await sender.send(Message(data: body)) == .accepted)
        let isWhole = received.values == [body]
        #expect(isWhole)
        await session.connection.close()
    }

    @Test func theLinkIsRefused() async throws {
        var script = TestServer.Script()
        script.link = { server, id, _, _ in server.refuse(id, .notFound, "no such node") }
        let (connection, _) = try await TestServer.connect(script)
        let session = try await connection.makeSession()
        let error = await #expect(throws: AMQPError.self) { _ = try await session.makeSender(to: "nowhere") }
        #expect(error?.code == .linkRefused)
        #expect(error?.scope == .link)
        #expect(error?.initiator == .remote)
        #expect(error?.condition == .notFound)
        #expect(error?.message == "no such node")
        await connection.close()
    }

    @Test func theSessionIsEndedInPlaceOfAnAttach() async throws {
        // What RabbitMQ does when a queue is missing.
        var script = TestServer.Script()
        script.link = { server, _, session, _ in
            let error = AMQPErrorInfo(condition: .notFound, description: "no queue 'nowhere'")
            server.commandNow { try $0.endSession(session, error: error) }
        }
        let (connection, _) = try await TestServer.connect(script)
        let session = try await connection.makeSession()
        let error = await #expect(throws: AMQPError.self) { _ = try await session.makeSender(to: "nowhere") }
        #expect(error?.code == .sessionEnded)
        #expect(error?.scope == .session)
        #expect(error?.condition == .notFound)
        let later = await #expect(throws: AMQPError.self) { _ = try await session.makeSender(to: "elsewhere") }
        #expect(later?.code == .sessionEnded)
        // The connection goes on.
        _ = try await connection.makeSession()
        await connection.close()
    }

    @Test func theAttachIsNeverAnswered() async throws {
        var script = TestServer.Script()
        script.link = { _, _, _, _ in }
        var configuration = AMQPConnectionConfiguration()
        configuration.operationTimeout = .milliseconds(100)
        let (connection, _) = try await TestServer.connect(script, configuration: configuration)
        let session = try await connection.makeSession()
        let error = await #expect(throws: AMQPError.self) { _ = try await session.makeSender(to: "node") }
        #expect(error?.code == .timedOut)
        #expect(error?.scope == .link)
        await connection.close()
    }

    @Test func aMessageIsTooLarge() async throws {
        var script = TestServer.Script()
        script.link = { server, id, _, attach in server.accept(id, attach, maxMessageSize: 100) }
        let (sender, session, _) = try await sender(script)
        #expect(sender.maxMessageSize == 100)
        let error = await #expect(throws: AMQPError.self) {
            try await sender.send(Message(data: [UInt8](repeating: 0, count: 101)))
        }
        #expect(error?.code == .messageTooLarge)
        #expect(error?.scope == .delivery)
        // The link goes on.
        #expect(try await sender.send(Message(data: [1])) == .accepted)
        await session.connection.close()
    }

    @Test func theLinkIsDetachedWhileSendsAreUnderWay() async throws {
        let links = Recorder<LinkID>()
        var script = TestServer.Script()
        script.deliveries = { _, id, batch in for _ in batch { links.record(id) } }
        let (sender, session, server) = try await sender(script)
        let sends = (0..<3).map { index in Task { try await sender.send(Message(data: [index])) } }
        let id = await links.wait(for: 3)[0]
        server.command { try $0.detach(id, error: AMQPErrorInfo(condition: .detachForced, description: "moved")) }
        for send in sends {
            let error = await #expect(throws: AMQPError.self) { try await send.value }
            #expect(error?.code == .linkDetached)
            #expect(error?.condition == .detachForced)
        }
        let later = await #expect(throws: AMQPError.self) { try await sender.send(Message(data: [1])) }
        #expect(later?.condition == .detachForced)
        await sender.close()
        await session.connection.close()
    }

    @Test func closingFailsTheSendsThatWait() async throws {
        var script = TestServer.Script()
        script.link = { server, id, _, attach in server.accept(id, attach, credit: 0) }
        let (sender, session, _) = try await sender(script)
        let sends = (0..<3).map { index in Task { try await sender.send(Message(data: [index]), settled: index == 1) } }
        await Task.yield()
        await sender.close()
        for send in sends {
            let error = await #expect(throws: AMQPError.self) { try await send.value }
            #expect(error?.code == .linkDetached)
            #expect(error?.initiator == .application)
        }
        await session.connection.close()
    }

    @Test func waitingForCreditIsCancelled() async throws {
        let links = Recorder<LinkID>()
        let bodies = Recorder<UInt8>()
        var options = AMQPSenderOptions()
        options.maximumInFlight = 1
        let (sender, session, server) = try await sender(.idleNode(links, bodies), options: options)
        let first = Task { try await sender.send(Message(data: [1])) }
        let second = Task { try await sender.send(Message(data: [2])) }
        await Task.yield()
        first.cancel()
        second.cancel()
        for send in [first, second] {
            let error = await #expect(throws: AMQPError.self) { try await send.value }
            #expect(error?.code == .cancelled)
        }
        let id = await links.wait()[0]
        server.command { try $0.setCredit(id, 10) }
        #expect(try await sender.send(Message(data: [3])) == .accepted)
        #expect(bodies.values.last == 3)
        #expect(!bodies.values.contains(2) || !bodies.values.contains(1))
        await session.connection.close()
    }

    @Test func whatIsGivenUpBeforeThereIsCreditIsNotSent() async throws {
        let links = Recorder<LinkID>()
        let bodies = Recorder<UInt8>()
        var options = AMQPSenderOptions()
        options.maximumInFlight = 1
        let (sender, session, server) = try await sender(.idleNode(links, bodies), options: options)
        // The first fills the link; the second stays in the queue, and is given up there.
        let first = try await sender.submit(Message(data: [1]))
        let error = await #expect(throws: AMQPError.self) {
            try await sender.send(encoded: Message(data: [2]).encoded()) { giveUp in giveUp() }
        }
        #expect(error?.code == .timedOut)
        #expect(error?.scope == .delivery)
        let id = await links.wait()[0]
        server.command { try $0.setCredit(id, 10) }
        #expect(try await first.outcome() == .accepted)
        #expect(try await sender.send(Message(data: [3])) == .accepted)
        #expect(bodies.values == [1, 3])
        await session.connection.close()
    }

    @Test func thePeerVanishesInTheMiddleOfATransfer() async throws {
        var script = TestServer.Script()
        script.event = { server, event in
            if case .linkRequested = event {
                server.driver.loop.schedule(at: .now + .milliseconds(30)) { server.vanish() }
            }
        }
        script.link = { server, id, _, attach in server.accept(id, attach, credit: 1) }
        let (connection, _) = try await TestServer.connect(script, capacity: 1_000)
        let sender = try await connection.makeSession().makeSender(to: "node")
        let error = await #expect(throws: AMQPError.self) {
            try await sender.send(Message(data: [UInt8](repeating: 1, count: 64 * 1024 * 1024)))
        }
        #expect(error?.code == .connectionLost)
        await connection.close()
    }

    @Test func whatIsUnderWayIsBounded() async throws {
        let counts = Recorder<Int>()
        var script = TestServer.Script()
        script.deliveries = { server, id, batch in
            counts.record(batch.count)
            server.settle(batch, of: id, as: .accepted, credit: 1_000)
        }
        script.link = { server, id, _, attach in server.accept(id, attach, credit: 1_000) }
        var options = AMQPSenderOptions()
        options.maximumInFlight = 10
        let (sender, session, _) = try await sender(script, options: options)
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            for _ in 0..<200 { group.addTask { try await sender.send(Message(data: [1])) } }
            try await group.waitForAll()
        }
        #expect(counts.values.reduce(0, +) == 200)
        #expect(counts.values.allSatisfy { $0 <= 10 })
        await session.connection.close()
    }

    @Test func moreThanMayWaitIsRefused() async throws {
        var script = TestServer.Script()
        script.link = { server, id, _, attach in server.accept(id, attach, credit: 0) }
        var options = AMQPSenderOptions()
        options.maximumInFlight = 1
        options.maximumWaiting = 2
        let (sender, session, _) = try await sender(script, options: options)
        let errors = await withTaskGroup(of: AMQPError?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do throws(AMQPError) {
                        try await sender.send(Message(data: [1]))
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            // Those that were refused end by themselves.
            let first = await group.next()
            await sender.close()
            return await group.reduce(into: [first ?? nil]) { $0.append($1) }
        }
        #expect(errors.contains { $0?.code == .limitReached })
        #expect(errors.contains { $0?.code == .linkDetached })
        await session.connection.close()
    }
}
