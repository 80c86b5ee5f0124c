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

@Suite struct PumpStateMachineTests {
    typealias Action = PumpStateMachine.Action

    func lease(_ token: String = "1", epoch: Int64 = 1) -> Lease {
        Lease(partition: "0", owner: "a", token: token, epoch: epoch, expiry: nil)
    }

    /// `#expect` copies what it looks at, which a machine does not allow.
    func check<Value: Equatable>(_ value: Value, _ expected: Value, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(value == expected, sourceLocation: sourceLocation)
    }

    func makeRunning() -> PumpStateMachine {
        var machine = PumpStateMachine()
        _ = machine.leaseAcquired(lease())
        return machine
    }

    @Test func startsAPumpForALease() {
        var machine = PumpStateMachine()
        check(machine.isIdle, true)
        check(machine.leaseAcquired(lease()), Action.startPump(lease(), generation: 1))
        check(machine.ownedPartitions, ["0"])
        check(machine.isIdle, false)
    }

    @Test func startsNoSecondPump() {
        var machine = makeRunning()
        check(machine.leaseAcquired(lease("2")), Action.none)
        check(machine.lease(of: "0"), lease("2"))
    }

    @Test func renewsTheLeaseOfARunningPump() {
        var machine = makeRunning()
        check(machine.leaseRenewed(lease("2")), true)
        check(machine.leasesToRenew, [lease("2")])
    }

    @Test func lostLeaseStopsThePumpOnce() {
        var machine = makeRunning()
        check(machine.leaseLost("0"), Action.stopPump("0", generation: 1, reason: .leaseLost))
        check(machine.leaseLost("0"), Action.none)
        check(machine.leasesToRenew.isEmpty, true)
        check(machine.isStopping("0"), true)
        check(machine.pumpEnded("0", generation: 1), Action.none)
        check(machine.isIdle, true)
    }

    @Test func partitionThatIsGivenUpIsReleasedAtOnceAndNotClaimedWhileItsPumpRuns() {
        var machine = makeRunning()
        check(machine.gaveUp("0", generation: 1), Action.giveAway(lease(), generation: 1, heir: nil))
        check(machine.gaveUp("0", generation: 1), Action.none)
        check(machine.leasesToRenew.isEmpty, true)
        machine.leaseReturned("0", generation: 1)
        check(machine.isStopping("0"), true)
        check(machine.pumpEnded("0", generation: 1), Action.none)
        check(machine.isIdle, true)
    }

    @Test func givenUpPartitionIsAwaitedUntilItsLeaseIsBackThoughItsPumpHasEnded() {
        var machine = makeRunning()
        _ = machine.gaveUp("0", generation: 1)
        check(machine.pumpEnded("0", generation: 1), Action.none)
        check(machine.isIdle, false)
        machine.leaseReturned("0", generation: 1)
        check(machine.isIdle, true)
    }

    @Test func formerPumpGivesNothingUp() {
        var machine = makeRunning()
        _ = machine.pumpEnded("0", generation: 1)
        _ = machine.leaseAcquired(lease("2"))
        check(machine.gaveUp("0", generation: 1), Action.none)
        check(machine.leasesToRenew, [lease("2")])
    }

    @Test func losingWhatIsNotHeldDoesNothing() {
        var machine = PumpStateMachine()
        check(machine.leaseLost("0"), Action.none)
    }

    @Test func renewalOfALostLeaseIsIgnored() {
        var machine = makeRunning()
        _ = machine.leaseLost("0")
        check(machine.leaseRenewed(lease("2")), false)
        check(machine.leasesToRenew.isEmpty, true)
    }

    @Test func partitionThatComesBackWaitsForItsFormerPump() {
        var machine = makeRunning()
        _ = machine.leaseLost("0")
        check(machine.leaseAcquired(lease("5", epoch: 3)), Action.none)
        check(machine.leasesToRenew, [lease("5", epoch: 3)])
        check(machine.leaseRenewed(lease("6", epoch: 3)), false)
        check(machine.pumpEnded("0", generation: 1), Action.startPump(lease("6", epoch: 3), generation: 2))
    }

    @Test func successorCanBeLostToo() {
        var machine = makeRunning()
        _ = machine.leaseLost("0")
        _ = machine.leaseAcquired(lease("5"))
        check(machine.leaseLost("0"), Action.none)
        check(machine.pumpEnded("0", generation: 1), Action.none)
        check(machine.isIdle, true)
    }

    @Test func formerGenerationIsIgnored() {
        var machine = makeRunning()
        _ = machine.leaseLost("0")
        _ = machine.leaseAcquired(lease("5"))
        _ = machine.pumpEnded("0", generation: 1)
        check(machine.pumpEnded("0", generation: 1), Action.none)
        check(machine.ownedPartitions, ["0"])
    }

    @Test func fencedPumpGivesNothingBack() {
        var machine = makeRunning()
        check(machine.pumpEnded("0", generation: 1), Action.none)
        check(machine.isIdle, true)
    }

