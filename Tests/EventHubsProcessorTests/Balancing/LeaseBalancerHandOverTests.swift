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
import Testing

@testable import EventHubsProcessor

/// What hosts that have announced themselves decide.
@Suite struct LeaseBalancerHandOverTests {
    let now = ContinuousClock.now

    func lease(_ partition: Int, _ owner: HostID?) -> Lease {
        Lease(
            partition: PartitionID(String(partition)),
            owner: owner,
            token: "t\(partition)",
            expiry: owner == nil ? nil : after(1_000)
        )
    }

    /// Leases 0 and up, each host's beside each other.
    func leases(_ counts: KeyValuePairs<HostID?, Int>) -> [Lease] {
        counts.flatMap { repeatElement($0.key, count: $0.value) }.enumerated().map { lease($0.offset, $0.element) }
    }

    func record(_ host: HostID, _ requests: [PartitionID] = [], isLeaving: Bool = false, until seconds: Int = 1_000)
        -> HostRecord
    {
        HostRecord(host: host, requests: requests, isLeaving: isLeaving, expiry: after(seconds))
    }

    func held(_ range: Range<Int>) -> Set<PartitionID> { Set(range.map { PartitionID(String($0)) }) }

    func after(_ seconds: Int) -> ContinuousClock.Instant { now.advanced(by: .seconds(seconds)) }

    func balancer(_ host: HostID, _ configure: (inout HostConfiguration) -> Void = { _ in }) -> LeaseBalancer {
        var configuration = HostConfiguration()
        configure(&configuration)
        return LeaseBalancer(host: host, rules: BalancingRules(configuration), seed: 7)
    }

    func requests(_ decisions: [LeaseDecision]) -> [PartitionID] {
        decisions.compactMap { if case .request(let lease, _) = $0 { lease.partition } else { nil } }
    }

    @Test func newcomerAsksForItsWholeShareAtOnceAndStealsNothing() {
        var newcomer = balancer("b")
        let decisions = newcomer.decide(
            leases: leases(["a": 8]),
            hosts: [record("a"), record("b")],
            holding: [],
            at: now
        )
        #expect(decisions == (4..<8).map { .request(lease($0, "a"), from: "a") })
    }

    @Test func ownerHandsOverDownToItsShareAndNoFurther() {
        var owner = balancer("a")
        let asked = (1..<8).map { PartitionID(String($0)) }
        let decisions = owner.decide(
            leases: leases(["a": 8]),
            hosts: [record("a"), record("b", asked)],
            holding: held(0..<8),
            at: now
        )
        #expect(decisions == (1..<5).map { .handOver(lease($0, "a"), to: "b") })
    }

    @Test func whatIsPromisedCountsAsGiven() {
        var owner = balancer("a")
        let decisions = owner.decide(
            leases: leases(["a": 8]),
            hosts: [record("a"), record("b", ["4", "5", "6", "7"])],
            holding: held(0..<8),
            handingOver: ["4": "b", "5": "b", "6": "b"],
            at: now
        )
        #expect(decisions == [.handOver(lease(7, "a"), to: "b")])
    }

    @Test func ownerAtItsShareGivesNothing() {
        var owner = balancer("a")
        let decisions = owner.decide(
            leases: leases(["a": 2, "b": 1]),
            hosts: [record("a"), record("b", ["0", "1"])],
            holding: ["0", "1"],
            at: now
        )
        #expect(decisions.isEmpty)
    }

    @Test func ofSeveralAskersTheOneThatOwnsLeastGetsThePartition() {
        var owner = balancer("a")
        let asked: [PartitionID] = ["6", "7"]
        let decisions = owner.decide(
            leases: leases(["a": 8, "b": 1, "c": 0]),
            hosts: [record("a"), record("b", asked), record("c", asked)],
            holding: held(0..<8),
            at: now
        )
        // Afterwards c owns one too, and the names decide.
        #expect(decisions == [.handOver(lease(6, "a"), to: "c"), .handOver(lease(7, "a"), to: "b")])
    }

    @Test func deadAndLeavingAskersGetNothing() {
        var owner = balancer("a")
        let decisions = owner.decide(
            leases: leases(["a": 8]),
            hosts: [record("a"), record("b", ["7"], isLeaving: true), record("c", ["6"], until: -1), record("d")],
            holding: held(0..<8),
            at: now
        )
        #expect(decisions.isEmpty)
    }

