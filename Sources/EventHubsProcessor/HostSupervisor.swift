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

import Logging

/// The inside of a host: keeps leases alive, balances, checkpoints, starts and stops pumps. What it does is decided by
/// ``LeaseBalancer`` and ``PumpStateMachine``; this actor carries it out.
///
/// Renewal, balancing and checkpointing are loops that wait neither for each other nor for user code.
actor HostSupervisor {
    /// How many calls to the store are under way at once.
    private static let concurrentStoreCalls = 16

    /// Opens when the host is to stop in good order.
    nonisolated let stopping = Latch()

    let environment: PumpEnvironment
    private let store: LeaseStore
    let configuration: HostConfiguration
    let clock: ProcessorClock

    private(set) var machine = PumpStateMachine()
    private var balancer: LeaseBalancer
    private var generator: SplitMix64
    private var partitions: [PartitionID] = []
    private(set) var pumps: [PartitionID: RunningPump] = [:]
    private var fenced: Set<PartitionID> = []

    private var renewing: Set<PartitionID> = []
    private var releaseAfterRenewal: [PartitionID: Lease] = [:]
    private var releasing = 0
    private var health: StoreHealth
    private var isListingFailing = false

    /// Opens when no pump is left and every lease is given back.
    private let drained = Latch()
    private var releaseDeadline: ContinuousClock.Instant?

    init(environment: PumpEnvironment, leaseManager: any LeaseManager) {
        self.environment = environment
        configuration = environment.configuration
        clock = environment.configuration.clock
        store = LeaseStore(
            manager: leaseManager,
            deadline: environment.configuration.storeDeadline,
            clock: environment.configuration.clock,
            leaseDuration: environment.configuration.leaseDuration
        )
        health = StoreHealth(logger: environment.logger, clock: environment.configuration.clock)
        generator = SplitMix64(seed: environment.seed)
        balancer = LeaseBalancer(
            host: environment.configuration.hostID,
            leaseDuration: environment.configuration.leaseDuration,
            seed: generator.next()
        )
    }

    /// Runs the host until ``stopping`` is open and everything is closed.
    func run() async throws {
        guard try await prepare() else { return }
        log(.info, "host started", ["partitions": "\(partitions.count)"])
        let loopsEnded = Latch()
        let loops = Task { @concurrent in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.renewalLoop() }
                group.addTask { await self.balancingLoop() }
                group.addTask { await self.checkpointLoop() }
                group.addTask { await self.refreshLoop() }
            }
            loopsEnded.open()
        }
        await stopping.wait()
        let end = clock.now.advanced(by: configuration.stopDeadline)
        let abandoned = await drain(before: end)
        // A call to a store that does not answer must not hold up the stop.
        if !(await loopsEnded.wait(until: end, on: clock)) { loops.cancel() }
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
        for pump in pumps.values { statuses.append(await pump.hold.status()) }
        return HostStatus(
            host: configuration.hostID,
            storeFailingSince: health.failingSince,
            partitions: statuses
        )
    }

    /// Finds the partitions and makes the store ready. A failure here is the user's to see: nothing runs yet.
    ///
    /// - Returns: False when the host was stopped meanwhile.
    private func prepare() async throws -> Bool {
        let (source, store) = (environment.source, store)
        let work = Task { @concurrent in
            let partitions = try await source.partitions().sorted()
            try await store.prepare(for: partitions)
            return partitions
        }
        Task { @concurrent [stopping] in
            await stopping.wait()
            work.cancel()
        }
        do {
            partitions = try await work.value
        } catch {
            let wasStopped = stopping.isOpen
            stopping.open()
            guard wasStopped else { throw error }
        }
        return !stopping.isOpen
    }
}

// MARK: - Leases

extension HostSupervisor {
    /// The update interval, so that hosts which were started together do not stay in step.
    private var nextInterval: Duration {
        configuration.updateInterval * Double.random(in: 0.9...1.1, using: &generator)
    }

    private func renewalLoop() async {
        while !(await drained.wait(for: nextInterval, on: clock)) {
            watchHandlers()
            await measure()
            await forEachConcurrently(machine.leasesToRenew, limit: Self.concurrentStoreCalls) { lease in
                await self.renew(lease)
            }
        }
    }

