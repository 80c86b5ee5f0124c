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
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import EventHubsProcessor

@Suite(.timeLimit(.minutes(5))) struct EventProcessorHostTests {
    @Test func processesEveryPartitionInOrder() async throws {
        let group = TestGroup(FakeHub(partitions: 8, events: 95))
        let host = group.host()
        let run = Task { try await host.run() }
        try await group.until("all events") { (0..<8).allSatisfy { group.hasProcessed(95, of: PartitionID("\($0)")) } }
        host.shutDown()
        try await run.value
        for partition in try await group.hub.partitions() {
            #expect(group.journal.sequenceNumbers(of: partition) == Array(0..<95))
            #expect(group.journal.entries(of: partition).first == .opened(partition, "a"))
            #expect(group.journal.entries(of: partition).last == .closed(partition, "a", .shutdown))
        }
        #expect(group.journal.failures.isEmpty)
    }

    @Test func shutdownFinishesCheckpointsAndReleases() async throws {
        let group = TestGroup(FakeHub(partitions: 4, events: 30))
        let host = group.host()
        let run = Task { try await host.run() }
        try await group.until("all events") { (0..<4).allSatisfy { group.hasProcessed(30, of: PartitionID("\($0)")) } }
        host.shutDown()
        try await run.value
        for partition in try await group.hub.partitions() {
            #expect(try await group.checkpoints.checkpoint(for: partition)?.sequenceNumber == 29)
            #expect(group.hub.receiver(of: partition)?.isClosed == true)
        }
        #expect(try await group.leases.leases().allSatisfy { $0.owner == nil })
        #expect(group.leases.released == 4)
        #expect(await host.status().partitions.isEmpty)
    }

    @Test func aServiceGroupStopsItInGoodOrder() async throws {
        let group = TestGroup(FakeHub(partitions: 2, events: 30))
        let services = ServiceGroup(
            services: [group.host()],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let run = Task { try await services.run() }
        try await group.until("all events") { (0..<2).allSatisfy { group.hasProcessed(30, of: PartitionID("\($0)")) } }
        await services.triggerGracefulShutdown()
        try await run.value
        for partition in try await group.hub.partitions() {
            #expect(group.journal.closeReasons(of: partition) == [.shutdown])
            #expect(try await group.checkpoints.checkpoint(for: partition)?.sequenceNumber == 29)
        }
        #expect(try await group.leases.leases().allSatisfy { $0.owner == nil })
    }

    @Test func secondHostResumesWhereTheFirstHasStopped() async throws {
        let group = TestGroup(FakeHub(partitions: 2, events: 40))
        let first = group.host("a")
        let run = Task { try await first.run() }
        try await group.until("first") { group.hasProcessed(40, of: "0") && group.hasProcessed(40, of: "1") }
        first.shutDown()
        try await run.value
        group.hub.append(10, to: "0")
        let second = group.host("b")
        let rerun = Task { try await second.run() }
        try await group.until("second") { group.hasProcessed(50, of: "0") }
        second.shutDown()
        try await rerun.value
        #expect(group.journal.sequenceNumbers(of: "0") == Array(0..<50), "nothing twice, nothing lost")
        #expect(group.journal.sequenceNumbers(of: "1") == Array(0..<40))
        #expect(group.hub.openings(of: "0") == [.earliest, .offset("39")])
    }

    @Test func leasesOfAKilledHostAreTakenOver() async throws {
        let group = TestGroup(FakeHub(partitions: 4))
        for lease in [Lease.unclaimed("0"), .unclaimed("1")] {
            _ = try await group.leases.acquire(lease, for: "dead")
        }
        let host = group.host()
        let run = Task { try await host.run() }
        try await group.until("all") { await host.status().partitions.count == 4 }
        host.shutDown()
        try await run.value
    }

    @Test func outageOfTheStoreStopsNoProcessing() async throws {
        let group = TestGroup(FakeHub(partitions: 2))
        let host = group.host()
        let run = Task { try await host.run() }
        try await group.until("owned") { await host.status().partitions.count == 2 }
        for fault in [FaultyLeaseManager.Fault.fails, .hangs] {
            group.leases.fault = fault
            try await group.until("failure is reported") { await host.status().storeFailingSince != nil }
            let end = group.hub.end(of: "0") + 25
            group.hub.append(25, to: "0")
            try await group.until("still processing") { group.hasProcessed(end, of: "0") }
            let later = group.clock.now.advanced(by: .seconds(200))
            try await group.until("long after all leases have expired") { group.clock.now > later }
            #expect(await host.status().partitions.count == 2)
            group.leases.fault = .none
            try await group.until("recovery") { await host.status().storeFailingSince == nil }
        }
        let renewed = group.leases.renewed
        try await group.until("renewals go on") { group.leases.renewed > renewed + 2 }
        #expect(group.journal.closeReasons(of: "0").isEmpty, "no lease was lost")
        host.shutDown()
        try await run.value
    }

    @Test func renewalWaitsForNoHandler() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 10))
        let gate = Latch()
        let host = group.host(behaviour: .init(process: { _, _ in await gate.wait() }))
        let run = Task { try await host.run() }
        try await group.until("renewed often while the handler sits there") { group.leases.renewed > 5 }
        #expect(group.journal.sequenceNumbers(of: "0").isEmpty)
        try await group.until("slow") { await host.status().partitions.first?.isHandlerSlow == true }
        gate.open()
        try await group.until("done") { group.hasProcessed(10, of: "0") }
        try await group.until("no longer slow") { await host.status().partitions.first?.isHandlerSlow == false }
        host.shutDown()
        try await run.value
    }

    @Test func leasesOf256PartitionsAreKeptWhileEverySecondHandlerSits() async throws {
        let ids = (0..<256).map { PartitionID("\($0)") }
        let (stuck, free) = (Set(ids[..<128]), ids[128...])
        let group = TestGroup(FakeHub(partitions: ids.count, events: 10))
        let gate = Latch()
        let host = group.host(
            behaviour: .init(process: { _, context in if stuck.contains(context.partitionID) { await gate.wait() } })
        )
        let run = Task { try await host.run() }
        try await group.until("the others go on") { free.allSatisfy { group.hasProcessed(10, of: $0) } }
        let end = group.clock.now.advanced(by: HostConfiguration().leaseDuration * 3)
        try await group.until("leases would have run out three times") { group.clock.now >= end }
        let leases = try await group.leases.leases()
        #expect(leases.count == ids.count)
        #expect(leases.allSatisfy { $0.owner(at: group.clock.now) == "a" })
        #expect(stuck.allSatisfy { group.journal.sequenceNumbers(of: $0).isEmpty })
        gate.open()
        try await group.until("all events") { stuck.allSatisfy { group.hasProcessed(10, of: $0) } }
        #expect(ids.allSatisfy { group.hub.openings(of: $0).count == 1 }, "nothing was lost and taken again")
        host.shutDown()
        try await run.value
    }

    @Test func stuckHandlerDoesNotHoldUpTheStop() async throws {
        let group = TestGroup(FakeHub(partitions: 2, events: 10))
        let gate = Latch()
        let host = group.host(
            behaviour: .init(process: { _, context in if context.partitionID == "0" { await gate.wait() } })
        )
        let run = Task { try await host.run() }
        try await group.until("the other one") { group.hasProcessed(10, of: "1") }
        let start = group.clock.now
        host.shutDown()
        let stopped = Latch()
        let outcome = Task {
            defer { stopped.open() }
            return await run.result
        }
        try await group.until("stopped") { stopped.isOpen }
        #expect(group.clock.now <= start.advanced(by: .seconds(26)))
        await #expect(throws: EventProcessorError(.stopTimedOut, message: "")) { try await outcome.value.get() }
        #expect(
            try await group.leases.leases().allSatisfy { $0.owner == nil },
            "the leases are given back all the same"
        )
        gate.open()
    }

    @Test func cancellationCancelsHandlersAndReleases() async throws {
        let group = TestGroup(FakeHub(partitions: 2, events: 10))
        let host = group.host(behaviour: .init(process: { _, _ in try await Task.sleep(for: .seconds(3_600)) }))
        let run = Task { try await host.run() }
        try await group.until("owned") { await host.status().partitions.count == 2 }
        run.cancel()
        try await run.value
        #expect(try await group.leases.leases().allSatisfy { $0.owner == nil })
    }

    @Test func storeThatHangsDoesNotHoldUpTheStop() async throws {
        let group = TestGroup(FakeHub(partitions: 2))
        let host = group.host {
            $0.storeDeadline = .seconds(100_000)
            $0.leaseDuration = .seconds(200_000)
        }
        let run = Task { try await host.run() }
        try await group.until("owned") { await host.status().partitions.count == 2 }
        group.leases.fault = .hangs
        let later = group.clock.now.advanced(by: .seconds(30))
        try await group.until("calls hang") { group.clock.now > later }
        let start = group.clock.now
        host.shutDown()
        let stopped = Latch()
        let outcome = Task {
            defer { stopped.open() }
            return await run.result
        }
        try await group.until("stopped") { stopped.isOpen }
        #expect(group.clock.now <= start.advanced(by: .seconds(27)))
        try await outcome.value.get()
    }

    @Test func stopsWhileAPartitionIsBeingOpened() async throws {
        let group = TestGroup(FakeHub(partitions: 3))
        group.hub.state.withLock { $0.hangsOnOpen = true }
        let host = group.host()
        let run = Task { try await host.run() }
        try await group.until("owned") { await host.status().partitions.count == 3 }
        host.shutDown()
        try await run.value
        #expect(try await group.leases.leases().allSatisfy { $0.owner == nil })
    }

    @Test func findsAddedPartitions() async throws {
        let group = TestGroup(FakeHub(partitions: 1))
        let host = group.host()
        let run = Task { try await host.run() }
        try await group.until("one") { await host.status().partitions.count == 1 }
        group.hub.addPartition("1")
        try await group.until("two") { await host.status().partitions.count == 2 }
        host.shutDown()
        try await run.value
    }

    @Test func partitionThatAnotherHostOwnsIsLearntAtOnce() async throws {
        let group = TestGroup(FakeHub(partitions: 2))
        let host = group.host { $0.partitionRefreshInterval = .seconds(1_000_000) }
        let run = Task { try await host.run() }
        try await group.until("two") { await host.status().partitions.count == 2 }
        for partition in 2..<6 { group.hub.addPartition(PartitionID("\(partition)")) }
        _ = try await group.leases.acquire(.unclaimed("5"), for: "b")
        // With b there are two hosts for six partitions.
        try await group.until("three") { await host.status().partitions.count == 3 }
        host.shutDown()
        try await run.value
    }

    @Test func leasesOfAHubThatWasMadeAnewAreAskedAboutOnce() async throws {
        let group = TestGroup(FakeHub(partitions: 1))
        _ = try await group.leases.acquire(.unclaimed("7"), for: "b")
        let host = group.host { $0.partitionRefreshInterval = .seconds(1_000_000) }
        let run = Task { try await host.run() }
        try await group.until("owned") { await host.status().partitions.count == 1 }
        let asked = group.hub.state.withLock(\.partitionsRead)
        // It is renewed for ever by somebody.
        for _ in 0..<10 {
            let later = group.clock.now.advanced(by: .seconds(20))
            try await group.until("some looks") { group.clock.now > later }
            let stray = try #require(try await group.leases.leases().first { $0.partition == "7" })
            _ = try await group.leases.renew(stray)
        }
        #expect(asked == 2 && group.hub.state.withLock(\.partitionsRead) == asked)
        host.shutDown()
        try await run.value
    }

    @Test func refusesAConfigurationThatCannotWork() async throws {
        let group = TestGroup(FakeHub(partitions: 1))
        let host = group.host { $0.leaseDuration = $0.updateInterval }
        await #expect(throws: EventProcessorError(.invalidConfiguration, message: "")) { try await host.run() }
    }
}
