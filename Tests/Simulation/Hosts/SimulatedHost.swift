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
import EventHubsProcessor
import Logging

/// One process of the simulated world with one real host in it.
final class SimulatedHost: @unchecked Sendable {
    /// Is held by everything a host has made, and by nothing else.
    private final class Token: Sendable {}

    enum End {
        case returned
        case threw(any Error)
    }

    let world: World
    let number: Int
    let name: HostID
    let domain: Domain
    let clock: ProcessorClock
    let hub: HubClient
    let port: StorePort
    let seed: UInt64
    var behaviour = ProcessorBehaviour()
    /// Whether it hands partitions over; otherwise it knows of leases only.
    var cooperates = true
    /// Whether it has got so far that it must not end any more.
    var hasStarted = false
    private(set) var isStopping = false
    private(set) var isCrashed = false
    private(set) var stoppedAt: Nanoseconds?
    /// How it was told to stop, if it was: true to have its task cancelled.
    private var isToBeCancelled: Bool?
    private var wasSlowWhenStopped = false
    private(set) var wasPaused = false
    private(set) var end: End?
    private var host: EventProcessorHost?
    private var task: Task<Void, Never>?
    private weak var token: Token?

    init(_ name: HostID, number: Int, skew: Nanoseconds, in world: World) {
        self.world = world
        self.number = number
        self.name = name
        domain = Domain(name: name.rawValue, index: number)
        let clock = SimulatedClock(scheduler: world.scheduler, domain: domain, skew: skew)
        self.clock = ProcessorClock(clock)
        hub = HubClient(hub: world.hub, domain: domain)
        port = StorePort(store: world.store, domain: domain)
        seed = world.scheduler.generator.next()
        world.store.hostNumber[name] = number
    }

    /// Whether processors may still be busy when a stop has to end.
    var mayOutlastItsDeadline: Bool { wasPaused || wasSlowWhenStopped }

    /// Whether it takes part in the group.
    var isLive: Bool { !isCrashed && !isStopping && end == nil }

    func start(_ configure: (inout HostConfiguration) -> Void) {
        var configuration = HostConfiguration(hostID: name, logger: world.logger(for: self))
        configuration.clock = clock
        configuration.randomSeed = seed
        configuration.failurePolicy = FailurePolicy { [unowned self] failure in decide(failure) }
        configure(&configuration)
        let complete = configuration
        world.referee.note(.hostStarted, host: number)
        world.scheduler.post(in: domain) { self.launch(complete) }
    }

    private func launch(_ configuration: HostConfiguration) {
        let token = Token()
        self.token = token
        let checkpoints = CheckpointClient(port: port, host: self)
        let makeProcessor: @Sendable (PartitionContext) -> any EventProcessor = { [unowned self, token] context in
            _ = token
            return SimulatedProcessor(host: self, partition: Int(context.partitionID.rawValue) ?? -1)
        }
        let host =
            cooperates
            ? EventProcessorHost(
                source: hub,
                leaseManager: CooperativeLeaseClient(port: port, host: self),
                checkpointManager: checkpoints,
                configuration: configuration,
                makeProcessor: makeProcessor
            )
            : EventProcessorHost(
                source: hub,
                leaseManager: LeaseClient(port: port, host: self),
                checkpointManager: checkpoints,
                configuration: configuration,
                makeProcessor: makeProcessor
            )
        self.host = host
        task = Task { @concurrent in
            do {
                try await host.run()
                self.ended(.returned)
            } catch {
                self.ended(.threw(error))
            }
        }
        obey()
    }

    /// What its failure policy says.
    private func decide(_ failure: BatchFailure) -> FailureAction {
        switch world.scheduler.generator.below(100) {
        case ..<40: return .restart
        case ..<70: return .retry
        case ..<85: return .park(SimulatedSink(host: self))
        case ..<95:
            setAside(failure, .skipped)
            return .skip
        default: return .stop(for: .nanoseconds(world.scheduler.generator.pick(1...20).seconds))
        }
    }

    /// The events of the failure are done with.
    func setAside(_ failure: BatchFailure, _ how: Trace.Kind) {
        guard let first = failure.events.first, let last = failure.events.last,
            let partition = Int(failure.partition.rawValue)
        else { return }
        let range = first.sequenceNumber...last.sequenceNumber
        world.referee.setAside(range, host: number, partition: partition, how)
    }

    /// Tells it to stop in good order, or cancels its task.
    func stop(cancelling: Bool = false) {
        guard isLive else { return }
        isStopping = true
        stoppedAt = world.scheduler.now
        wasSlowWhenStopped = behaviour.slowest > 0
        world.referee.note(cancelling ? .hostCancelled : .hostStopping, host: number)
        guard world.sabotage != .deafHost else { return }
        isToBeCancelled = cancelling
        world.scheduler.post(in: domain) { [self] in obey() }
    }

    /// Does what it was told. Its start may still wait for its turn: then that does it.
    private func obey() {
        guard let isToBeCancelled else { return }
        if isToBeCancelled { task?.cancel() } else { host?.shutDown() }
    }

    /// What was running is gone; its leases stay, its connections are left to the service.
    func crash() {
        guard !isCrashed, end == nil else { return }
        isCrashed = true
        world.referee.note(.hostCrashed, host: number)
        world.scheduler.kill(domain)
        if world.sabotage == .undeadHost { renewAfterDeath() }
    }

    private func renewAfterDeath() {
        world.scheduler.schedule(after: 10.seconds, in: world.scheduler.environment) { [self] in
            for lease in world.store.list() where lease.owner == name { _ = world.store.renew(lease) }
            renewAfterDeath()
        }
    }

    func pause(for duration: Nanoseconds) {
        guard !isCrashed, end == nil, domain.condition == .running else { return }
        world.referee.note(.hostPaused, host: number, duration / 1_000_000)
        wasPaused = true
        world.scheduler.pause(domain)
        world.scheduler.schedule(after: duration, in: world.scheduler.environment) { [self] in
            guard domain.condition == .paused else { return }
            world.referee.note(.hostGoesOn, host: number)
            world.scheduler.goOn(domain)
        }
    }

    private func ended(_ end: End) {
        self.end = end
        host = nil
        task = nil
        world.referee.note(.hostEnded, host: number)
        world.hostEnded(self)
    }

    /// What a host that has ended has left behind, in words.
    var remains: String? {
        if !domain.isQuiet { return "\(domain.liveTimers) sleepers and \(domain.waiting) jobs" }
        if port.pending > 0 { return "\(port.pending) calls to the store" }
        if hub.openReceivers > 0 { return "\(hub.openReceivers) open receivers" }
        if token != nil { return "memory of its parts" }
        return nil
    }
}
