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
        /// Numbers the batches; odd while one is being processed.
        var batchPhase: UInt64 = 0
        var isStopping = false
        var end: EventProcessorError.Code?
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
    private let state = Mutex(State())

    init(partitionID: PartitionID, hostID: HostID, eventHub: String, consumerGroup: String, hold: PartitionHold) {
        self.partitionID = partitionID
        self.hostID = hostID
        self.eventHub = eventHub
        self.consumerGroup = consumerGroup
        self.hold = hold
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
    /// A batch is about to be processed. False: it must not be any more.
    func batchWillBegin(_ last: Checkpoint?) -> Bool {
        state.withLock { state in
            guard !state.isStopping else { return false }
            state.dispatched = last
            state.batchPhase &+= 1
            return true
        }
    }

    func batchCompleted(count: Int) {
        state.withLock { state in
            if let dispatched = state.dispatched { state.processed = dispatched }
            state.dispatched = nil
            state.batchPhase &+= 1
            state.processedEvents += count
        }
    }

    /// The batch in hand has failed: `checkpoint()` does not cover it. Tells where it would have ended.
    func batchFailed() -> Checkpoint? {
        state.withLock { state in
            defer { state.dispatched = nil }
            state.batchPhase &+= 1
            return state.dispatched
        }
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

    /// Names the batch that is being processed; nil between batches.
    var batchInHand: UInt64? {
        state.withLock { $0.batchPhase.isMultiple(of: 2) ? nil : $0.batchPhase }
    }

    var processed: Checkpoint? {
        state.withLock { $0.processed }
    }

    var processedEvents: Int {
        state.withLock { $0.processedEvents }
    }
}
