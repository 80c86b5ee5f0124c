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

/// Everything of one seed: hub, store, hosts, and who watches them.
final class World: @unchecked Sendable {
    let scheduler: JobScheduler
    let referee: Referee
    let hub: SimulatedHub
    let store: SimulatedStore
    let sabotage: Sabotage?
    private(set) var hosts: [SimulatedHost] = []
    /// What all hosts of the group have in common.
    var configure: (inout HostConfiguration) -> Void = { _ in }
    /// Called with a host that has just been made and not been started.
    var prepare: (SimulatedHost) -> Void = { _ in }
    /// How far clocks are wrong at most.
    var largestSkew: Nanoseconds = 0
    private var lastName = 0

    /// After how long somebody starts a host again that could not start.
    private static let restartDelay: Nanoseconds = 5.seconds

    init(seed: UInt64, style: SimulatedStore.Style, sabotage: Sabotage?, trace: Trace) {
        scheduler = JobScheduler(seed: seed, trace: trace)
        referee = Referee(scheduler: scheduler)
        hub = SimulatedHub(scheduler: scheduler, referee: referee)
        store = SimulatedStore(style: style, scheduler: scheduler, referee: referee)
        self.sabotage = sabotage
        hub.sabotage = sabotage
        store.sabotage = sabotage
        JobScheduler.current = scheduler
    }

    var liveHosts: [SimulatedHost] { hosts.filter(\.isLive) }

    /// Starts a host, under a new name if none is given.
    func startHost(named name: HostID? = nil) {
        lastName += 1
        let skew = scheduler.generator.pick(-largestSkew...largestSkew)
        let host = SimulatedHost(name ?? HostID("host-\(lastName)"), number: hosts.count, skew: skew, in: self)
        hosts.append(host)
        prepare(host)
        host.start(configure)
    }

    /// How long a stop may take.
    static let stopDeadline: Nanoseconds = 25.seconds

    func hostEnded(_ host: SimulatedHost) {
        if let stoppedAt = host.stoppedAt, !host.wasPaused,
            scheduler.now > stoppedAt + Self.stopDeadline + 4 * JobScheduler.longestDeferral
        {
            let time = (scheduler.now - stoppedAt) / 1_000_000
            referee.violated(.boundedStop, "host \(host.number) took \(time) ms to stop")
        }
        switch host.end {
        case .threw where !host.hasStarted && !host.isStopping:
            // It has said so: whoever runs it tries again.
            referee.note(.startFailed, host: host.number)
            scheduler.schedule(after: Self.restartDelay, in: scheduler.environment) { [self] in
                startHost(named: host.name)
            }
        case .threw where !host.hasStarted:
            // The news that it is to stop came too late for a start that had failed already.
            referee.note(.startFailed, host: host.number)
        case .threw(let error) where host.isStopping:
            guard (error as? EventProcessorError)?.code == .stopTimedOut else {
                return referee.violated(.boundedStop, "host \(host.number) threw \(error)")
            }
            if !host.mayOutlastItsDeadline {
                referee.violated(.boundedStop, "host \(host.number): \(error)")
            }
        case .threw(let error): referee.violated(.neverEnds, "host \(host.number) threw \(error)")
        case .returned where !host.isStopping: referee.violated(.neverEnds, "host \(host.number) has returned")
        case .returned, nil: break
        }
    }

    /// Does it at the time.
    func at(_ time: Nanoseconds, _ work: @escaping () -> Void) {
        scheduler.schedule(after: time - scheduler.now, in: scheduler.environment, work)
    }

    /// Lets the world run until the time has come, unless a promise is broken before.
    func run(until time: Nanoseconds) {
        guard !scheduler.run(until: time) else { return }
        referee.violated(.progress, "at \(scheduler.now / 1_000_000) ms the hosts go round in a circle")
    }

    func logger(for host: SimulatedHost) -> Logger {
        guard scheduler.trace.isPrinting else {
            var logger = Logger(label: "host") { _ in SwiftLogNoOpLogHandler() }
            logger.logLevel = .critical
            return logger
        }
        return Logger(label: host.name.rawValue) { _ in TraceLogHandler(scheduler: self.scheduler, host: host.number) }
    }

    /// Lets go of what holds each other.
    func dismantle() {
        hosts = []
        configure = { _ in }
        prepare = { _ in }
        JobScheduler.current = JobScheduler(seed: 0)
    }
}

/// Prints what a host logs, between the events of the trace.
private struct TraceLogHandler: LogHandler {
    let scheduler: JobScheduler
    let host: Int
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        print("              host \(host)  \(event.level): \(event.message) \(values.joined(separator: " "))")
    }
}
