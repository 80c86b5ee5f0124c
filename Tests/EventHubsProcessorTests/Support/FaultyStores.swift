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

@testable import EventHubsProcessor

/// A lease store that can be switched off, in whole or in part, and that counts what it is asked.
final class FaultyLeaseManager: CooperativeLeaseManager {
    enum Fault: Sendable {
        case none
        case fails
        case hangs
        case refuses
    }

    /// The calls that can fail alone.
    enum Call: Sendable {
        case renew
        case announce
        case hosts
        case withdraw
        case transfer
    }

    struct Outage: RetryableError {
        var isTransient: Bool { true }
    }

    struct Refusal: Error {}

    private struct State {
        var fault = Fault.none
        var failing: Set<Call> = []
        var prepared = 0
        var acquired = 0
        var renewed = 0
        var released = 0
        var transferred = 0
        var announced: [HostRecord] = []
        var afterTransfer: (@Sendable (InMemoryLeaseManager) async throws -> Void)?
    }

    private let base: InMemoryLeaseManager
    private let state = Mutex(State())

    init(_ base: InMemoryLeaseManager) {
        self.base = base
    }

    var fault: Fault {
        get { state.withLock { $0.fault } }
        set { state.withLock { $0.fault = newValue } }
    }
    /// Calls that fail though the others work.
    var failing: Set<Call> {
        get { state.withLock { $0.failing } }
        set { state.withLock { $0.failing = newValue } }
    }
    /// How often it was asked to be made ready, whatever came of it.
    var prepared: Int { state.withLock { $0.prepared } }
    var acquired: Int { state.withLock { $0.acquired } }
    var renewed: Int { state.withLock { $0.renewed } }
    var released: Int { state.withLock { $0.released } }
    var transferred: Int { state.withLock { $0.transferred } }
    /// All that hosts have announced, in order.
    var announced: [HostRecord] { state.withLock { $0.announced } }

    /// What happens between a transfer and its answer.
    func afterTransfer(_ body: @escaping @Sendable (InMemoryLeaseManager) async throws -> Void) {
        state.withLock { $0.afterTransfer = body }
    }

    func prepare(for partitions: [PartitionID], leaseDuration: Duration) async throws {
        state.withLock { $0.prepared += 1 }
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
        try await checkFault(.renew)
        state.withLock { $0.renewed += 1 }
        return try await base.renew(lease)
    }

    func release(_ lease: Lease) async throws {
        try await checkFault()
        state.withLock { $0.released += 1 }
        try await base.release(lease)
    }

    func announce(_ record: HostRecord) async throws {
        try await checkFault(.announce)
        state.withLock { $0.announced.append(record) }
        try await base.announce(record)
    }

    func hosts() async throws -> [HostRecord] {
        try await checkFault(.hosts)
        return try await base.hosts()
    }

    func withdraw(_ host: HostID) async throws {
        try await checkFault(.withdraw)
        try await base.withdraw(host)
    }

    func transfer(_ lease: Lease, to host: HostID) async throws -> Lease? {
        try await checkFault(.transfer)
        let given = try await base.transfer(lease, to: host)
        let then = state.withLock { state in
            state.transferred += 1
            return state.afterTransfer
        }
        try await then?(base)
        return given
    }

    /// Like a store behind a network, none of this works in a cancelled task.
    private func checkFault(_ call: Call? = nil) async throws {
        try Task.checkCancellation()
        if let call, failing.contains(call) { throw Outage() }
        switch fault {
        case .none: break
        case .fails: throw Outage()
        case .refuses: throw Refusal()
        case .hangs: try await ContinuousClock().sleep(for: .seconds(3_600))
        }
    }
}

/// The same store, as one who knows of leases alone sees it.
struct PlainLeaseManager: LeaseManager {
    let base: FaultyLeaseManager

    func prepare(for partitions: [PartitionID], leaseDuration: Duration) async throws {
        try await base.prepare(for: partitions, leaseDuration: leaseDuration)
    }

    func leases() async throws -> [Lease] { try await base.leases() }

    func acquire(_ lease: Lease, for host: HostID) async throws -> Lease? {
        try await base.acquire(lease, for: host)
    }

    func renew(_ lease: Lease) async throws -> Lease? { try await base.renew(lease) }

    func release(_ lease: Lease) async throws { try await base.release(lease) }
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