    @Test func shutdownStopsAndThenGivesBack() {
        var machine = makeRunning()
        check(machine.shutdownRequested(), [.stopPump("0", generation: 1, reason: .shutdown)])
        check(machine.leaseRenewed(lease("2")), true)
        check(machine.pumpEnded("0", generation: 1), Action.giveAway(lease("2"), generation: 1, heir: nil))
        check(machine.isIdle, false)
        check(machine.leasesToRenew.isEmpty, true)
        machine.leaseReturned("0", generation: 1)
        check(machine.isIdle, true)
    }

    @Test func leaseLostDuringShutdownIsNotGivenBack() {
        var machine = makeRunning()
        _ = machine.shutdownRequested()
        check(machine.leaseLost("0"), Action.stopPump("0", generation: 1, reason: .leaseLost))
        check(machine.pumpEnded("0", generation: 1), Action.none)
    }

    @Test func leaseAcquiredDuringShutdownIsGivenBack() {
        var machine = PumpStateMachine()
        check(machine.shutdownRequested().isEmpty, true)
        check(machine.leaseAcquired(lease()), Action.giveAway(lease(), generation: 1, heir: nil))
        check(machine.isIdle, false)
    }

    @Test func successorIsGivenBackInAShutdown() {
        var machine = makeRunning()
        _ = machine.leaseLost("0")
        _ = machine.leaseAcquired(lease("5"))
        check(machine.shutdownRequested().isEmpty, true)
        check(machine.pumpEnded("0", generation: 1), Action.giveAway(lease("5"), generation: 2, heir: nil))
    }

    @Test func handOverStopsThePumpKeepsTheLeaseAndThenGivesIt() {
        var machine = makeRunning()
        check(machine.handOverRequested("0", to: "b"), Action.stopPump("0", generation: 1, reason: .handedOver))
        check(machine.ownedPartitions, ["0"])
        check(machine.heirs, ["0": "b"])
        check(machine.isStopping("0"), true)
        check(machine.leaseRenewed(lease("2")), true)
        check(machine.pumpEnded("0", generation: 1), Action.giveAway(lease("2"), generation: 1, heir: "b"))
        check(machine.heirs, ["0": "b"])
        check(machine.isStopping("0"), true)
        check(machine.ownedPartitions.isEmpty, true)
        machine.leaseReturned("0", generation: 1)
        check(machine.isIdle, true)
    }

    @Test func handOverIsOrderedOnce() {
        var machine = makeRunning()
        _ = machine.handOverRequested("0", to: "b")
        check(machine.handOverRequested("0", to: "c"), Action.none)
        check(machine.pumpEnded("0", generation: 1), Action.giveAway(lease(), generation: 1, heir: "c"))
        check(machine.handOverRequested("0", to: "d"), Action.none)
        check(machine.heirs, ["0": "c"])
    }

    @Test func whatIsNotHeldIsNotHandedOver() {
        var machine = PumpStateMachine()
        check(machine.handOverRequested("0", to: "b"), Action.none)
        _ = machine.leaseAcquired(lease())
        _ = machine.leaseLost("0")
        check(machine.handOverRequested("0", to: "b"), Action.none)
        check(machine.pumpEnded("0", generation: 1), Action.none)
    }

    @Test func leaseStolenDuringAHandOverIsNotGiven() {
        var machine = makeRunning()
        _ = machine.handOverRequested("0", to: "b")
        check(machine.leaseLost("0"), Action.stopPump("0", generation: 1, reason: .leaseLost))
        check(machine.heirs.isEmpty, true)
        check(machine.pumpEnded("0", generation: 1), Action.none)
    }

    @Test func shutdownLetsAHandOverFinish() {
        var machine = makeRunning()
        _ = machine.handOverRequested("0", to: "b")
        check(machine.shutdownRequested().isEmpty, true)
        check(machine.pumpEnded("0", generation: 1), Action.giveAway(lease(), generation: 1, heir: "b"))
    }

    @Test func renewalThatWasUnderWayIsKnownWhenTheLeaseIsGivenAway() {
        var machine = makeRunning()
        _ = machine.handOverRequested("0", to: "b")
        _ = machine.pumpEnded("0", generation: 1)
        check(machine.leaseRenewed(lease("2")), false)
        check(machine.leaseToReturn("0", generation: 1), lease("2"))
        check(machine.leaseToReturn("0", generation: 2), nil)
    }

    @Test func partitionThatComesBackWhileItIsGivenAwayStartsAnew() {
        var machine = makeRunning()
        _ = machine.handOverRequested("0", to: "b")
        _ = machine.pumpEnded("0", generation: 1)
        check(machine.leaseAcquired(lease("9")), Action.startPump(lease("9"), generation: 2))
        machine.leaseReturned("0", generation: 1)
        check(machine.ownedPartitions, ["0"])
    }
}
