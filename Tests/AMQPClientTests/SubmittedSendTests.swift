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
import AMQPEngine
import Testing

@testable import AMQPClient

@Suite(.timeLimit(.minutes(1)))
struct SubmittedSendTests {
    private func sender(
        _ script: TestServer.Script,
        options: AMQPSenderOptions = .init()
    ) async throws -> (AMQPSender, AMQPSession, TestServer) {
        let (connection, server) = try await TestServer.connect(script)
        let session = try await connection.makeSession()
        return (try await session.makeSender(to: "node", options: options), session, server)
    }

    @Test func oneTaskHasManyUnderWayInTheirOrder() async throws {
        let bodies = Recorder<UInt8>()
        let unsettled = Recorder<DeliveryBatch>()
        var script = TestServer.Script()
        script.deliveries = { server, id, batch in
            for delivery in batch { bodies.record(delivery.copiedBody[0]) }
            unsettled.record(batch)
            // Nothing is settled before all are there.
            guard bodies.values.count == 80 else { return }
            for batch in unsettled.values { server.settle(batch, of: id, as: .accepted) }
        }
        let (sender, session, _) = try await sender(script)
        var receipts: [SendReceipt] = []
        for index in 0..<80 as Range<UInt8> { receipts.append(try await sender.submit(Message(data: [index]))) }
        for receipt in receipts { #expect(try await receipt.outcome() == .accepted) }
        let areSettled = receipts.allSatisfy { $0.isSettled }
        #expect(areSettled)
        #expect(bodies.values == Array(0..<80))
        await session.connection.close()
    }

    @Test func eachHasItsOwnOutcome() async throws {
        var script = TestServer.Script()
        script.deliveries = { server, id, batch in
            // The last one first.
            for delivery in batch.reversed() {
                let state: DeliveryState = delivery.copiedBody[0] % 2 == 0 ? .accepted : .released
                server.commandNow { try $0.settle(id, DeliveryID(delivery.deliveryID), as: state) }
            }
        }
        let (sender, session, _) = try await sender(script)
        var receipts: [SendReceipt] = []
        for index in 0..<50 as Range<UInt8> { receipts.append(try await sender.submit(Message(data: [index]))) }
        for (index, receipt) in receipts.enumerated() {
            let outcome = try await receipt.outcome()
            #expect(outcome == (index % 2 == 0 ? .accepted : .released))
            // It may be asked for again.
            #expect(try await receipt.outcome() == outcome)
        }
        await session.connection.close()
    }

    @Test func moreThanMayBeUnderWayWaitForRoomInTheirOrder() async throws {
        let links = Recorder<LinkID>()
        let bodies = Recorder<UInt8>()
        var options = AMQPSenderOptions()
        options.maximumInFlight = 2
        let (sender, session, server) = try await sender(.idleNode(links, bodies), options: options)
        let isBeyond = Recorder<Int>()
        let task = Task {
            var receipts: [SendReceipt] = []
            for index in 0..<20 as Range<UInt8> {
                receipts.append(try await sender.submit(Message(data: [index])))
                isBeyond.record(receipts.count)
            }
            return receipts
        }
        // Two are under way and two wait to be sent; the fifth has to wait for room.
        _ = await isBeyond.wait(for: 4)
        #expect(isBeyond.values == [1, 2, 3, 4])
        let id = await links.wait()[0]
        server.command { try $0.setCredit(id, 1) }
        for receipt in try await task.value { #expect(try await receipt.outcome() == .accepted) }
        #expect(bodies.values == Array(0..<20))
        await session.connection.close()
    }

    @Test func aSendGoesBehindWhatWaitsForRoom() async {
        var options = AMQPSenderOptions()
        options.maximumInFlight = 1
        let messages = (0..<3).map { index in
            SendQueue.Message(delivery: OutgoingDelivery(payload: [index]), send: PendingSend())
        }
        let error: AMQPError? = await withUnsafeContinuation { continuation in
            var queue = SendQueue()
            let isFirstIn = queue.tryAppend(messages[0], options)
            let isSecondIn = queue.tryAppend(messages[1], options)
            #expect(isFirstIn)
            #expect(!isSecondIn)
            queue.append(messages[1], continuation)
            queue.append(messages[2])
            var moved: [UnsafeContinuation<AMQPError?, Never>] = []
            for message in messages {
                queue.moveUp(options, &moved)
                let next = queue.removeFirst()
                #expect(next.send === message.send)
            }
            #expect(queue.count == 0)
            #expect(moved.count == 1)
            for task in moved { task.resume(returning: nil) }
        }
        #expect(error == nil)
    }

    @Test func waitingForRoomIsCancelled() async throws {
        let links = Recorder<LinkID>()
        let bodies = Recorder<UInt8>()
        var options = AMQPSenderOptions()
        options.maximumInFlight = 1
        let (sender, session, server) = try await sender(.idleNode(links, bodies), options: options)
        // One is under way, one waits to be sent.
        let first = try await sender.submit(Message(data: [1]))
        let second = try await sender.submit(Message(data: [2]))
        let third = Task { try await sender.submit(Message(data: [3])) }
        third.cancel()
        let error = await #expect(throws: AMQPError.self) { _ = try await third.value }
        #expect(error?.code == .cancelled)
        let id = await links.wait()[0]
        server.command { try $0.setCredit(id, 10) }
        #expect(try await first.outcome() == .accepted)
        #expect(try await second.outcome() == .accepted)
        #expect(try await sender.send(Message(data: [4])) == .accepted)
        #expect(bodies.values == [1, 2, 4])
        await session.connection.close()
    }

    @Test func cancellingOneThatWaitsForAnOutcomeLeavesTheOthers() async throws {
        let links = Recorder<LinkID>()
        let bodies = Recorder<UInt8>()
        let (sender, session, server) = try await sender(.idleNode(links, bodies))
        let receipt = try await sender.submit(Message(data: [1]))
        #expect(!receipt.isSettled)
        let others = (0..<3).map { _ in Task { try await receipt.outcome() } }
        let cancelled = Task { try await receipt.outcome() }
        cancelled.cancel()
        let error = await #expect(throws: AMQPError.self) { _ = try await cancelled.value }
        #expect(error?.code == .cancelled)
        let id = await links.wait()[0]
        server.command { try $0.setCredit(id, 10) }
        for other in others { #expect(try await other.value == .accepted) }
        // The message was sent all the same.
        #expect(bodies.values == [1])
        await session.connection.close()
    }

    @Test func theEndOfTheLinkIsTheirOutcome() async throws {
        let links = Recorder<LinkID>()
        let bodies = Recorder<UInt8>()
        var options = AMQPSenderOptions()
        options.maximumInFlight = 1
        let (sender, session, server) = try await sender(.idleNode(links, bodies), options: options)
        let receipt = try await sender.submit(Message(data: [1]))
        let waiting = (0..<3).map { _ in Task { try await sender.submit(Message(data: [2])).outcome() } }
        let id = await links.wait()[0]
        server.command { try $0.detach(id, error: AMQPErrorInfo(condition: .detachForced, description: "moved")) }
        var failures = [await #expect(throws: AMQPError.self) { try await receipt.outcome() }]
        for task in waiting { failures.append(await #expect(throws: AMQPError.self) { try await task.value }) }
        failures.append(await #expect(throws: AMQPError.self) { _ = try await sender.submit(Message(data: [3])) })
        for failure in failures {
            #expect(failure?.code == .linkDetached)
            #expect(failure?.condition == .detachForced)
        }
        await session.connection.close()
    }

    @Test func whatIsSentSettledIsAcceptedWhenItIsHandedOver() async throws {
        let links = Recorder<LinkID>()
        let bodies = Recorder<UInt8>()
        let (sender, session, server) = try await sender(.idleNode(links, bodies))
        let receipt = try await sender.submit(Message(data: [1]), settled: true)
        #expect(!receipt.isSettled)
        let id = await links.wait()[0]
        server.command { try $0.setCredit(id, 10) }
        #expect(try await receipt.outcome() == .accepted)
        #expect(await bodies.wait() == [1])
        await session.connection.close()
    }
}
