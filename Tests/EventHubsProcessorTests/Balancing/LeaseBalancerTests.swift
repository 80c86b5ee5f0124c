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

@Suite struct LeaseBalancerTests {
    let now = ContinuousClock.now

    func lease(_ partition: Int, _ owner: HostID?, expiresIn seconds: Int = 60) -> Lease {
        Lease(
            partition: PartitionID(String(partition)),
            owner: owner,
            token: "t\(partition)",
            expiry: owner == nil ? nil : now.advanced(by: .seconds(seconds))
        )
    }

    func balancer(_ host: HostID = "a") -> LeaseBalancer {
        LeaseBalancer(host: host, rules: BalancingRules(HostConfiguration()), seed: 7)
    }

    func after(_ seconds: Int) -> ContinuousClock.Instant { now.advanced(by: .seconds(seconds)) }

    func isSteal(_ decision: LeaseDecision, from host: HostID) -> Bool {
        if case .steal(_, from: host) = decision { true } else { false }
    }

    @Test func aloneTakesEverythingAtOnce() {
        var balancer = balancer()
        let leases = (0..<32).map { lease($0, nil) }
        let decisions = balancer.decide(leases: leases, holding: [], at: now)
        #expect(Set(decisions) == Set(leases.map { .acquire($0) }))
    }

    @Test func newcomerStealsItsWholeShareFromTheBiggestInItsSecondCycle() {
        var balancer = balancer("c")
        let leases = (0..<6).map { lease($0, "a") } + (6..<9).map { lease($0, "b") }
        #expect(balancer.decide(leases: leases, holding: [], at: now).isEmpty)
        let stolen = balancer.decide(leases: leases, holding: [], at: after(9))
        #expect(stolen.count == 3)
        #expect(stolen.allSatisfy { isSteal($0, from: "a") })
    }

    @Test func settledHostStealsOneInACycleAfterTwoCyclesBelowItsShare() {
        var balancer = balancer()
        let before = (0..<4).map { lease($0, $0 < 2 ? "a" : "b") }
        #expect(balancer.decide(leases: before, holding: ["0", "1"], at: now).isEmpty)
        let leases = (0..<10).map { lease($0, $0 < 2 ? "a" : "b") }
        let counts = [10, 15, 20, 25, 30].map { seconds in
            balancer.decide(leases: leases, holding: ["0", "1"], at: after(seconds)).count
        }
        #expect(counts == [0, 0, 1, 0, 1])
    }

    @Test func timeBelowTheShareIsCountedAnewAfterEachRecovery() {
        var balancer = balancer()
        let (even, uneven) = (
            (0..<4).map { lease($0, $0 < 2 ? "a" : "b") }, (0..<10).map { lease($0, $0 < 2 ? "a" : "b") }
        )
        let looks = [even, uneven, even, uneven, even, uneven]
        for (round, leases) in looks.enumerated() {
            #expect(balancer.decide(leases: leases, holding: ["0", "1"], at: after(10 * round)).isEmpty)
        }
    }

    @Test func differenceOfOneMovesNothing() {
        var balancer = balancer()
        let leases = (0..<5).map { lease($0, $0 < 2 ? "a" : "b") }
        for round in 0..<5 {
            #expect(balancer.decide(leases: leases, holding: ["0", "1"], at: after(10 * round)).isEmpty)
        }
    }

    @Test func expiredLeasesAreFreeAndTheirOwnerDoesNotCount() {
        var balancer = balancer()
        let leases = (0..<4).map { lease($0, $0 < 2 ? "a" : "dead", expiresIn: $0 < 2 ? 60 : -1) }
        #expect(
            Set(balancer.decide(leases: leases, holding: ["0", "1"], at: now))
                == [.acquire(leases[2]), .acquire(leases[3])]
        )
    }

    @Test func leaseEndsAtItsExpiry() {
        let lease = lease(0, "a", expiresIn: 10)
        #expect(lease.owner(at: now.advanced(by: .milliseconds(9_999))) == "a")
        #expect(lease.owner(at: now.advanced(by: .seconds(10))) == nil)
    }

    @Test func leavesTheOthersTheirShareOfFreeLeases() {
        // a, b and c own two each, six are free: two for each host, and not the same ones.
        let leases = (0..<6).map { lease($0, ["a", "b", "c"][$0 / 2]) } + (6..<12).map { lease($0, nil) }
        var taken: [LeaseDecision] = []
        for (index, host) in (["a", "b", "c"] as [HostID]).enumerated() {
            var balancer = balancer(host)
            let held: Set<PartitionID> = [PartitionID(String(2 * index)), PartitionID(String(2 * index + 1))]
            let mine = balancer.decide(leases: leases, holding: held, at: now)
            #expect(mine.count == 2)
            taken += mine
        }
        #expect(Set(taken).count == 6)
    }

    @Test func whatNobodyTakesIsTakenByAnyone() {
        var balancer = balancer()
        // b counts as alive but does not take its share of the free leases.
        let leases = [lease(0, "a"), lease(1, "b", expiresIn: 1_000), lease(2, nil), lease(3, nil)]
        let first = balancer.decide(leases: leases, holding: ["0"], at: now)
        #expect(first.count == 1)
        let later = balancer.decide(leases: leases, holding: ["0"], at: now.advanced(by: .seconds(60)))
        #expect(Set(later) == [.acquire(leases[2]), .acquire(leases[3])])
    }

    @Test func takesUpWhatBearsItsNameFromBeforeARestart() {
        var balancer = balancer()
        let leases = [lease(0, "a"), lease(1, "a", expiresIn: -5)]
        #expect(
            Set(balancer.decide(leases: leases, holding: [], at: now)) == [.acquire(leases[0]), .acquire(leases[1])]
        )
    }

    @Test func doesNotClaimWhatItHoldsWhateverTheExpirySays() {
        var balancer = balancer()
        let leases = [lease(0, "a", expiresIn: -100)]
        #expect(balancer.decide(leases: leases, holding: ["0"], at: now).isEmpty)
    }

    @Test func moreHostsThanPartitionsIsNoProblem() {
        var balancer = balancer("c")
        let leases = [lease(0, "a"), lease(1, "b")]
        #expect(balancer.decide(leases: leases, holding: [], at: now).isEmpty)
    }

    @Test func noPartitionsIsNoProblem() {
        var balancer = balancer()
        #expect(balancer.decide(leases: [], holding: [], at: now).isEmpty)
    }

    @Test func sameSeedSameDecisions() {
        let leases = (0..<64).map { lease($0, nil) }
        var (one, two) = (balancer(), balancer())
        let decisions = one.decide(leases: leases, holding: [], at: now)
        #expect(decisions == two.decide(leases: leases, holding: [], at: now))
    }
}
