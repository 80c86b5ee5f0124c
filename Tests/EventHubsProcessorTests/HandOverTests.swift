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
import LogSupport
import Logging
import Testing

@testable import EventHubsProcessor

/// Partitions that move between whole hosts.
@Suite(.timeLimit(.minutes(5))) struct HandOverTests {
    private func owned(_ host: EventProcessorHost) async -> Int { await host.status().partitions.count }

    private func share(_ group: TestGroup, _ hosts: [EventProcessorHost], _ counts: [Int]) async throws {
        try await group.until("each has its share") {
            for (host, count) in zip(hosts, counts) where await owned(host) != count { return false }
            return true
        }
    }

    private func closings(_ group: TestGroup, of host: HostID, _ reason: CloseReason) -> Int {
        group.journal.entries.count { if case .closed(_, host, reason) = $0 { true } else { false } }
    }

    /// Everything was processed once, and in order.
    private func expectNoRepeat(_ group: TestGroup, events: Int) async throws {
        for partition in try await group.hub.partitions() {
            #expect(group.journal.sequenceNumbers(of: partition) == Array(0..<events), "partition \(partition)")
        }
    }

    private func append(_ count: Int, to group: TestGroup) async throws {
        for partition in try await group.hub.partitions() { group.hub.append(count, to: partition) }
    }

    private func hasProcessed(_ group: TestGroup, _ events: Int) async throws {
        let partitions = try await group.hub.partitions()
        try await group.until("all events") { partitions.allSatisfy { group.hasProcessed(events, of: $0) } }
    }

    @Test func newcomerIsHandedItsShareAndNothingIsRepeated() async throws {
        let group = TestGroup(FakeHub(partitions: 8, events: 25))
        let (first, second) = (group.host("a"), group.host("b"))
        let run = Task { try await first.run() }
        try await hasProcessed(group, 25)
        let rerun = Task { try await second.run() }
        try await append(25, to: group)
        try await share(group, [first, second], [4, 4])
        try await append(25, to: group)
        try await hasProcessed(group, 75)
        #expect(closings(group, of: "a", .handedOver) == 4)
        #expect(closings(group, of: "a", .leaseLost) == 0)
        #expect(group.leases.transferred == 4)
        for host in [first, second] { host.shutDown() }
        for run in [run, rerun] { try await run.value }
        try await expectNoRepeat(group, events: 75)
    }

    @Test func newOwnerBeginsWhereTheBatchInHandHasEnded() async throws {
        let group = TestGroup(FakeHub(partitions: 2, events: 30))
        let gate = Latch()
        let first = group.host("a", behaviour: .init(process: { _, _ in await gate.wait() })) {
            $0.checkpointPolicy = .every(.seconds(10))
            $0.handOverDeadline = .seconds(100_000)
        }
        let second = group.host("b") { $0.handOverDeadline = .seconds(100_000) }
        let run = Task { try await first.run() }
        try await group.until("owned") { await owned(first) == 2 }
        let rerun = Task { try await second.run() }
        try await group.until("told to stop") {
            await first.status().partitions.contains { $0.phase == .closing }
        }
        #expect(group.leases.transferred == 0, "not before the processor has finished")
        gate.open()
        try await share(group, [first, second], [1, 1])
        try await hasProcessed(group, 30)
        for host in [first, second] { host.shutDown() }
        for run in [run, rerun] { try await run.value }
        try await expectNoRepeat(group, events: 30)
        let moved = try #require(try await group.hub.partitions().first { group.hub.openings(of: $0).count == 2 })
        #expect(group.hub.openings(of: moved) == [.earliest, .offset("9")], "one batch of ten was in hand")
    }

    @Test func stoppingHostHandsEverythingOver() async throws {
        let group = TestGroup(FakeHub(partitions: 4, events: 10))
        let (first, second) = (group.host("a"), group.host("b"))
        let run = Task { try await first.run() }
        try await hasProcessed(group, 10)
        let rerun = Task { try await second.run() }
        try await share(group, [first, second], [2, 2])
        first.shutDown()
        try await run.value
        #expect(group.leases.released == 0)
        #expect(group.leases.transferred == 4, "two at the join, two at the stop")
        #expect(try await group.leases.hosts().map(\.host) == ["b"], "the record is removed")
        try await append(10, to: group)
        try await share(group, [second], [4])
        try await hasProcessed(group, 20)
        #expect(closings(group, of: "a", .shutdown) == 2)
        second.shutDown()
        try await rerun.value
        #expect(group.leases.released == 4, "there is nobody left")
        #expect(try await group.leases.leases().allSatisfy { $0.owner == nil })
        #expect(try await group.leases.hosts().isEmpty)
        try await expectNoRepeat(group, events: 20)
    }

    /// A deployment: one host after the other is replaced.
    @Test func replacingEveryHostRepeatsNothing() async throws {
        let group = TestGroup(FakeHub(partitions: 6))
        var running: [(host: EventProcessorHost, run: Task<Void, any Error>)] = []
        func start(_ name: HostID) {
            let host = group.host(name)
            running.append((host, Task { try await host.run() }))
        }
        for name in ["old1", "old2", "old3"] as [HostID] { start(name) }
        try await share(group, running.map(\.host), [2, 2, 2])
        var events = 0
        for name in ["new1", "new2", "new3"] as [HostID] {
            start(name)
            events += 20
            try await append(20, to: group)
            let (host, run) = running.removeFirst()
            host.shutDown()
            try await run.value
            try await share(group, running.map(\.host), [2, 2, 2])
        }
        try await hasProcessed(group, events)
        for (host, _) in running { host.shutDown() }
        for (_, run) in running { try await run.value }
        try await expectNoRepeat(group, events: events)
        #expect(closings(group, of: "old1", .leaseLost) == 0)
    }

    @Test func requestThatIsNotAnsweredBecomesASteal() async throws {
        let group = TestGroup(FakeHub(partitions: 2, events: 30))
        let gate = Latch()
        let first = group.host("a", behaviour: .init(process: { _, _ in await gate.wait() }))
        let second = group.host("b")
        let run = Task { try await first.run() }
        try await group.until("owned") { await owned(first) == 2 }
        let rerun = Task { try await second.run() }
        try await group.until("asked") { group.leases.announced.contains { !$0.requests.isEmpty } }
        let asked = group.clock.now
        try await group.until("taken") { await owned(second) == 1 }
        #expect(asked.duration(to: group.clock.now) >= .seconds(29), "the owner has its time")
        #expect(group.leases.transferred == 0)
        let stolen = try #require(await second.status().partitions.first?.partition)
        let taken = group.clock.now
        try await group.until("the owner has looked again") { taken.duration(to: group.clock.now) > .seconds(15) }
        gate.open()
        try await group.until("closed") { group.journal.closeReasons(of: stolen).first == .leaseLost }
        try await hasProcessed(group, 30)
        for host in [first, second] { host.shutDown() }
        for run in [run, rerun] { try await run.value }
    }

    @Test func partitionsGivenToAHostThatDiesAreClaimedWhenTheirLeasesExpire() async throws {
        let group = TestGroup(FakeHub(partitions: 4, events: 10))
        let host = group.host("a")
        let run = Task { try await host.run() }
        try await hasProcessed(group, 10)
        try await group.leases.announce(HostRecord(host: "dead", requests: ["1", "3"]))
        try await group.until("handed over") {
            let leases = (try? await group.leases.leases()) ?? []
            return Set(leases.filter { $0.owner == "dead" }.map(\.partition)) == ["1", "3"]
        }
        let given = group.clock.now
        try await share(group, [host], [4])
        #expect(given.duration(to: group.clock.now) >= .seconds(50), "not before the leases have expired")
        try await append(10, to: group)
        try await hasProcessed(group, 20)
        host.shutDown()
        try await run.value
        try await expectNoRepeat(group, events: 20)
    }

    @Test func hostsThatKnowOnlyLeasesAreStolenFrom() async throws {
        let group = TestGroup(FakeHub(partitions: 4))
        let (foreign, ours) = (group.host("python", knowsOnlyLeases: true), group.host("b"))
        let run = Task { try await foreign.run() }
        try await group.until("owned") { await owned(foreign) == 4 }
        let rerun = Task { try await ours.run() }
        try await share(group, [foreign, ours], [2, 2])
        #expect(closings(group, of: "python", .leaseLost) == 2)
        #expect(group.leases.announced.allSatisfy { $0.host == "b" && $0.requests.isEmpty })
        ours.shutDown()
        try await rerun.value
        #expect(group.leases.released == 2, "a host that cannot be handed anything finds it free")
        #expect(group.leases.transferred == 0)
        try await share(group, [foreign], [4])
        foreign.shutDown()
        try await run.value
    }

    @Test func failedTransferReleasesThePartitionInstead() async throws {
        let group = TestGroup(FakeHub(partitions: 4, events: 10))
        let (first, second) = (group.host("a"), group.host("b"))
        group.leases.failing = [.transfer]
        let run = Task { try await first.run() }
        try await hasProcessed(group, 10)
        let rerun = Task { try await second.run() }
        try await share(group, [first, second], [2, 2])
        #expect(group.leases.released >= 2)
        for host in [first, second] { host.shutDown() }
        for run in [run, rerun] { try await run.value }
        try await expectNoRepeat(group, events: 10)
    }

    @Test(arguments: [FaultyLeaseManager.Call.announce, .hosts])
    func failureOfOneCallStopsNeitherRenewalNorProcessing(call: FaultyLeaseManager.Call) async throws {
        let group = TestGroup(FakeHub(partitions: 2))
        let host = group.host("a")
        let run = Task { try await host.run() }
        try await group.until("owned") { await owned(host) == 2 }
        group.leases.failing = [call]
        try await group.until("reported") { await host.status().storeFailingSince != nil }
        let later = group.clock.now.advanced(by: .seconds(200))
        let renewed = group.leases.renewed
        try await append(25, to: group)
        try await group.until("long after all leases would have expired") { group.clock.now > later }
        try await hasProcessed(group, 25)
        #expect(group.leases.renewed > renewed + 10)
        #expect(group.journal.closeReasons(of: "0").isEmpty, "no lease was lost")
        group.leases.failing = []
        let second = group.host("b")
        let rerun = Task { try await second.run() }
        try await share(group, [host, second], [1, 1])
        #expect(closings(group, of: "a", .handedOver) == 1, "all is as before")
        for host in [host, second] { host.shutDown() }
        for run in [run, rerun] { try await run.value }
        try await expectNoRepeat(group, events: 25)
    }

    @Test func claimingPausesWhileTheHostsCannotBeListed() async throws {
        let group = TestGroup(FakeHub(partitions: 2))
        group.leases.failing = [.hosts]
        let host = group.host("a")
        let run = Task { try await host.run() }
        try await group.until("reported") { await host.status().storeFailingSince != nil }
        let later = group.clock.now.advanced(by: .seconds(100))
        try await group.until("time passes") { group.clock.now > later }
        #expect(group.leases.acquired == 0)
        group.leases.failing = []
        try await group.until("owned") { await owned(host) == 2 }
        host.shutDown()
        try await run.value
    }

    @Test func hostsThatStopTogetherLeaveNothingBehind() async throws {
        let group = TestGroup(FakeHub(partitions: 8, events: 10))
        let hosts = (["a", "b", "c"] as [HostID]).map { group.host($0) }
        let runs = hosts.map { host in Task { try await host.run() } }
        try await hasProcessed(group, 10)
        try await group.until("all owned") {
            var total = 0
            for host in hosts { total += await owned(host) }
            return total == 8
        }
        for host in hosts { host.shutDown() }
        for run in runs { try await run.value }
        #expect(try await group.leases.leases().allSatisfy { $0.owner == nil })
        #expect(try await group.leases.hosts().isEmpty)
        try await expectNoRepeat(group, events: 10)
    }

    @Test func whatAnHeirWasGivenThatLeavesMeanwhileIsTakenBackAndReleased() async throws {
        let group = TestGroup(FakeHub(partitions: 2, events: 10))
        let host = group.host("a")
        let run = Task { try await host.run() }
        try await hasProcessed(group, 10)
        try await group.leases.announce(HostRecord(host: "b"))
        group.leases.afterTransfer { leases in try await leases.announce(HostRecord(host: "b", isLeaving: true)) }
        host.shutDown()
        try await run.value
        #expect(group.leases.transferred == 2)
        #expect(try await group.leases.leases().allSatisfy { $0.owner == nil })
    }

    @Test func whatAStoppingHostIsGivenIsReleased() async throws {
        let group = TestGroup(FakeHub(partitions: 2, events: 10))
        let gate = Latch()
        let host = group.host(
            "a",
            behaviour: .init(process: { _, context in
                if context.partitionID == "0" { await gate.wait() }
            })
        )
        let run = Task { try await host.run() }
        try await group.until("in hand") { group.hasProcessed(10, of: "1") }
        let taken = try #require(try await group.leases.leases().first { $0.partition == "1" })
        let others = try #require(try await group.leases.acquire(taken, for: "b"))
        try await group.until("lost") { await owned(host) == 1 }
        host.shutDown()
        try await group.until("says that it leaves") { group.leases.announced.contains { $0.isLeaving } }
        _ = try await group.leases.transfer(others, to: "a")
        gate.open()
        try await run.value
        #expect(try await group.leases.leases().allSatisfy { $0.owner == nil })
    }

    @Test func aMoveIsOneLineForEachStepOnEachSide() async throws {
        let group = TestGroup(FakeHub(partitions: 2, events: 10))
        let (giving, taking) = (LogRecorder(), LogRecorder())
        let first = group.host("a") { $0.logger = giving.logger }
        let second = group.host("b") { $0.logger = taking.logger }
        let run = Task { try await first.run() }
        try await hasProcessed(group, 10)
        let rerun = Task { try await second.run() }
        try await share(group, [first, second], [1, 1])
        let moved = try #require(await second.status().partitions.first?.partition.rawValue)
        for host in [first, second] { host.shutDown() }
        for run in [run, rerun] { try await run.value }
        func lines(_ recorder: LogRecorder, _ message: String) -> [[String: String]] {
            recorder.lines.filter { $0.message == message && $0.level == .info }.map { line in
                line.metadata.filter { !["hub", "group"].contains($0.key) }
            }
        }
        #expect(lines(taking, "partition requested") == [["host": "b", "partition": moved, "from": "a"]])
        #expect(lines(giving, "partition is being handed over") == [["host": "a", "partition": moved, "to": "b"]])
        #expect(lines(giving, "partition handed over").first == ["host": "a", "partition": moved, "to": "b"])
        #expect(
            lines(taking, "partition acquired").first
                == ["host": "b", "partition": moved, "from": "a", "how": "handed_over"]
        )
        for recorder in [giving, taking] { #expect(!recorder.lines.contains { $0.level > .info }) }
    }

    @Test func intervalsThatWorkBadlyAreSaidOnceAtTheStart() async throws {
        #expect(HostConfiguration().warnings.isEmpty)
        let group = TestGroup(FakeHub(partitions: 1))
        let recorder = LogRecorder()
        let host = group.host {
            $0.leaseDuration = .seconds(29)
            $0.storeDeadline = .seconds(29)
            $0.handOverDeadline = .seconds(19)
            $0.logger = recorder.logger
        }
        let run = Task { try await host.run() }
        try await group.until("owned") { await owned(host) == 1 }
        host.shutDown()
        try await run.value
        let warnings = recorder.lines.filter { $0.level == .warning }.map { $0.message.prefix { $0 != " " } }
        #expect(warnings == ["leaseDuration", "storeDeadline", "handOverDeadline"])
    }

    @Test func whatAHostIsGivenThatItHasGivenUpIsReleased() async throws {
        let group = TestGroup(FakeHub(partitions: 1, events: 10))
        let host = group.host("a", behaviour: .init(process: { _, _ in throw TestFailure() })) {
            $0.failurePolicy = FailurePolicy { _ in .stop(for: .seconds(100_000)) }
        }
        let run = Task { try await host.run() }
        try await group.until("given up") {
            let owner = try? await group.leases.leases().first?.owner
            return group.leases.released == 1 && owner == .some(nil)
        }
        let free = try #require(try await group.leases.leases().first)
        let others = try #require(try await group.leases.acquire(free, for: "b"))
        _ = try await group.leases.transfer(others, to: "a")
        let given = group.clock.now
        try await group.until("released") { group.leases.released == 2 }
        #expect(given.duration(to: group.clock.now) < .seconds(59), "not only when the lease has expired")
        #expect(group.journal.closeReasons(of: "0") == [.givenUp])
        host.shutDown()
        try await run.value
    }

    @Test func hostWithAStableNameTakesUpWhatItHadBeforeARestart() async throws {
        let group = TestGroup(FakeHub(partitions: 2))
        for partition in ["0", "1"] as [PartitionID] {
            _ = try await group.leases.acquire(.unclaimed(partition), for: "a")
        }
        let host = group.host("a")
        let start = group.clock.now
        let run = Task { try await host.run() }
        try await group.until("owned") { await owned(host) == 2 }
        #expect(start.duration(to: group.clock.now) < .seconds(60), "nothing had to expire")
        host.shutDown()
        try await run.value
    }
}
