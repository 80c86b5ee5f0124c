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

import Synchronization

/// One hold of one partition, from its claim to its end: what host and pump share.
///
/// The host renews the lease and orders to stop; the pump registers what an order must reach: the receiver, the context.
final class PartitionHold: Sendable {
    private struct State {
        var lease: Lease
        var reason: CloseReason?
        var phase = PartitionStatus.Phase.opening
        var receiver: (any PartitionReceiving)?
        var cancelOpening: (@Sendable () -> Void)?
        var context: PartitionContext?
        var processedBefore = 0
        var watched: (batch: UInt64, since: ContinuousClock.Instant)?
        var isHandlerSlow = false
    }

    let partition: PartitionID
    let generation: UInt64
    let writer: CheckpointWriter
    /// Nil: nobody measures.
    let metrics: PartitionMetrics?
    /// Opens when the pump has been told to stop.
    let stopping = Latch()

    private let state: Mutex<State>

    init(lease: Lease, generation: UInt64, writer: CheckpointWriter, metrics: PartitionMetrics? = nil) {
        partition = lease.partition
        self.generation = generation
        self.writer = writer
        self.metrics = metrics
        state = Mutex(State(lease: lease))
    }

    var lease: Lease {
        state.withLock { $0.lease }
    }

    func renewed(_ lease: Lease) {
        state.withLock { $0.lease = lease }
    }

    /// Why the pump is to stop. Nil: it is not.
    var reason: CloseReason? {
        state.withLock { $0.reason }
    }

    /// Stops the dispatch at once and drops what is buffered. A lost lease overrides a shutdown: no checkpoint is written any more.
    func stop(_ reason: CloseReason) {
        let (context, cancelOpening, receiver) = state.withLock { state in
            if state.reason == nil || reason == .leaseLost { state.reason = reason }
            defer {
                state.cancelOpening = nil
                state.receiver = nil
            }
            return (state.context, state.cancelOpening, state.receiver)
        }
        if reason == .leaseLost { context?.end(.leaseLost) } else { context?.stopDispatch() }
        cancelOpening?()
        stopping.open()
        if let receiver { Task { @concurrent in await receiver.close() } }
    }
}

// What the pump tells.
extension PartitionHold {
    func enter(_ phase: PartitionStatus.Phase) {
        state.withLock { $0.phase = phase }
    }

    /// The context of the processor in charge. It is ended at once when the pump has been told to stop.
    func use(_ context: PartitionContext) {
        let reason = state.withLock { state in
            state.processedBefore += state.context?.processedEvents ?? 0
            state.context = context
            state.watched = nil
            return state.reason
        }
        guard let reason else { return }
        if reason == .leaseLost { context.end(.leaseLost) } else { context.stopDispatch() }
    }

    /// Runs the operation that opens a receiver so that ``stop(_:)`` cancels it.
    ///
    /// - Returns: The receiver, or nil when the pump is to stop.
    func open(
        _ operation: @escaping @Sendable () async throws(EventHubsError) -> any PartitionReceiving
    ) async throws(EventHubsError) -> (any PartitionReceiving)? {
        let task = Task { @concurrent () -> Result<any PartitionReceiving, EventHubsError> in
            do {
                return .success(try await operation())
            } catch let error as EventHubsError {
                return .failure(error)
            } catch {
                return .failure(
                    EventHubsError(
                        .unknown,
                        "the partition could not be opened",
                        retryAdvice: .later,
                        underlying: error
                    )
                )
            }
        }
        let isStopping = state.withLock { state in
            state.cancelOpening = { task.cancel() }
            return state.reason != nil
        }
        if isStopping { task.cancel() }
        let result = await task.value
        let receiver: any PartitionReceiving
        switch result {
        case .success(let opened): receiver = opened
        case .failure(let error):
            guard reason == nil else { return nil }
            throw error
        }
        let isWanted = state.withLock { state in
            state.cancelOpening = nil
            guard state.reason == nil else { return false }
            state.receiver = receiver
            return true
        }
        guard isWanted else {
            await receiver.close()
            return nil
        }
        return receiver
    }

    /// Ends the receiver in use.
    func closeReceiver() async {
        let receiver = state.withLock { state in
            defer { state.receiver = nil }
            return state.receiver
        }
        await receiver?.close()
    }
}

extension PartitionHold {
    /// Stores how far the processor in charge has come.
    func checkpointProcessed() async throws(EventProcessorError) {
        let context = state.withLock { $0.context }
        try await context?.checkpointProcessed()
    }

    /// Looks now and then whether the processor is still busy with the batch it had the last time: the path of events reads no
    /// clock.
    ///
    /// - Returns: True when the processor has just become slow.
    func looksSlow(at now: ContinuousClock.Instant, threshold: Duration) -> Bool {
        state.withLock { state in
            guard let batch = state.context?.batchInHand else {
                state.watched = nil
                state.isHandlerSlow = false
                return false
            }
            guard let watched = state.watched, watched.batch == batch else {
                state.watched = (batch, now)
                state.isHandlerSlow = false
                return false
            }
            guard !state.isHandlerSlow, watched.since.duration(to: now) >= threshold else { return false }
            state.isHandlerSlow = true
            return true
        }
    }

    func status() async -> PartitionStatus {
        let state = state.withLock { state in state }
        return PartitionStatus(
            partition: partition,
            phase: state.reason == nil ? state.phase : .closing,
            isHandlerSlow: state.isHandlerSlow,
            lease: state.lease,
            processedEvents: state.processedBefore + (state.context?.processedEvents ?? 0),
            processedSequenceNumber: state.context?.processed?.sequenceNumber,
            checkpointSequenceNumber: await writer.stored?.sequenceNumber,
            lastEnqueuedSequenceNumber: state.receiver?.lastEnqueued?.sequenceNumber,
            bufferedBytes: state.receiver?.bufferedBytes ?? 0
        )
    }
}
