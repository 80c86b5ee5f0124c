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

// What becomes of events that were not processed.
extension PartitionSession {
    /// What to do after a failure.
    enum Settlement {
        /// Go on behind the batch.
        case proceed
        /// Call the processor with the batch again.
        case again
        case end(End)
    }

    /// Asks the failure policy what becomes of events that were not processed, and does it.
    func settle(
        _ batch: EventBatch,
        _ thrown: any Error,
        _ processor: any EventProcessor,
        _ memory: inout PumpMemory
    ) async -> Settlement {
        let partial = thrown as? PartialFailure
        let (last, wasOverdue) = context.batchFailed()
        let error = partial?.error ?? thrown
        var failure = BatchFailure(
            host: context.hostID,
            eventHub: context.eventHub,
            consumerGroup: context.consumerGroup,
            partition: hold.partition,
            events: partial?.events ?? Array(batch),
            error: error,
            wasOverdue: wasOverdue
        )
        memory.failures.failed(at: failure.sequenceNumbers)
        failure.failures = memory.failures.count
        await report(.processorFailed, "the processor failed", error, to: processor)
        guard hold.reason == nil else { return .end(.stopped) }
        switch configuration.failurePolicy.action(after: failure) {
        case .restart:
            return .end(.failed)
        case .retry:
            break
        case .park(let sink):
            do {
                try await park(failure, in: sink)
                return setAside(failure, .parked, partial, last)
            } catch {
                await report(.parkingFailed, "the events could not be parked", error, to: processor)
            }
        case .skip:
            return setAside(failure, .skipped, partial, last)
        case .stop(let duration):
            hold.giveUp(for: duration)
            return .end(.stopped)
        }
        await pause(afterFailures: memory.failures.count, &memory)
        return hold.reason == nil ? .again : .end(.stopped)
    }

    private func park(_ failure: BatchFailure, in sink: any DeadLetterSink) async throws {
        guard !failure.events.isEmpty else { return }
        try await withDeadline(configuration.storeDeadline, on: configuration.clock) { try await sink.park(failure) }
    }

    private func setAside(
        _ failure: BatchFailure,
        _ how: HostMetrics.SettingAside,
        _ partial: PartialFailure?,
        _ last: Checkpoint?
    ) -> Settlement {
        if let numbers = failure.sequenceNumbers {
            log(
                .warning,
                "events are \(how.rawValue): sequence numbers \(numbers.lowerBound) to \(numbers.upperBound), "
                    + "\(failure.events.count) in all",
                failure.error
            )
        }
        environment.metrics?.setAside(failure.events.count, how)
        if let partial {
            partial.setAside()
            context.setAside(failure.events.count, how, last: nil)
            return .again
        }
        context.setAside(failure.events.count, how, last: last)
        return .proceed
    }
}