    private func renew(_ lease: Lease) async {
        let partition = lease.partition
        guard machine.lease(of: partition)?.token == lease.token else { return }
        renewing.insert(partition)
        var current = lease
        do {
            let renewed = try await store.renew(lease)
            health.answered()
            if let renewed {
                current = renewed
                if machine.lease(of: partition)?.token == lease.token, machine.leaseRenewed(renewed) {
                    pumps[partition]?.hold.renewed(renewed)
                }
            } else if machine.lease(of: partition)?.token == lease.token {
                lost(partition)
            }
        } catch {
            failed(.renew, "a lease could not be renewed", error)
        }
        renewing.remove(partition)
        if releaseAfterRenewal.removeValue(forKey: partition) != nil { await release(current) }
    }

    private func balancingLoop() async {
        repeat {
            await balance()
        } while !(await stopping.wait(for: nextInterval, on: clock))
    }

    /// Reads the leases, decides, applies.
    private func balance() async {
        let listed: [Lease]
        do {
            listed = try await store.leases()
        } catch {
            isListingFailing = true
            return failed(.list, "the leases could not be listed", error)
        }
        health.answered()
        let wasFailing = isListingFailing
        isListingFailing = false
        noteForeignOwners(in: listed)
        // After an outage every lease looks expired: let the owners renew before anything is claimed.
        guard !wasFailing, !stopping.isOpen else { return }
        let known = Dictionary(listed.map { ($0.partition, $0) }, uniquingKeysWith: { first, _ in first })
        let decisions = balancer.decide(
            leases: partitions.map { known[$0] ?? .unclaimed($0) },
            holding: machine.ownedPartitions,
            at: clock.now
        )
        let claims = decisions.compactMap { decision -> Lease? in
            switch decision {
            case .acquire(let lease), .steal(let lease, _): machine.isStopping(lease.partition) ? nil : lease
            case .renew, .keep: nil
            }
        }
        await forEachConcurrently(claims, limit: Self.concurrentStoreCalls) { lease in
            await self.acquire(lease)
        }
    }

    /// What we hold and the store says is another's is lost: no need to wait for the next renewal.
    private func noteForeignOwners(in listed: [Lease]) {
        let owned = machine.ownedPartitions
        for lease in listed {
            if let owner = lease.owner, owner != configuration.hostID {
                fenced.remove(lease.partition)
                if owned.contains(lease.partition) { lost(lease.partition) }
            } else if lease.owner != nil, fenced.remove(lease.partition) != nil {
                log(
                    .warning,
                    "the receiver was cut off though the lease is still ours: somebody reads this consumer group with "
                        + "another lease store or a higher owner level",
                    ["partition": "\(lease.partition)"]
                )
            }
        }
    }

    private func acquire(_ lease: Lease) async {
        guard !stopping.isOpen else { return }
        do {
            let acquired = try await store.acquire(lease, for: configuration.hostID)
            guard let acquired else { return environment.metrics?.claimLost() ?? () }
            environment.metrics?.partitionAcquired(.init(lease, by: configuration.hostID, at: clock.now))
            log(
                .info,
                "partition acquired",
                ["partition": "\(lease.partition)", "from": "\(lease.owner?.rawValue ?? "nobody")"]
            )
            await apply(machine.leaseAcquired(acquired))
        } catch {
            failed(.acquire, "a lease could not be acquired", error)
        }
    }

    private func release(_ lease: Lease) async {
        guard !renewing.contains(lease.partition) else {
            releaseAfterRenewal[lease.partition] = lease
            return
        }
        releasing += 1
        defer {
            releasing -= 1
            noteDrained()
        }
        do {
            try await store.release(lease, before: releaseDeadline)
            log(.info, "partition released", ["partition": "\(lease.partition)"])
        } catch {
            failed(.release, "a lease could not be released: it will expire", error)
        }
    }

    private func lost(_ partition: PartitionID) {
        guard case .stopPump(_, let generation, let reason) = machine.leaseLost(partition) else { return }
        log(.info, "partition lost", ["partition": "\(partition)"])
        stopPump(partition, generation: generation, reason: reason)
    }
}

