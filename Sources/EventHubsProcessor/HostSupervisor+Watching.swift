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

// Looks at the partitions now and then: at processors that do not return, at links that bring nothing, and at what is measured.
extension HostSupervisor {
    /// How many partitions the service is asked about at once.
    private static let concurrentEndChecks = 4

    func watchLoop() async {
        while !(await drained.wait(for: nextInterval, on: clock)) {
            await watchHandlers()
            await watchLinks()
            await measure()
        }
    }

    private func watchHandlers() async {
        let limits = HandlerWatch.Limits(
            slow: configuration.slowHandlerThreshold,
            deadline: configuration.handlerDeadline,
            grace: configuration.handlerGracePeriod
        )
        for hold in pumps.values.map(\.hold) {
            let finding = hold.lookAtHandler(limits, at: clock.now)
            guard finding != .nothing else { continue }
            let partition: Logger.Metadata = ["partition": "\(hold.partition)"]
            switch finding {
            case .nothing: break
            case .slow: log(.warning, "the processor is slow", partition)
            case .overdue: log(.warning, "the processor is overdue: its call is cancelled", partition)
            case .stuck:
                guard hold.reason == nil else { continue }
                log(.error, "the processor does not return though it was cancelled: giving the partition up", partition)
                await hold.abandon(configuration.checkpointPolicy)
                giveUp(hold)
            }
        }
    }

    /// Returns the lease of a partition that is given up, and keeps away from it for as long as the failure policy said.
    func giveUp(_ hold: PartitionHold) {
        let action = machine.gaveUp(hold.partition, generation: hold.generation)
        // The pump of a call that was given up ends later, and has no more to give.
        guard action != .none else { return }
        log(.warning, "partition given up", ["partition": "\(hold.partition)"])
        abstentions[hold.partition] = hold.abstention.map { clock.now.advanced(by: $0) }
        apply(action)
    }

    /// Whether the partition was given up and is not to be claimed yet.
    func abstains(from partition: PartitionID) -> Bool {
        guard let end = abstentions[partition] else { return false }
        if clock.now >= end { abstentions[partition] = nil }
        return clock.now < end
    }

    private func watchLinks() async {
        guard let interval = configuration.endCheckInterval, !stopping.isOpen else { return }
        var unknown: [PartitionHold] = []
        for hold in pumps.values.map(\.hold) {
            if await hold.isLinkDead(at: clock.now) {
                log(
                    .warning,
                    "the link is silent though events have come: attaching again",
                    ["partition": "\(hold.partition)"]
                )
                hold.reattach(
                    because: EventHubsError(
                        .linkDetached,
                        "the link was silent though the partition had events beyond the last one received",
                        retryAdvice: .immediately,
                        eventHub: environment.source.eventHub,
                        partition: hold.partition
                    )
                )
            } else if hold.wantsEnd(every: interval, jitter: nextJitter, at: clock.now) {
                unknown.append(hold)
            }
        }
        let (source, deadline, clock) = (environment.source, configuration.storeDeadline, clock)
        await forEachConcurrently(unknown, limit: Self.concurrentEndChecks) { hold in
            do {
                let properties = try await withDeadline(deadline, on: clock) {
                    try await source.properties(of: hold.partition)
                }
                hold.endsAt(properties)
            } catch {
                await self.log(
                    .debug,
                    "the end of the partition could not be read",
                    ["partition": "\(hold.partition)", "error": "\(error)"]
                )
            }
        }
    }
}