    @Test func liveHostsThatOwnNothingCount() {
        var first = balancer("a")
        let free = (0..<9).map { lease($0, nil) }
        let hosts = [record("a"), record("b"), record("c")]
        #expect(first.decide(leases: free, hosts: hosts, holding: [], at: now) == free[0..<3].map { .acquire($0) })
        var third = balancer("c")
        #expect(third.decide(leases: free, hosts: hosts, holding: [], at: now) == free[6..<9].map { .acquire($0) })
    }

    @Test func requestIsKeptWhileTheOrderOfTheOthersChanges() {
        var asker = balancer("c")
        let hosts = [record("a"), record("b"), record("c")]
        let first = asker.decide(leases: leases(["a": 9, "b": 0]), hosts: hosts, holding: [], at: now)
        #expect(requests(first) == ["6", "7", "8"])
        // b has been served meanwhile and now stands before c.
        let moved = (0..<9).map { lease($0, (3..<6).contains($0) ? "b" : "a") }
        let second = asker.decide(leases: moved, hosts: hosts, holding: [], at: after(1))
        #expect(requests(second) == ["6", "7", "8"])
    }

    @Test func unansweredRequestBecomesASteal() {
        var asker = balancer("b") { $0.handOverDeadline = .seconds(30) }
        let (owned, hosts) = (leases(["a": 4]), [record("a"), record("b")])
        #expect(requests(asker.decide(leases: owned, hosts: hosts, holding: [], at: now)) == ["2", "3"])
        #expect(requests(asker.decide(leases: owned, hosts: hosts, holding: [], at: after(29))) == ["2", "3"])
        let overdue = asker.decide(leases: owned, hosts: hosts, holding: [], at: after(30))
        #expect(overdue == [.steal(lease(2, "a"), from: "a"), .steal(lease(3, "a"), from: "a")])
    }

