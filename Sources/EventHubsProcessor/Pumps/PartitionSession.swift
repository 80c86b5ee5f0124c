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

/// One processor's time with a partition: from the checkpoint to its close.
struct PartitionSession: Sendable {
    enum End: Sendable {
        case stopped
        case fenced
        case failed
    }

    private enum Opening {
        case receiver(any PartitionReceiving)
        case stopped
        case fenced
        case failed(EventHubsError)
    }

    let hold: PartitionHold
    let environment: PumpEnvironment
    let context: PartitionContext

    var configuration: HostConfiguration { environment.configuration }

    init(hold: PartitionHold, environment: PumpEnvironment) {
        self.hold = hold
        self.environment = environment
        context = environment.makeContext(for: hold)
    }

    /// Runs the session.
    func run(_ memory: inout PumpMemory) async -> End {
        hold.use(context)
        let start: PartitionStart
        do {
            start = try await PartitionStart(hold, environment, &memory)
        } catch {
            log(.warning, "the checkpoint or the initial position could not be read", error)
            memory.failures.failed(at: nil)
            return .failed
        }
        let processor = environment.makeProcessor(context)
        let end = await run(processor, from: start, &memory)
        await finish()
        return end
    }

    private func run(
        _ processor: any EventProcessor,
        from start: PartitionStart,
        _ memory: inout PumpMemory
    ) async -> End {
        var start = start
        var opening = await openReceiver(from: start.position)
        if case .failed(let error) = opening, error.code == .invalidPosition, let checkpoint = start.checkpoint {
            (opening, start) = await openInstead(of: checkpoint, error, start, &memory)
        }
        switch opening {
        case .receiver(let receiver):
            do {
                try await processor.open(context)
            } catch {
                await report(.processorFailed, "the processor failed to open", error, to: processor)
                memory.failures.failed(at: nil)
                return .failed
            }
            if start.isFirst { writeStart(start) }
            let end = await dispatch(from: receiver, start, to: processor, &memory)
            await close(processor, after: end)
            return end
        case .stopped:
            return .stopped
        case .fenced:
            return .fenced
        case .failed(let error):
            await report(.receiveFailed, "the partition could not be opened", error, to: processor)
            memory.failures.failed(at: nil)
            return .failed
        }
    }

    /// Ends the session in good order: intake, last checkpoints, processor. The context comes last.
    private func close(_ processor: any EventProcessor, after end: End) async {
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
            await report(.processorFailed, "the processor failed to close", error, to: processor)
        }
        if configuration.checkpointPolicy.writesAtClose, context.isOpen {
            do {
                try await context.checkpointProcessed()
            } catch {
                log(.warning, "the last checkpoint could not be written", error)
            }
        }
        context.end(.partitionClosed)
        if let metrics = environment.metrics {
            let isRestart = if case .failed = end { hold.reason == nil } else { false }
            metrics.willRepeat(await hold.countUncovered(at: configuration.clock.now), isRestart ? .restart : .takeOver)
        }
    }

    private func finish() async {
        context.end(.partitionClosed)
        await hold.closeReceiver()
    }
}

// MARK: - Receiving

