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
import Testing

@testable import EventHubsProcessor

/// A consumer group of a fake hub: the stores its hosts share, and the clock they live by.
struct TestGroup {
    let clock = TestClock()
    let hub: FakeHub
    let leases: FaultyLeaseManager
    let checkpoints: FaultyCheckpointManager
    let journal = Journal()

    init(_ hub: FakeHub) {
        self.hub = hub
        let leases = InMemoryLeaseManager(clock: ProcessorClock(clock))
        self.leases = FaultyLeaseManager(leases)
        checkpoints = FaultyCheckpointManager(InMemoryCheckpointManager(leaseManager: leases))
    }

    func configuration(_ name: HostID, seed: UInt64 = 1) -> HostConfiguration {
        var configuration = HostConfiguration(
            hostID: name,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        configuration.clock = ProcessorClock(clock)
        configuration.randomSeed = seed
        // What most tests count are the checkpoints that processing makes.
        configuration.checkpointPolicy.writesAtStart = false
        configuration.retryBackOff = BackOff(initial: .seconds(1), maximum: .seconds(8), jitter: 0)
        return configuration
    }

    /// A host. One that knows only leases behaves as one of another kind: it announces nothing, asks nobody and hands nothing over.
    func host(
        _ name: HostID = "a",
        knowsOnlyLeases: Bool = false,
        behaviour: JournalProcessor.Behaviour = .init(),
        configure: (inout HostConfiguration) -> Void = { _ in }
    ) -> EventProcessorHost {
        var configuration = configuration(name)
        configure(&configuration)
        let journal = journal
        func make(_ manager: some LeaseManager) -> EventProcessorHost {
            EventProcessorHost(
                source: hub,
                leaseManager: manager,
                checkpointManager: checkpoints,
                configuration: configuration
            ) { _ in JournalProcessor(journal, behaviour) }
        }
        return knowsOnlyLeases ? make(PlainLeaseManager(base: leases)) : make(leases)
    }

    /// Lets the clock run until the condition holds.
    func until(_ what: String, _ condition: () async -> Bool) async throws {
        try await eventually("\(what)", advancing: clock, condition)
    }

    func hasProcessed(_ count: Int, of partition: PartitionID) -> Bool {
        Set(journal.sequenceNumbers(of: partition)).count >= count
    }
}