    @Test func settledHostStealsOneOverdueRequestInACycle() {
        var asker = balancer("b")
        let hosts = [record("a"), record("b")]
        #expect(asker.decide(leases: leases(["a": 2, "b": 2]), hosts: hosts, holding: held(2..<4), at: now).isEmpty)
        let uneven = (0..<8).map { lease($0, (2..<4).contains($0) ? "b" : "a") }
        _ = asker.decide(leases: uneven, hosts: hosts, holding: held(2..<4), at: after(10))
        let overdue = asker.decide(leases: uneven, hosts: hosts, holding: held(2..<4), at: after(40))
        #expect(overdue == [.request(lease(7, "a"), from: "a"), .steal(lease(6, "a"), from: "a")])
        #expect(
            requests(asker.decide(leases: uneven, hosts: hosts, holding: held(2..<4), at: after(41))) == ["6", "7"]
        )
    }

    @Test func whoLosesTheRaceForAnOverduePartitionTriesAgainAtTheNextLook() {
        var asker = balancer("b") { $0.handOverDeadline = .seconds(30) }
        let (owned, hosts) = (leases(["a": 2]), [record("a"), record("b")])
        _ = asker.decide(leases: owned, hosts: hosts, holding: [], at: now)
        // A renewal of the owner's comes between what was read and the claim.
        for seconds in [30, 31] {
            let decisions = asker.decide(leases: owned, hosts: hosts, holding: [], at: after(seconds))
            #expect(decisions == [.steal(lease(1, "a"), from: "a")])
        }
    }

    @Test func requestToAnotherOwnerBeginsAnew() {
        var asker = balancer("c")
        let hosts = [record("a"), record("b"), record("c")]
        _ = asker.decide(leases: leases(["a": 3]), hosts: hosts, holding: [], at: now)
        let moved = asker.decide(leases: leases(["b": 3]), hosts: hosts, holding: [], at: after(40))
        #expect(moved.allSatisfy { if case .request(_, from: "b") = $0 { true } else { false } } && moved.count == 1)
    }

    @Test func foreignOwnersAreNotAskedButStolenFrom() {
        var newcomer = balancer("c")
        let (owned, hosts) = (leases(["python": 6]), [record("c")])
        #expect(newcomer.decide(leases: owned, hosts: hosts, holding: [], at: now).isEmpty)
        let second = newcomer.decide(leases: owned, hosts: hosts, holding: [], at: after(10))
        #expect(second == (3..<6).map { .steal(lease($0, "python"), from: "python") })
    }

    @Test func mixedGroupIsAskedAndStolenFrom() {
        var newcomer = balancer("c")
        let (owned, hosts) = (leases(["a": 6, "python": 6]), [record("a"), record("c")])
        let first = newcomer.decide(leases: owned, hosts: hosts, holding: [], at: now)
        #expect(first == [.request(lease(4, "a"), from: "a"), .request(lease(5, "a"), from: "a")])
        let second = newcomer.decide(leases: owned, hosts: hosts, holding: [], at: after(10))
        #expect(second.filter { if case .steal(_, from: "python") = $0 { true } else { false } }.count == 2)
        #expect(requests(second) == ["4", "5"])
    }

    @Test func hostWhoseRecordCannotBeReadStealsAsAForeignOneDoes() {
        var newcomer = balancer("b")
        let owned = leases(["a": 4])
        #expect(newcomer.decide(leases: owned, hosts: [record("a")], holding: [], at: now).isEmpty)
        let second = newcomer.decide(leases: owned, hosts: [record("a")], holding: [], at: after(10))
        #expect(second.count == 2 && requests(second).isEmpty)
    }

    @Test func asksForNoMoreThanARecordHolds() {
        var newcomer = balancer("b")
        let decisions = newcomer.decide(
            leases: leases(["a": 2_000]),
            hosts: [record("a"), record("b")],
            holding: [],
            at: now
        )
        #expect(requests(decisions).count == HostRecord.maximumRequests)
    }

    @Test func balancedHostAsksForOneAtATime() {
        var newcomer = balancer("b") { $0.balancing = .balanced }
        let decisions = newcomer.decide(
            leases: leases(["a": 8]),
            hosts: [record("a"), record("b")],
            holding: [],
            at: now
        )
        #expect(requests(decisions) == ["4"])
    }

    @Test func balancedHostClaimsOneInACycle() {
        var host = balancer("b") { $0.balancing = .balanced }
        let free = (0..<4).map { lease($0, nil) }
        #expect(host.decide(leases: free, hosts: [record("b")], holding: [], at: now) == [.acquire(free[0])])
        #expect(host.decide(leases: free, hosts: [record("b")], holding: [], at: after(1)).isEmpty)
        #expect(host.decide(leases: free, hosts: [record("b")], holding: [], at: after(9)).count == 1)
    }

    @Test func leaseWithOurNameThatWeDoNotHoldIsTakenUp() {
        var heir = balancer("b")
        let decisions = heir.decide(
            leases: leases(["a": 1, "b": 1]),
            hosts: [record("a"), record("b")],
            holding: [],
            at: now
        )
        #expect(decisions == [.acquire(lease(1, "b"))])
    }

    @Test func whatIsBeingHandedOverIsNotClaimedBack() {
        var owner = balancer("a")
        let decisions = owner.decide(
            leases: leases(["a": 2]),
            hosts: [record("a"), record("b")],
            holding: ["0"],
            handingOver: ["1": "b"],
            at: now
        )
        #expect(decisions.isEmpty)
    }

    @Test func survivorsAskALeavingHostForTheirParts() {
        let owned = leases(["a": 6])
        let hosts = [record("a", isLeaving: true), record("b"), record("c")]
        var (b, c) = (balancer("b"), balancer("c"))
        #expect(requests(b.decide(leases: owned, hosts: hosts, holding: [], at: now)) == ["0", "1", "2"])
        #expect(requests(c.decide(leases: owned, hosts: hosts, holding: [], at: now)) == ["3", "4", "5"])
    }

    @Test func leavingHostGivesToThoseWhoLack() {
        let owned = leases(["a": 6, "b": 2, "python": 1])
        let heirs = LeaseBalancer.heirs(
            leases: owned,
            hosts: [record("a"), record("b"), record("c")],
            leaving: "a",
            holding: held(0..<6),
            at: now
        )
        // Three each: one more for b, three for c; the two for the foreign host are left for it to claim.
        #expect(heirs.values.count { $0 == "b" } == 1)
        #expect(heirs.values.count { $0 == "c" } == 3)
        #expect(heirs.count == 4)
    }

    @Test func leavingHostGivesNothingToThoseWhoLeaveToo() {
        let heirs = LeaseBalancer.heirs(
            leases: leases(["a": 4, "b": 4]),
            hosts: [record("a", isLeaving: true), record("b", isLeaving: true)],
            leaving: "a",
            holding: held(0..<4),
            at: now
        )
        #expect(heirs.isEmpty)
    }

    @Test func twoLeavingHostsDivideTheSurvivorsBetweenThem() {
        let (owned, hosts) = (
            leases(["a": 4, "b": 4]),
            [record("a", isLeaving: true), record("b", isLeaving: true), record("c"), record("d")]
        )
        let all = (["a", "b"] as [HostID]).map { host in
            LeaseBalancer.heirs(leases: owned, hosts: hosts, leaving: host, holding: [], at: now)
        }
        let heirs = all.flatMap(\.values)
        #expect(heirs.count == 8)
        #expect(heirs.count { $0 == "c" } == 4)
    }
}