// MARK: - Pumps

extension HostSupervisor {
    private func apply(_ action: PumpStateMachine.Action) async {
        switch action {
        case .startPump(let lease, let generation): startPump(lease, generation: generation)
        case .stopPump(let partition, let generation, let reason):
            stopPump(partition, generation: generation, reason: reason)
        case .release(let lease): await release(lease)
        case .none: break
        }
    }

    private func startPump(_ lease: Lease, generation: UInt64) {
        let pump = RunningPump(lease: lease, generation: generation, environment: environment)
        pumps[lease.partition] = pump
        // A task of its own: when the pump's was cancelled, the lease must still be given back.
        Task { @concurrent in await self.pumpEnded(pump.hold, await pump.task.value) }
    }

    private func stopPump(_ partition: PartitionID, generation: UInt64, reason: CloseReason) {
        guard let pump = pumps[partition], pump.hold.generation == generation else { return }
        pump.hold.stop(reason)
    }

    private func stopPumps() {
        for case .stopPump(let partition, let generation, let reason) in machine.shutdownRequested() {
            stopPump(partition, generation: generation, reason: reason)
        }
    }

    private func pumpEnded(_ hold: PartitionHold, _ end: PartitionPump.End) async {
        let partition = hold.partition
        if pumps[partition]?.hold.generation == hold.generation { pumps[partition] = nil }
        if end == .fenced {
            fenced.insert(partition)
            log(.info, "partition lost: its receiver was cut off by another one", ["partition": "\(partition)"])
        }
        measureEnd(of: hold, end)
        await apply(machine.pumpEnded(partition, generation: hold.generation))
        noteDrained()
    }

    private func failed(_ call: HostMetrics.StoreCall, _ message: String, _ error: any Error) {
        environment.metrics?.storeFailed(call)
        health.failed(message, error)
    }

    private func checkpointLoop() async {
        guard case .every(let interval) = configuration.checkpointPolicy else { return }
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
            do {
                let current = try await environment.source.partitions().sorted()
                guard current != partitions else { continue }
                try await store.prepare(for: current)
                partitions = current
                log(.info, "the event hub has other partitions now", ["partitions": "\(current.count)"])
            } catch {
                log(.warning, "the partitions could not be read", ["error": "\(error)"])
            }
        }
    }
}

// MARK: - Stopping and reporting

extension HostSupervisor {
    /// Stops the pumps, gives the leases back, and keeps to the stop deadline: processors have four fifths of it, then
    /// another tenth with their tasks cancelled; the rest is for the store.
    ///
    /// - Returns: The partitions whose processors did not return.
    private func drain(before end: ContinuousClock.Instant) async -> [PartitionID] {
        let start = clock.now
        releaseDeadline = end
        stopPumps()
        noteDrained()
        if await drained.wait(until: start.advanced(by: configuration.stopDeadline * 0.8), on: clock) { return [] }
        log(.warning, "processors do not return: cancelling them", ["partitions": "\(Array(pumps.keys))"])
        for pump in pumps.values { pump.task.cancel() }
        if await drained.wait(until: start.advanced(by: configuration.stopDeadline * 0.9), on: clock) { return [] }
        let abandoned = pumps.values.map(\.hold)
        for hold in abandoned {
            hold.stop(.leaseLost)
            pumps[hold.partition] = nil
        }
        await forEachConcurrently(abandoned, limit: abandoned.count + 1) { hold in
            await self.abandon(hold)
        }
        _ = await drained.wait(until: end, on: clock)
        drained.open()
        return abandoned.map(\.partition)
    }

    private func abandon(_ hold: PartitionHold) async {
        await apply(machine.pumpEnded(hold.partition, generation: hold.generation))
    }

    private func noteDrained() {
        guard stopping.isOpen, machine.isIdle, releasing == 0, releaseAfterRenewal.isEmpty else { return }
        guard releaseDeadline != nil else { return }
        drained.open()
    }

    func log(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata = [:]) {
        environment.logger.log(level: level, "\(message)", metadata: metadata)
    }
}
