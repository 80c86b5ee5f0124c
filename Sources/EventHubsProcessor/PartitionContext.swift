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

public import EventHubs
import Synchronization

/// The partition a processor works on, and its way to write checkpoints.
///
/// A context belongs to one processor. When that has been closed, or the partition's lease is lost, the context refuses every
/// checkpoint, from whatever task it comes: a former owner writes nothing.
public final class PartitionContext: Sendable {
    private struct State {
        /// The last event of the batch that is being processed.
        var dispatched: Checkpoint?
        /// The last event of the last batch that was processed.
        var processed: Checkpoint?
        var processedEvents = 0
        var parkedEvents = 0
        var skippedEvents = 0
        /// Numbers the calls; odd while one is in progress.
        var batchPhase: UInt64 = 0
        /// Cancels the task that calls the processor.
        var cancelCalls: (@Sendable () -> Void)?
        /// The call in progress has been cancelled. No other may begin in the same task.
        var isCallCancelled = false
        var counter: CheckpointCounter
        var isStopping = false
        var end: EventProcessorError.Code?
    }

    /// What becomes of a batch that is about to be processed.
    enum Beginning {
        case begin
        /// No further batch is to be processed.
        case stop
        /// Not in this task, which was cancelled.
        case interrupt
    }

    /// The partition.
    public let partitionID: PartitionID
    /// The host that owns it.
    public let hostID: HostID
    /// The name of the event hub.
    public let eventHub: String
    /// The consumer group.
    public let consumerGroup: String

    private let hold: PartitionHold
    private let state: Mutex<State>

    init(
        partitionID: PartitionID,
        hostID: HostID,
        eventHub: String,
        consumerGroup: String,
        hold: PartitionHold,
        counter: CheckpointCounter
    ) {
        self.partitionID = partitionID
        self.hostID = hostID
        self.eventHub = eventHub
        self.consumerGroup = consumerGroup
        self.hold = hold
        state = Mutex(State(counter: counter))
    }

    /// The lease the partition is held by, as last renewed.
    public var lease: Lease { hold.lease }

    /// Stores that everything up to the end of the current batch has been processed.
    ///
    /// Called in `process` this is the batch in hand, all of it; called in `close` or `failed` the last batch whose `process` has
    /// returned. Does nothing when there is no such batch, or the store is as far already.
    ///
    /// - Throws: ``EventProcessorError`` with the code ``EventProcessorError/Code/leaseLost``,
    ///   ``EventProcessorError/Code/partitionClosed`` or ``EventProcessorError/Code/storeFailed``.
    public func checkpoint() async throws(EventProcessorError) {
        guard let position = state.withLock({ $0.dispatched ?? $0.processed }) else { return }
        try await store(position)
    }

    /// Stores that everything up to and including this event has been processed.
    ///
    /// Does nothing when the store is as far already: a checkpoint never goes backwards.
    ///
    /// - Parameter event: An event of this partition.
    /// - Throws: ``EventProcessorError`` with the code ``EventProcessorError/Code/leaseLost``,
    ///   ``EventProcessorError/Code/partitionClosed`` or ``EventProcessorError/Code/storeFailed``.
    public func checkpoint(_ event: ReceivedEventData) async throws(EventProcessorError) {
        try await store(Checkpoint(of: event, in: partitionID))
    }

    private func store(_ checkpoint: Checkpoint) async throws(EventProcessorError) {
        do {
            let hold = hold
            try await hold.writer.store(checkpoint) { [self] in
                try requireOpen()
                return hold.lease
            }
        } catch let error as EventProcessorError {
            if error.code == .leaseLost { hold.stop(.leaseLost) }
            throw error
        } catch {
            throw EventProcessorError(
                .storeFailed,
                message: "the checkpoint could not be stored",
                host: hostID,
                partition: partitionID,
                underlying: error
            )
        }
    }

    private func requireOpen() throws(EventProcessorError) {
        guard let code = state.withLock({ $0.end }) else { return }
        throw EventProcessorError(
            code,
            message: "no checkpoint is written after the partition was closed or lost",
            host: hostID,
            partition: partitionID
        )
    }
}

