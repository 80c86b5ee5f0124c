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

import EventHubs
import Synchronization
import Testing

@Suite("Receiving a partition")
struct PartitionReceiverTests {
    /// Hands out scripted links and notes where they were asked to begin.
    final class Service: Sendable {
        enum Answer: Sendable {
            case link(ScriptedLink)
            case fail(EventHubsError)
        }

        let positions = Mutex<[EventPosition]>([])
        private let answers: Mutex<[Answer]>

        init(_ answers: Answer...) { self.answers = Mutex(answers) }

        var attach: PartitionReceiver.Attach {
            { position throws(EventHubsError) in
                self.positions.withLock { $0.append(position) }
                switch self.answers.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
                case .link(let link): return link
                case .fail(let error): throw error
                case nil: throw EventHubsError(.notFound, "the script is over")
                }
            }
        }
    }

    private let lost = EventHubsError(.linkDetached, "idle", retryAdvice: .later, recoveryScope: .link)

    private func makeReceiver(
        _ link: ScriptedLink,
        _ service: Service = Service(),
        time: TestTime = TestTime(),
        policy: RetryPolicy = RetryPolicy(jitter: 0)
    ) -> PartitionReceiver {
        PartitionReceiver(
            partitionID: "3",
            eventHub: "hub1",
            link: link,
            position: .earliest,
            recovery: LinkRecovery(policy, environment: time.environment),
            attach: service.attach
        )
    }

    @Test("Tells what its link holds, and nothing once it is closed")
    func bufferedBytes() async {
        let receiver = makeReceiver(ScriptedLink())
        #expect(receiver.bufferedBytes == 1_234)
        await receiver.close()
        #expect(receiver.bufferedBytes == 0)
    }

    @Test("After a loss the link is attached again behind the last event, with back-off")
    func recovery() async throws {
        let time = TestTime()
        let second = ScriptedLink(.fail(lost))
        let third = ScriptedLink(.events(3...4))
        let service = Service(.link(second), .fail(lost), .link(third))
        let receiver = makeReceiver(ScriptedLink(.events(1...2), .fail(lost)), service, time: time)
        #expect(try await receiver.nextBatch()?.map(\.sequenceNumber) == [1, 2])
        async let next = receiver.nextBatch()
        for (count, delay) in [(1, 800), (2, 1600), (3, 3200)] {
            await time.waitUntilSlept(count)
            time.advance(by: .milliseconds(delay))
        }
        #expect(try await next?.map(\.sequenceNumber) == [3, 4])
        #expect(service.positions.withLock { $0 } == [.offset("20"), .offset("20"), .offset("20")])
        #expect(time.slept == [.milliseconds(800), .milliseconds(1600), .milliseconds(3200)])
        #expect(receiver.position == .offset("40"))
        await receiver.close()
    }

    @Test("Events start the count of failures anew")
    func resetByEvents() async throws {
        let time = TestTime()
        let links = (0..<5).map { ScriptedLink(.events(Int64($0)...Int64($0)), .fail(lost)) }
        let service = Service(.link(links[1]), .link(links[2]), .link(links[3]), .link(links[4]))
        let receiver = makeReceiver(links[0], service, time: time, policy: RetryPolicy(maximumRetries: 1, jitter: 0))
        for number in 0..<5 {
            if number > 0 {
                async let next = receiver.nextBatch()
                await time.waitUntilSlept(number)
                time.advance(by: .seconds(1))
                #expect(try await next?.first?.sequenceNumber == Int64(number))
            } else {
                #expect(try await receiver.nextBatch()?.first?.sequenceNumber == 0)
            }
        }
        #expect(time.slept == Array(repeating: .milliseconds(800), count: 4))
        await receiver.close()
    }

    @Test("When the policy says stop, the last error is thrown, now and ever after")
    func givingUp() async throws {
        let receiver = makeReceiver(ScriptedLink(.fail(lost)), policy: .none)
        for _ in 0..<2 {
            do {
                _ = try await receiver.nextBatch()
                Issue.record("no error")
            } catch {
                #expect(error.code == .linkDetached)
                #expect(error.eventHub == "hub1")
                #expect(error.partition == "3")
            }
        }
        await receiver.close()
        #expect(try await receiver.nextBatch() == nil)
    }

    @Test("A stolen partition is lost at once")
    func stolen() async {
        let time = TestTime()
        let info = AMQPErrorInfo(condition: .linkStolen, description: "New receiver 'b' with higher epoch")
        let receiver = makeReceiver(ScriptedLink(.fail(ErrorMapping.error(for: info))), time: time, policy: .persistent)
        await #expect(throws: EventHubsError(.ownershipLost, "")) { try await receiver.nextBatch() }
        #expect(time.slept.isEmpty)
    }

    @Test("A lapsed token is renewed by attaching again, once")
    func lapsedToken() async throws {
        let time = TestTime()
        let unauthorized = EventHubsError(
            .unauthorized,
            "Code: RenewToken",
            retryAdvice: .afterAuthorization,
            recoveryScope: .link
        )
        let service = Service(.link(ScriptedLink(.events(1...1), .fail(unauthorized))), .fail(unauthorized))
        let receiver = makeReceiver(ScriptedLink(.fail(unauthorized)), service, time: time)
        #expect(try await receiver.nextBatch()?.count == 1)
        await #expect(throws: EventHubsError(.unauthorized, "")) { try await receiver.nextBatch() }
        #expect(time.slept.isEmpty)
    }

    @Test("A wait that runs out gives an empty batch, also while the link is being attached again")
    func maximumWait() async throws {
        let time = TestTime()
        let receiver = makeReceiver(
            ScriptedLink(.nothing, .fail(lost)),
            Service(.link(ScriptedLink(.events(1...1)))),
            time: time
        )
        #expect(try await receiver.nextBatch(maximumWait: .seconds(1))?.isEmpty == true)
        async let next = receiver.nextBatch(maximumWait: .milliseconds(500))
        await time.waitUntilSlept(2)
        time.advance(by: .milliseconds(500))
        #expect(try await next?.isEmpty == true)
        // The attempt went on: it has its link after the rest of its pause.
        time.advance(by: .milliseconds(300))
        #expect(try await receiver.nextBatch()?.count == 1)
        await receiver.close()
    }

    @Test("Cancelling ends a wait and loses nothing")
    func cancellation() async throws {
        let link = ScriptedLink()
        let receiver = makeReceiver(link)
        let task = Task { try await receiver.nextBatch() }
        await link.waiting.wait()
        task.cancel()
        await #expect(throws: EventHubsError.cancelled) { try await task.value }
        await receiver.close()
        #expect(link.closed.count == 1)
    }

    @Test("Cancelling ends a wait for a new link, too")
    func cancellationDuringRecovery() async throws {
        let time = TestTime()
        let receiver = makeReceiver(ScriptedLink(.fail(lost)), time: time)
        let task = Task { try await receiver.nextBatch() }
        await time.waitUntilSlept(1)
        task.cancel()
        await #expect(throws: EventHubsError.cancelled) { try await task.value }
        await receiver.close()
        #expect(try await receiver.nextBatch() == nil)
    }

    @Test("Closing ends a wait with nil")
    func close() async throws {
        let link = ScriptedLink()
        let receiver = makeReceiver(link)
        async let next = receiver.nextBatch()
        await link.waiting.wait()
        await receiver.close()
        await receiver.close()
        #expect(try await next == nil)
        #expect(link.closed.count == 1)
    }

    @Test("When the client is closed, the partition ends without an error")
    func clientClosed() async throws {
        let receiver = makeReceiver(ScriptedLink(.fail(.closed)))
        #expect(try await receiver.nextBatch() == nil)
    }

    @Test("Sequences walk through events and batches")
    func sequences() async throws {
        let link = ScriptedLink(.events(1...3), .events(4...4), .fail(.closed))
        var numbers: [Int64] = []
        for try await event in PartitionEvents(makeReceiver(link)) { numbers.append(event.sequenceNumber) }
        #expect(numbers == [1, 2, 3, 4])
        var counts: [Int] = []
        let batches = PartitionEvents(makeReceiver(ScriptedLink(.events(1...3), .events(4...4), .fail(.closed))))
            .batches
        for try await batch in batches { counts.append(batch.count) }
        #expect(counts == [3, 1])
    }

    @Test("A link that stood for a while starts the count anew; one that falls at once does not")
    func stableLinks() {
        let time = TestTime()
        let recovery = LinkRecovery(RetryPolicy(maximumRetries: 2, jitter: 0), environment: time.environment)
        var attempts = recovery.attached()
        #expect(recovery.decide(after: lost, &attempts) == .retry(after: .milliseconds(800)))
        attempts = recovery.attached(after: attempts)
        time.advance(by: .seconds(29))
        #expect(recovery.decide(after: lost, &attempts) == .retry(after: .milliseconds(1600)))
        attempts = recovery.attached(after: attempts)
        time.advance(by: .seconds(30))
        #expect(recovery.decide(after: lost, &attempts) == .retry(after: .milliseconds(800)))
        #expect(recovery.decide(after: lost, &attempts) == .retry(after: .milliseconds(1600)))
        #expect(recovery.decide(after: lost, &attempts) == .stop)
    }
}
