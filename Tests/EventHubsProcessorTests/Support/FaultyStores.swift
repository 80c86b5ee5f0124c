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

import Synchronization

@testable import EventHubsProcessor

/// A lease store that can be switched off, and that counts what it is asked.
final class FaultyLeaseManager: LeaseManager {
    enum Fault: Sendable {
        case none
        case fails
        case hangs
    }

    struct Outage: Error {}

    private let base: InMemoryLeaseManager
    private let state = Mutex((fault: Fault.none, acquired: 0, renewed: 0, released: 0))

    init(_ base: InMemoryLeaseManager) {
        self.base = base
    }

    var fault: Fault {
        get { state.withLock { $0.fault } }
        set { state.withLock { $0.fault = newValue } }
    }
    var acquired: Int { state.withLock { $0.acquired } }
    var renewed: Int { state.withLock { $0.renewed } }
    var released: Int { state.withLock { $0.released } }

    func prepare(for partitions: [PartitionID], leaseDuration: Duration) async throws {
        try await checkFault()
        try await base.prepare(for: partitions, leaseDuration: leaseDuration)
    }

    func leases() async throws -> [Lease] {
        try await checkFault()
        return try await base.leases()
    }

    func acquire(_ lease: Lease, for host: HostID) async throws -> Lease? {
        try await checkFault()
        state.withLock { $0.acquired += 1 }
        return try await base.acquire(lease, for: host)
    }

    func renew(_ lease: Lease) async throws -> Lease? {
        try await checkFault()
        state.withLock { $0.renewed += 1 }
        return try await base.renew(lease)
    }

    func release(_ lease: Lease) async throws {
        try await checkFault()
        state.withLock { $0.released += 1 }
        try await base.release(lease)
    }

    /// Like a store behind a network, none of this works in a cancelled task.
    private func checkFault() async throws {
        try Task.checkCancellation()
        switch fault {
        case .none: break
        case .fails: throw Outage()
        case .hangs: try await ContinuousClock().sleep(for: .seconds(3_600))
        }
    }
}

/// A checkpoint store that can be switched off, and that remembers every write in order.
final class FaultyCheckpointManager: CheckpointManager {
    private let base: InMemoryCheckpointManager
    private let state = Mutex((isFailing: false, writes: [Checkpoint]()))
    private let gate = Mutex<Latch?>(nil)
    private let begun = Mutex(0)

    /// How many writes have been begun.
    var writesBegun: Int { begun.withLock { $0 } }

    /// Writes wait for this latch before they are done.
    var writesWaitFor: Latch? {
        get { gate.withLock { $0 } }
        set { gate.withLock { $0 = newValue } }
    }

    init(_ base: InMemoryCheckpointManager) {
        self.base = base
    }

    var isFailing: Bool {
        get { state.withLock { $0.isFailing } }
        set { state.withLock { $0.isFailing = newValue } }
    }
    var writes: [Checkpoint] { state.withLock { $0.writes } }

    func reset(_ partition: PartitionID, holding lease: Lease) async throws {
        try await base.reset(partition, holding: lease)
    }

    func checkpoint(for partition: PartitionID) async throws -> Checkpoint? {
        if isFailing { throw FaultyLeaseManager.Outage() }
        return try await base.checkpoint(for: partition)
    }

    func store(_ checkpoint: Checkpoint, holding lease: Lease) async throws {
        begun.withLock { $0 += 1 }
        await writesWaitFor?.wait()
        if isFailing { throw FaultyLeaseManager.Outage() }
        try await base.store(checkpoint, holding: lease)
        state.withLock { $0.writes.append(checkpoint) }
    }
}
