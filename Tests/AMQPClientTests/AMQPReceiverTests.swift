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
import AMQPEngine
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct AMQPReceiverTests {
    private struct Fixture {
        let receiver: AMQPReceiver
        let connection: AMQPConnection
        let server: TestServer
        let link: LinkID
        let credits: Recorder<UInt32>
        let updates: Recorder<(ClosedRange<UInt64>, DeliveryState?)>
    }

    private func fixture(
        _ options: AMQPReceiverOptions = .init(),
        _ script: TestServer.Script = .init()
    ) async throws -> Fixture {
        let links = Recorder<LinkID>()
        let credits = Recorder<UInt32>()
        let updates = Recorder<(ClosedRange<UInt64>, DeliveryState?)>()
        var script = script
        script.link = { server, id, _, attach in
            server.accept(id, attach)
            links.record(id)
        }
        script.credit = { _, _, credit in credits.record(credit) }
        script.updated = { _, _, range, state in updates.record((range, state)) }
        let (connection, server) = try await TestServer.connect(script)
        let receiver = try await connection.makeSession().makeReceiver(from: "node", options: options)
        return Fixture(
            receiver: receiver,
            connection: connection,
            server: server,
            link: await links.wait()[0],
            credits: credits,
            updates: updates
        )
    }

    private func messages(_ range: Range<Int>) -> [Message] {
        range.map { Message(data: [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]) }
    }

    private func numbers(_ batch: DeliveryBatch?) -> [Int] {
        batch?.map { Int($0.copiedBody[0]) | Int($0.copiedBody[1]) << 8 } ?? []
    }

    @Test func messagesComeInOrder() async throws {
        let fixture = try await fixture()
        fixture.server.send(messages(0..<500), on: fixture.link)
        var seen: [Int] = []
        while seen.count < 500 { seen += numbers(try await fixture.receiver.nextBatch()) }
        #expect(seen == Array(0..<500))
        await fixture.connection.close()
    }

    @Test func creditFollowsConsumption() async throws {
        var options = AMQPReceiverOptions()
        options.credit = .window(10)
        let fixture = try await fixture(options)
        #expect(await fixture.credits.wait()[0] == 10)
        fixture.server.send(messages(0..<100), on: fixture.link, settled: true)
        var seen: [Int] = []
        while seen.count < 100 {
            let batch = try await fixture.receiver.nextBatch()
            #expect((batch?.count ?? 0) <= 10)
            seen += numbers(batch)
        }
        #expect(seen == Array(0..<100))
        await fixture.connection.close()
    }

    @Test func nothingComesBeyondTheWindowUnlessItIsConsumed() async throws {
        var options = AMQPReceiverOptions()
        options.credit = .window(8)
        let fixture = try await fixture(options)
        fixture.server.send(messages(0..<100), on: fixture.link, settled: true)
        var first: [Int] = []
        while first.count < 8 {
            guard case .batch(let batch) = try await fixture.receiver.nextBatch(maximumCount: 1) else { break }
            first += numbers(batch)
            if first.count == 1 { break }
        }
        #expect(first == [0])
        // One is in our hands, seven wait; the eight are all that has come.
        guard case .batch(let rest) = try await fixture.receiver.nextBatch(maximumCount: 100) else {
            Issue.record("no batch")
            return
        }
        #expect(rest.count <= 7)
        await fixture.connection.close()
    }

    @Test func largeMessagesNarrowTheWindow() async throws {
        var options = AMQPReceiverOptions()
        options.credit = .window(1_000)
        options.maximumBufferedBytes = 1_000_000
        let fixture = try await fixture(options)
        let body = [UInt8](repeating: 3, count: 400_000)
        fixture.server.send((0..<40).map { _ in Message(data: body) }, on: fixture.link, settled: true)
        var count = 0
        while count < 40 {
            let batch = try await fixture.receiver.nextBatch()
            #expect(batch?.allSatisfy { $0.payloadLength > 400_000 } == true)
            count += batch?.count ?? 100
        }
        #expect(count == 40)
        await fixture.connection.close()
    }

    @Test func manualCredit() async throws {
        var options = AMQPReceiverOptions()
        options.credit = .manual
        let fixture = try await fixture(options)
        fixture.server.send(messages(0..<10), on: fixture.link, settled: true)
        let early = try await fixture.receiver.nextBatch(maximumCount: 10, maximumWait: .milliseconds(50))
        guard case .nothing = early else {
            Issue.record("a message came without credit")
            return
        }
        fixture.receiver.grant(3)
        var seen: [Int] = []
        while seen.count < 3 { seen += numbers(try await fixture.receiver.nextBatch()) }
        #expect(seen == [0, 1, 2])
        await fixture.connection.close()
    }

    @Test func drainingTakesTheCreditBack() async throws {
        var options = AMQPReceiverOptions()
        options.credit = .manual
        let fixture = try await fixture(options)
        fixture.receiver.grant(100)
        #expect(await fixture.credits.wait().last == 100)
        fixture.server.send(messages(0..<4), on: fixture.link, settled: true)
        try await fixture.receiver.drain()
        #expect(numbers(try await fixture.receiver.nextBatch()).isEmpty == false)
        fixture.server.send(messages(4..<5), on: fixture.link, settled: true)
        let after = try await fixture.receiver.nextBatch(maximumCount: 10, maximumWait: .milliseconds(50))
        if case .batch(let batch) = after { #expect(!numbers(batch).contains(4)) }
        await fixture.connection.close()
    }

    @Test func aBatchIsGivenOutInParts() async throws {
        let fixture = try await fixture()
        fixture.server.send(messages(0..<50), on: fixture.link, settled: true)
        var seen: [Int] = []
        while seen.count < 50 {
            guard case .batch(let batch) = try await fixture.receiver.nextBatch(maximumCount: 7) else { break }
            #expect(batch.count <= 7)
            seen += numbers(batch)
        }
        #expect(seen == Array(0..<50))
        await fixture.connection.close()
    }

    @Test func deliveriesOneByOne() async throws {
        let fixture = try await fixture()
        fixture.server.send(messages(0..<20), on: fixture.link, settled: true)
        var seen: [Int] = []
        for try await delivery in fixture.receiver.deliveries {
            seen.append(Int(delivery.copiedBody[0]))
            if seen.count == 20 { break }
        }
        #expect(seen == Array(0..<20))
        await fixture.connection.close()
    }

    @Test func settlementsGoOutInRanges() async throws {
        let fixture = try await fixture()
        fixture.server.send(messages(0..<300), on: fixture.link)
        var count = 0
        while count < 300 {
            guard let batch = try await fixture.receiver.nextBatch() else { break }
            count += batch.count
            try fixture.receiver.settle(batch, as: .accepted)
        }
        var settled: [UInt64] = []
        var frames = 0
        while settled.count < 300 {
            frames += 1
            settled = await fixture.updates.wait(for: frames).flatMap { Array($0.0) }
        }
        let first = try #require(settled.min())
        #expect(settled.sorted() == Array(first..<(first + 300)))
        #expect(frames <= 30)
        #expect(fixture.updates.values.allSatisfy { $0.1 == .accepted })
        await fixture.connection.close()
    }

    @Test func eachOutcomeReachesTheSender() async throws {
        let fixture = try await fixture()
        fixture.server.send(messages(0..<3), on: fixture.link)
        var deliveries: [Delivery] = []
        while deliveries.count < 3 { deliveries += Array(try await fixture.receiver.nextBatch().map(Array.init) ?? []) }
        try fixture.receiver.settle(deliveries[2], as: .released)
        try fixture.receiver.settle(deliveries[0], as: .rejected(nil))
        try fixture.receiver.settle(deliveries[1], as: .accepted)
        let states = await fixture.updates.wait(for: 3).sorted { $0.0.lowerBound < $1.0.lowerBound }.map(\.1)
        #expect(states == [.rejected(nil), .accepted, .released])
        await fixture.connection.close()
    }

    @Test func waitingIsCancelledAndNothingIsLost() async throws {
        let fixture = try await fixture()
        for round in 0..<50 {
            let wait = Task { try await fixture.receiver.nextBatch() }
            if round % 2 == 0 { await Task.yield() }
            fixture.server.send(messages(round..<(round + 1)), on: fixture.link, settled: true)
            wait.cancel()
            var seen: [Int]
            do {
                seen = numbers(try await wait.value)
            } catch {
                #expect((error as? AMQPError)?.code == .cancelled)
                seen = numbers(try await fixture.receiver.nextBatch())
            }
            #expect(seen == [round])
        }
        await fixture.connection.close()
    }

    @Test func nothingInTheTimeGiven() async throws {
        let fixture = try await fixture()
        let start = ContinuousClock.now
        let reception = try await fixture.receiver.nextBatch(maximumCount: 1, maximumWait: .milliseconds(30))
        guard case .nothing = reception else {
            Issue.record("\(reception)")
            return
        }
        #expect(ContinuousClock.now - start >= .milliseconds(30))
        fixture.server.send(messages(0..<1), on: fixture.link, settled: true)
        #expect(numbers(try await fixture.receiver.nextBatch()) == [0])
        await fixture.connection.close()
    }

    @Test func theLinkIsDetachedWithAnError() async throws {
        let fixture = try await fixture()
        let wait = Task { try await fixture.receiver.nextBatch() }
        let link = fixture.link
        fixture.server.command {
            try $0.detach(link, error: AMQPErrorInfo(condition: .linkStolen, description: "stolen"))
        }
        let error = await #expect(throws: AMQPError.self) { _ = try await wait.value }
        #expect(error?.code == .linkDetached)
        #expect(error?.condition == .linkStolen)
        let later = await #expect(throws: AMQPError.self) { _ = try await fixture.receiver.nextBatch() }
        #expect(later?.condition == .linkStolen)
        await fixture.receiver.close()
        await fixture.connection.close()
    }

    @Test func whatCameBeforeTheEndIsStillGivenOut() async throws {
        let fixture = try await fixture()
        let link = fixture.link
        fixture.server.send(messages(0..<5), on: link, settled: true)
        fixture.server.command { try $0.detach(link) }
        var seen: [Int] = []
        while let batch = try await fixture.receiver.nextBatch() { seen += numbers(batch) }
        #expect(seen == Array(0..<5))
        await fixture.connection.close()
    }

    @Test func closingEndsTheWait() async throws {
        let fixture = try await fixture()
        fixture.server.send(messages(0..<1), on: fixture.link)
        let batch = try #require(try await fixture.receiver.nextBatch())
        let wait = Task { try await fixture.receiver.nextBatch() == nil }
        await Task.yield()
        await fixture.receiver.close()
        #expect(try await wait.value)
        let error = #expect(throws: AMQPError.self) { try fixture.receiver.settle(batch, as: .accepted) }
        #expect(error?.code == .linkDetached)
        await fixture.connection.close()
    }

    @Test(arguments: [1, 65_400, 4 * 1024 * 1024]) func sizes(size: Int) async throws {
        let fixture = try await fixture()
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 11) }
        fixture.server.send([Message(data: body)], on: fixture.link)
        let batch = try await fixture.receiver.nextBatch()
        let isWhole = batch?.first?.copiedBody == body
        #expect(isWhole)
        await fixture.connection.close()
    }
}