extension PartitionSession {
    private func openReceiver(from position: EventPosition) async -> Opening {
        do {
            let (source, partition) = (environment.source, hold.partition)
            let options = environment.partitionOptions(under: hold.lease)
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

    /// The service does not accept the checkpoint: goes on elsewhere if the policy says where. The checkpoint is forgotten only when
    /// the receiver stands at its new place.
    private func openInstead(
        of checkpoint: Checkpoint,
        _ error: EventHubsError,
        _ start: PartitionStart,
        _ memory: inout PumpMemory
    ) async -> (Opening, PartitionStart) {
        guard let position = configuration.invalidCheckpointPolicy.position(insteadOf: checkpoint) else {
            return (.failed(await environment.explain(error, checkpoint)), start)
        }
        do {
            let other = try await PartitionStart(at: position, hold.partition, environment)
            log(.warning, "\(checkpoint) is not valid here: going on from \(other.position)", error)
            let opening = await openReceiver(from: other.position)
            guard case .receiver = opening else { return (opening, start) }
            try await hold.writer.reset(hold.lease)
            memory.initial = other.position
            return (opening, other)
        } catch {
            await hold.closeReceiver()
            log(.warning, "the partition could not go on elsewhere", error)
            let failure = error as? EventHubsError
            return (.failed(failure ?? EventHubsError(.unknown, "\(error)", retryAdvice: .later)), start)
        }
    }

    /// Lets the processor be called until it fails for good or the partition is to be given up; opens the receiver anew as often as
    /// needed.
    private func dispatch(
        from receiver: any PartitionReceiving,
        _ start: PartitionStart,
        to processor: any EventProcessor,
        _ memory: inout PumpMemory
    ) async -> End {
        let handle = ProcessorHandle(processor: processor)
        var (receiver, backlog) = (receiver, EventBatch.empty)
        hold.begin(at: start.position)
        var failures = 0
        while true {
            let before = context.processedEvents
            hold.enter(.processing)
            let end: PartitionDispatch.End
            (end, backlog) = await call(handle, receiver, backlog)
            switch end {
            case .stopped:
                return .stopped
            case .interrupted:
                guard hold.reason == nil else { return .stopped }
            case .failed(let batch, let error):
                switch await settle(batch, error, processor, &memory) {
                case .proceed: backlog = backlog.dropFirst(batch.count)
                case .again: break
                case .end(let end): return end
                }
            case .receiverEnded(let error):
                if context.processedEvents > before { failures = 0 }
                let failure =
                    error ?? hold.takeReattachment()
                    ?? EventHubsError(.closed, "the receiver has ended", retryAdvice: .immediately)
                switch await reopen(after: failure, start, processor, &failures, &memory) {
                case .receiver(let opened): receiver = opened
                case .fenced: return .fenced
                case .stopped, .failed: return .stopped
                }
            }
        }
    }

    private func call(
        _ handle: ProcessorHandle,
        _ receiver: any PartitionReceiving,
        _ backlog: EventBatch
    ) async -> (PartitionDispatch.End, EventBatch) {
        let dispatch = PartitionDispatch(
            hold: hold,
            context: context,
            configuration: configuration,
            checkpointIsDue: { [context] in Task { @concurrent in await context.checkpointBeside() } }
        )
        let task = Task { @concurrent in await dispatch.run(from: receiver, backlog, to: handle) }
        context.dispatches { task.cancel() }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Opens the receiver where the processor stands, as often as it takes.
    private func reopen(
        after failure: EventHubsError,
        _ start: PartitionStart,
        _ processor: any EventProcessor,
        _ failures: inout Int,
        _ memory: inout PumpMemory
    ) async -> Opening {
        var failure = failure
        while true {
            await hold.closeReceiver()
            guard hold.reason == nil else { return .stopped }
            guard failure.code != .ownershipLost else { return .fenced }
            failures += 1
            await report(.receiveFailed, "the receiver failed", failure, to: processor)
            await pause(afterFailures: failures, &memory)
            guard hold.reason == nil else { return .stopped }
            switch await openReceiver(from: context.processed?.resumePosition ?? start.position) {
            case .failed(let error): failure = error
            case let opening: return opening
            }
        }
    }
}

// MARK: - Checkpoints and reports

extension PartitionSession {
    /// Stores where the partition begins, beside the processing. Without it nothing is lost: the first real checkpoint comes later.
    private func writeStart(_ start: PartitionStart) {
        guard configuration.checkpointPolicy.writesAtStart else { return }
        let (context, source, partition) = (context, environment.source, hold.partition)
        Task { @concurrent [self] in
            do {
                guard let checkpoint = try await start.makeCheckpoint(of: partition, from: source) else { return }
                try await context.storeStart(checkpoint)
            } catch {
                log(.debug, "the first checkpoint could not be written", error)
            }
        }
    }

    /// Waits before the next attempt, or until the pump is told to stop.
    func pause(afterFailures failures: Int, _ memory: inout PumpMemory) async {
        hold.enter(.backingOff)
        let duration = configuration.retryBackOff.delay(afterFailures: failures, using: &memory.generator)
        _ = await hold.stopping.wait(for: duration, on: configuration.clock)
    }

    func report(
        _ code: EventProcessorError.Code,
        _ message: String,
        _ error: any Error,
        to processor: any EventProcessor
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

    func log(_ level: Logger.Level, _ message: String, _ error: (any Error)? = nil) {
        var metadata: Logger.Metadata = ["partition": "\(hold.partition)"]
        if let error { metadata["error"] = "\(error)" }
        environment.logger.log(level: level, "\(message)", metadata: metadata)
    }
}
