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

/// Moves the events of one partition to its processor, for as long as the host holds the partition.
///
/// ```
/// run: session after session, with back-off, until told to stop
///   session: read the checkpoint, open a receiver, make and open a processor, dispatch, close both
///     dispatch: next batch -> process -> note the position    (nothing else: this is the path of every event)
/// ```
///
/// A receiver that fails is opened again where the processor stands, in the same session. A processor that throws ends the session;
/// the next one begins at the checkpoint.
struct PartitionPump: Sendable {
    /// How a pump ended.
    enum End: Hashable, Sendable {
        /// It was told to.
        case stopped(CloseReason)
        /// The service fenced the receiver off: somebody else reads the partition.
        case fenced
    }

    private enum SessionEnd {
        case stopped
        case fenced
        /// The last sequence number of the batch that failed, if it was a batch.
        case failed(at: Int64?)
    }

    let hold: PartitionHold
    let environment: PumpEnvironment

    /// Runs until the hold is told to stop or the service fences it off. Does not throw: it has nobody to give up to.
    @concurrent
    func run() async -> End {
        var generator = SplitMix64(seed: environment.seed ^ hold.generation)
        var failures = 0
        var failedAt: Int64?
        var initial: EventPosition?
        while hold.reason == nil {
            hold.enter(.opening)
            switch await session(beginningAt: &initial) {
            case .stopped: break
            case .fenced: return .fenced
            case .failed(let position):
                // Only a failure further on than the last one counts as progress: a poison batch backs off ever longer.
                let hasProgressed = position.map { $0 > (failedAt ?? .min) } ?? false
                failures = hasProgressed ? 1 : failures + 1
                failedAt = position ?? failedAt
                await pause(environment.configuration.retryBackOff.delay(afterFailures: failures, using: &generator))
            }
        }
        return .stopped(hold.reason ?? .shutdown)
    }

    /// One session. Without a checkpoint it begins at `initial`, which is found out once: `.latest` has to stay the same place,
    /// or what comes between two sessions would be skipped.
    private func session(beginningAt initial: inout EventPosition?) async -> SessionEnd {
        let context = environment.makeContext(for: hold)
        hold.use(context)
        let checkpoint: Checkpoint?
        var start: EventPosition
        do {
            checkpoint = try await hold.writer.load(for: hold.partition)
            if let position = checkpoint?.resumePosition ?? initial {
                start = position
            } else {
                let position = environment.configuration.initialPosition(hold.partition)
                start = try await environment.source.resolve(position, of: hold.partition)
                initial = start
            }
        } catch {
            log(.warning, "the checkpoint or the initial position could not be read", error)
            return .failed(at: nil)
        }
        let processor = environment.makeProcessor(context)
        var end: SessionEnd
        var opening = await openReceiver(from: start)
        if case .failed(let error) = opening, error.code == .invalidPosition, let checkpoint,
            let other = environment.configuration.invalidCheckpointPolicy.position(insteadOf: checkpoint)
        {
            log(.warning, "the checkpoint at \(start) is not valid here: going on from \(other)", error)
            start = other
            do {
                try await hold.writer.reset(hold.lease)
                opening = await openReceiver(from: other)
            } catch {
                log(.warning, "the checkpoint that is not valid could not be removed", error)
            }
        }
        switch opening {
        case .receiver(let receiver):
            do {
                try await processor.open(context)
            } catch {
                await report(.processorFailed, "the processor failed to open", error, to: processor, context)
                await finish(context)
                return .failed(at: nil)
            }
            end = await dispatch(from: receiver, startingAt: start, to: processor, in: context)
        case .stopped:
            return .stopped
        case .fenced:
            return .fenced
        case .failed(let error):
            await report(.receiveFailed, "the partition could not be opened", error, to: processor, context)
            return .failed(at: nil)
        }
        end = await close(processor, in: context, after: end)
        return end
    }

    private enum Opening {
        case receiver(any PartitionReceiving)
        case stopped
        case fenced
        case failed(EventHubsError)
    }

    private func openReceiver(from position: EventPosition) async -> Opening {
        do {
            let (source, partition, options) = (environment.source, hold.partition, environment.partitionOptions)
            let receiver = try await hold.open { () async throws(EventHubsError) in
                try await source.openPartition(partition, from: position, options: options)
            }
            guard let receiver else { return .stopped }
            log(.info, "reading from \(position)")
            return .receiver(receiver)
        } catch {
            return error.code == .ownershipLost ? .fenced : .failed(error)
        }
    }

