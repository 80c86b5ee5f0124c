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

/// The inside of a host: keeps leases alive, balances, checkpoints, starts and stops pumps. What it does is decided by
/// ``LeaseBalancer`` and ``PumpStateMachine``; this actor carries it out.
///
/// Renewal, balancing and checkpointing are loops that wait neither for each other nor for user code.
actor HostSupervisor {
    /// How many calls to the store are under way at once.
    static let concurrentStoreCalls = 16

    /// Opens when the host is to stop in good order.
    nonisolated let stopping = Latch()

    let environment: PumpEnvironment
    let store: LeaseStore
    let configuration: HostConfiguration
    let clock: ProcessorClock

    var machine = PumpStateMachine()
    var balancer: LeaseBalancer
    private var generator: SplitMix64
    private(set) var partitions: [PartitionID] = []
    /// Owned partitions that the hub does not have: leases of one that was made anew with fewer.
    var strayPartitions: Set<PartitionID> = []
    var pumps: [PartitionID: RunningPump] = [:]
    var fenced: Set<PartitionID> = []
    /// Partitions that were given up, and until when they are not to be claimed.
    var abstentions: [PartitionID: ContinuousClock.Instant] = [:]

    /// What was read of the group, what was announced to it and until when that will do, and what this host asks for.
    var group: GroupView
    var announced: (record: HostRecord, validUntil: ContinuousClock.Instant)?
    var requests: [PartitionID] = []

    /// Renewals under way: a lease is given away only after its own.
    var renewing: [PartitionID: Latch] = [:]
    var health: StoreHealth
    var isListingFailing = false

    /// Opens when no pump is left and every lease is given back.
    let drained = Latch()
    var releaseDeadline: ContinuousClock.Instant?
    /// Who gets what when this host stops, and opens when that is known.
    var heirs: [PartitionID: HostID] = [:]
    let heirsChosen = Latch()
    var givenAtStop: [Lease] = []

    init(environment: PumpEnvironment, leaseManager: any LeaseManager) {
        self.environment = environment
        configuration = environment.configuration
        clock = environment.configuration.clock
        store = LeaseStore(manager: leaseManager, configuration: environment.configuration)
        group = GroupView(of: environment.configuration.hostID)
        health = StoreHealth(logger: environment.logger, clock: environment.configuration.clock)
        generator = SplitMix64(seed: environment.seed)
        balancer = LeaseBalancer(
            host: environment.configuration.hostID,
            rules: BalancingRules(environment.configuration),
            seed: generator.next()
        )
    }

    /// Runs the host until ``stopping`` is open and everything is closed.
    func run() async throws {
        guard try await prepare() else { return }
        log(.info, "host started", ["partitions": "\(partitions.count)"])
        for warning in configuration.warnings { log(.warning, warning) }
        let loopsEnded = Latch()
        let loops = Task { @concurrent in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.renewalLoop() }
                group.addTask { await self.balancingLoop() }
                group.addTask { await self.checkpointLoop() }
                group.addTask { await self.watchLoop() }
                group.addTask { await self.refreshLoop() }
            }
            loopsEnded.open()
        }
        await stopping.wait()
        let end = clock.now.advanced(by: configuration.stopDeadline)
        let abandoned = await drain(before: end)
        // A call to a store that does not answer must not hold up the stop.
        if await loopsEnded.wait(until: end, on: clock) { await leave(before: end) } else { loops.cancel() }
        log(.info, "host stopped")
        environment.metrics?.destroy()
        guard abandoned.isEmpty else {
            throw EventProcessorError(
                .stopTimedOut,
                message: "processors did not return in time and were abandoned: partitions \(abandoned)",
                host: configuration.hostID,
                partition: abandoned.first
            )
        }
    }

    /// Stops at once: the tasks of processors are cancelled.
    func cancel() {
        stopping.open()
        stopPumps()
        for pump in pumps.values { pump.task.cancel() }
    }

    func status() async -> HostStatus {
        var statuses: [PartitionStatus] = []
        for pump in pumps.values { statuses.append(await pump.hold.status(at: clock.now)) }
        return HostStatus(
            host: configuration.hostID,
            storeFailingSince: health.failingSince,
            partitions: statuses
        )
    }

    /// Finds the partitions and makes the store ready, and waits for either as long as it does not answer. A failure that time does not
    /// mend is the user's to see: nothing runs yet.
    ///
    /// - Returns: False when the host was stopped meanwhile.
    private func prepare() async throws -> Bool {
        let work = Task { try await prepareWithRetries() }
        Task { @concurrent [stopping] in
            await stopping.wait()
            work.cancel()
        }
        do {
            try await work.value
        } catch {
            let wasStopped = stopping.isOpen
            stopping.open()
            guard wasStopped else { throw error }
        }
        return !stopping.isOpen
    }

    private func prepareWithRetries() async throws {
        var failures = 0
        while !stopping.isOpen {
            do {
                let found = try await environment.source.partitions().sorted()
                try await store.prepare(for: found)
                partitions = found
                return
            } catch let error as any RetryableError where error.isTransient {
                failures += 1
                let pause = configuration.retryBackOff.delay(afterFailures: failures, using: &generator)
                log(.warning, "the host cannot start yet", ["error": "\(error)", "next attempt in": "\(pause)"])
                _ = await stopping.wait(for: pause, on: clock)
            }
        }
    }
}

// MARK: - Loops

extension HostSupervisor {
    /// The update interval, give or take something.
    var nextInterval: Duration {
        configuration.updateInterval * Double.random(in: HostConfiguration.jitter, using: &generator)
    }

    /// Spreads what would otherwise be asked at the same time.
    var nextJitter: Double { Double.random(in: 0.75...1.25, using: &generator) }

    private func checkpointLoop() async {
        guard let interval = configuration.checkpointPolicy.interval else { return }
        while !(await stopping.wait(for: interval, on: clock)) {
            await forEachConcurrently(pumps.values.map(\.hold), limit: Self.concurrentStoreCalls) { hold in
                do throws(EventProcessorError) {
                    try await hold.checkpointProcessed()
                } catch  where error.code == .storeFailed {
                    await self.failed(.storeCheckpoint, "a checkpoint could not be written", error)
                } catch {
                    // The partition was closed or lost meanwhile: its pump knows.
                }
            }
        }
    }

    private func refreshLoop() async {
        while !(await stopping.wait(for: configuration.partitionRefreshInterval, on: clock)) {
            await refreshPartitions()
        }
    }

    /// Reads the partitions again.
    ///
    /// - Returns: False when hub or store have not answered.
    @discardableResult
    func refreshPartitions() async -> Bool {
        do {
            let current = try await environment.source.partitions().sorted()
            guard current != partitions else { return true }
            try await store.prepare(for: current)
            partitions = current
            log(.info, "the event hub has other partitions now", ["partitions": "\(current.count)"])
            return true
        } catch {
            log(.warning, "the partitions could not be read", ["error": "\(error)"])
            return false
        }
    }
}

// MARK: - Reporting

extension HostSupervisor {
    func failed(_ call: HostMetrics.StoreCall, _ message: String, _ error: any Error) {
        environment.metrics?.storeFailed(call)
        health.failed(message, error)
    }

    func log(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata = [:]) {
        environment.logger.log(level: level, "\(message)", metadata: metadata)
    }
}