// What the pump tells.
extension PartitionContext {
    /// A task is about to call the processor.
    func dispatches(cancel: @escaping @Sendable () -> Void) {
        state.withLock { state in
            state.cancelCalls = cancel
            state.isCallCancelled = false
        }
    }

    /// A batch is about to be processed.
    func batchWillBegin(_ last: Checkpoint?) -> Beginning {
        state.withLock { state in
            guard !state.isStopping else { return .stop }
            guard !state.isCallCancelled else { return .interrupt }
            state.dispatched = last
            state.batchPhase &+= 1
            return .begin
        }
    }

    /// A batch is processed. True: the number of events asks for a checkpoint; see ``checkpointBeside()``.
    func batchCompleted(count: Int) -> Bool {
        state.withLock { state in
            if let dispatched = state.dispatched { state.processed = dispatched }
            state.dispatched = nil
            state.batchPhase &+= 1
            state.processedEvents += count
            return state.counter.processed(count)
        }
    }

    /// The events up to this one are processed, of a batch that failed further on.
    func batchProgressed(to checkpoint: Checkpoint) {
        state.withLock { $0.processed = checkpoint }
    }

    /// The batch in hand has failed: `checkpoint()` does not cover it. Tells where it would have ended, and whether its call had been
    /// cancelled.
    func batchFailed() -> (last: Checkpoint?, wasCancelled: Bool) {
        state.withLock { state in
            defer { state.dispatched = nil }
            state.batchPhase &+= 1
            return (state.dispatched, state.isCallCancelled)
        }
    }

    /// The failure policy leaves out events that failed.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - how: What becomes of them.
    ///   - last: Where they end, if the processing goes on there.
    func setAside(_ count: Int, _ how: HostMetrics.SettingAside, last: Checkpoint?) {
        state.withLock { state in
            switch how {
            case .parked: state.parkedEvents += count
            case .skipped: state.skippedEvents += count
            }
            state.processed = last ?? state.processed
        }
    }

    /// Cancels a call, if it is still in progress: not the next one.
    func cancelCall(_ number: UInt64) {
        let cancel = state.withLock { state -> (@Sendable () -> Void)? in
            guard state.batchPhase == number else { return nil }
            state.isCallCancelled = true
            return state.cancelCalls
        }
        cancel?()
    }

    /// No further batch is to be processed.
    func stopDispatch() {
        state.withLock { $0.isStopping = true }
    }

    /// Refuses checkpoints from now on.
    func end(_ code: EventProcessorError.Code) {
        state.withLock { state in
            state.isStopping = true
            state.end = state.end ?? code
        }
    }

    /// Stores the position of the last batch that was processed.
    func checkpointProcessed() async throws(EventProcessorError) {
        guard let position = state.withLock({ $0.processed }) else { return }
        try await store(position)
    }

    /// Stores it because of the number of events processed, as often as it comes due meanwhile.
    func checkpointBeside() async {
        repeat {
            do throws(EventProcessorError) {
                try await checkpointProcessed()
            } catch {
                if error.code == .storeFailed { hold.storeFailed(error) }
            }
        } while state.withLock { $0.counter.written() }
    }

    /// Stores where the partition begins.
    func storeStart(_ checkpoint: Checkpoint) async throws(EventProcessorError) {
        try await store(checkpoint)
    }

    /// Names the call in progress; nil between calls.
    var callInProgress: UInt64? {
        state.withLock { $0.batchPhase.isMultiple(of: 2) ? nil : $0.batchPhase }
    }

    /// Whether checkpoints are accepted.
    var isOpen: Bool {
        state.withLock { $0.end == nil }
    }

    var processed: Checkpoint? {
        state.withLock { $0.processed }
    }

    var processedEvents: Int {
        state.withLock { $0.processedEvents }
    }

    var eventsSetAside: (parked: Int, skipped: Int) {
        state.withLock { ($0.parkedEvents, $0.skippedEvents) }
    }
}
