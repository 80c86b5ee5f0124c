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

// What a look at a partition shows. The path of events notes where it is; everything else is found out here, now and then.
extension PartitionHold {
    /// Whether the processor is still busy with the call it was busy with the last time.
    func lookAtHandler(_ limits: HandlerWatch.Limits, at now: ContinuousClock.Instant) -> HandlerWatch.Finding {
        let (context, finding, call) = state.withLock { state in
            let call = state.context?.callInProgress
            return (state.context, state.handler.look(at: call, now: now, limits: limits), call)
        }
        if finding == .overdue, let call { context?.cancelCall(call) }
        return finding
    }

    /// Whether the link has brought nothing though there was something to bring.
    func isLinkDead(at now: ContinuousClock.Instant) async -> Bool {
        let covered = await writer.stored?.sequenceNumber
        return state.withLock { state in
            let position = state.context?.processed?.sequenceNumber ?? covered
            let isWaiting =
                state.reason == nil && state.phase == .processing && state.receiver != nil
                && state.context?.callInProgress == nil
            return state.link.isDead(at: position, isWaiting: isWaiting, now: now)
        }
    }

    /// Whether the service is to be asked where the partition ends: the receiver does not tell, or has been silent for long, and the last
    /// time was long ago.
    ///
    /// - Parameters:
    ///   - interval: How long ago.
    ///   - jitter: What the next interval is multiplied by.
    ///   - now: The present.
    /// - Returns: True once in an interval.
    func wantsEnd(every interval: Duration, jitter: Double, at now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            guard state.reason == nil, let receiver = state.receiver else { return false }
            guard state.nextEndCheck.map({ now >= $0 }) ?? true else { return false }
            guard receiver.lastEnqueued == nil || state.link.silence(at: now) >= interval else { return false }
            state.nextEndCheck = now.advanced(by: interval * jitter)
            return true
        }
    }

    /// The service has told where the partition ends.
    func endsAt(_ properties: PartitionProperties) {
        state.withLock { state in
            state.end = properties
            let oldest = properties.beginningSequenceNumber
            let isKnown = state.beginsAtOldest && !properties.isEmpty && oldest > .min
            state.link.endsAt(properties.lastEnqueuedSequenceNumber, begunBehind: isKnown ? oldest - 1 : nil)
        }
    }

    /// What the host does with the partition.
    func status(at now: ContinuousClock.Instant) async -> PartitionStatus {
        let stored = await writer.stored
        let (state, age) = state.withLock { state in
            let processed = state.context?.processed?.sequenceNumber
            let age = state.age.look(processed: processed, covered: stored?.sequenceNumber, now: now)
            return (state, age)
        }
        var counts = state.before
        counts.add(state.context)
        let processed = state.context?.processed
        let (last, lastTime) = Self.end(state.receiver?.lastEnqueued, state.end)
        return PartitionStatus(
            partition: partition,
            phase: state.reason == nil ? state.phase : .closing,
            isHandlerSlow: state.handler.isSlow,
            lease: state.lease,
            processedEvents: counts.processed,
            parkedEvents: counts.parked,
            skippedEvents: counts.skipped,
            processedSequenceNumber: processed?.sequenceNumber,
            processedEnqueuedTime: (processed ?? stored)?.enqueuedTime,
            checkpointSequenceNumber: stored?.sequenceNumber,
            checkpointAge: age,
            lastEnqueuedSequenceNumber: last,
            lastEnqueuedTime: lastTime,
            bufferedBytes: state.receiver?.bufferedBytes ?? 0
        )
    }

    /// The later of what the receiver has heard and what the service has told.
    private static func end(_ heard: LastEnqueuedEvent?, _ told: PartitionProperties?) -> (Int64?, Timestamp?) {
        guard let told else { return (heard?.sequenceNumber, heard?.enqueuedTime) }
        guard let heard, heard.sequenceNumber >= told.lastEnqueuedSequenceNumber else {
            return (told.lastEnqueuedSequenceNumber, told.lastEnqueuedTime)
        }
        return (heard.sequenceNumber, heard.enqueuedTime)
    }
}