    /// Dispatches until the processor fails or the partition is to be given up; opens the receiver anew as often as needed.
    private func dispatch(
        from receiver: any PartitionReceiving,
        startingAt start: EventPosition,
        to processor: any EventProcessor,
        in context: PartitionContext
    ) async -> SessionEnd {
        var generator = SplitMix64(seed: environment.seed &+ hold.generation)
        var receiver = receiver
        var failures = 0
        while true {
            let before = context.processedEvents
            hold.enter(.processing)
            var failure: EventHubsError
            switch await pump(from: receiver, to: processor, in: context) {
            case .stopped:
                return .stopped
            case .processorFailed(let error):
                let position = context.batchFailed()?.sequenceNumber
                await report(.processorFailed, "the processor failed", error, to: processor, context)
                return .failed(at: position)
            case .receiverEnded(let error):
                failure = error ?? EventHubsError(.closed, "the receiver has ended", retryAdvice: .immediately)
            }
            if context.processedEvents > before { failures = 0 }
            var reopened: (any PartitionReceiving)?
            while reopened == nil {
                await hold.closeReceiver()
                guard hold.reason == nil else { return .stopped }
                guard failure.code != .ownershipLost else { return .fenced }
                failures += 1
                await report(.receiveFailed, "the receiver failed", failure, to: processor, context)
                await pause(environment.configuration.retryBackOff.delay(afterFailures: failures, using: &generator))
                guard hold.reason == nil else { return .stopped }
                switch await openReceiver(from: context.processed?.resumePosition ?? start) {
                case .receiver(let opened): reopened = opened
                case .stopped: return .stopped
                case .fenced: return .fenced
                case .failed(let error): failure = error
                }
            }
            if let reopened { receiver = reopened }
        }
    }

    private enum PumpingEnd {
        case stopped
        case processorFailed(any Error)
        case receiverEnded(EventHubsError?)
    }

    /// The path of every event: nothing is done here per event, and nothing per batch but to note where it ends.
    private func pump(
        from receiver: any PartitionReceiving,
        to processor: any EventProcessor,
        in context: PartitionContext
    ) async -> PumpingEnd {
        let maximumCount = environment.configuration.maximumBatchCount
        let maximumWait = environment.configuration.maximumWait
        let partition = hold.partition
        let (metrics, clock) = (hold.metrics, environment.configuration.clock)
        while true {
            let batch: EventBatch
            do throws(EventHubsError) {
                let next = try await receiver.nextBatch(maximumCount: maximumCount, maximumWait: maximumWait)
                guard let next else { return hold.reason == nil ? .receiverEnded(nil) : .stopped }
                batch = next
            } catch {
                return hold.reason == nil ? .receiverEnded(error) : .stopped
            }
            if batch.isEmpty, maximumWait == nil { continue }
            guard context.batchWillBegin(batch.last.map { Checkpoint(of: $0, in: partition) }) else { return .stopped }
            let begin = metrics == nil || batch.isEmpty ? nil : clock.now
            do {
                try await processor.process(batch, in: context)
            } catch {
                if let begin { metrics?.failed(after: begin.duration(to: clock.now)) }
                return .processorFailed(error)
            }
            context.batchCompleted(count: batch.count)
            if let begin { metrics?.processed(batch.count, in: begin.duration(to: clock.now)) }
        }
    }

    /// Ends a session in good order: intake, last checkpoints, processor, context.
    private func close(
        _ processor: any EventProcessor,
        in context: PartitionContext,
        after end: SessionEnd
    ) async -> SessionEnd {
        await hold.closeReceiver()
        let reason: CloseReason
        switch end {
        case .fenced:
            reason = .leaseLost
            context.end(.leaseLost)
        case .stopped: reason = hold.reason ?? .shutdown
        case .failed: reason = hold.reason ?? .processorFailed
        }
        do {
            try await processor.close(context, reason: reason)
        } catch {
            await report(.processorFailed, "the processor failed to close", error, to: processor, context)
        }
        if reason != .leaseLost, environment.configuration.checkpointPolicy.writesAtClose {
            do {
                try await context.checkpointProcessed()
            } catch {
                log(.warning, "the last checkpoint could not be written", error)
            }
        }
        await finish(context)
        if let metrics = environment.metrics {
            let isRestart = if case .failed = end { hold.reason == nil } else { false }
            metrics.willRepeat(await hold.countUncovered(), isRestart ? .restart : .takeOver)
        }
        return end
    }

    private func finish(_ context: PartitionContext) async {
        context.end(.partitionClosed)
        await hold.closeReceiver()
    }

    private func pause(_ duration: Duration) async {
        hold.enter(.backingOff)
        _ = await hold.stopping.wait(for: duration, on: environment.configuration.clock)
    }

    private func report(
        _ code: EventProcessorError.Code,
        _ message: String,
        _ error: any Error,
        to processor: any EventProcessor,
        _ context: PartitionContext
    ) async {
        log(.warning, message, error)
        await processor.failed(
            EventProcessorError(
                code,
                message: message,
                host: context.hostID,
                partition: context.partitionID,
                underlying: error
            ),
            in: context
        )
    }

    private func log(_ level: Logger.Level, _ message: String, _ error: (any Error)? = nil) {
        var metadata: Logger.Metadata = ["partition": "\(hold.partition)"]
        if let error { metadata["error"] = "\(error)" }
        environment.logger.log(level: level, "\(message)", metadata: metadata)
    }
}
