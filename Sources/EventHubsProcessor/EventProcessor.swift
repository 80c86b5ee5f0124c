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

/// What a user writes: it processes the events of one partition.
///
/// The host makes one processor for each partition it owns, whenever it comes to own it. Calls to one processor never
/// overlap: `open` first, then `process` batch after batch in the order of the partition, `close` last, after the last
/// `process` has returned. A processor therefore needs no lock and need not be `Sendable`; an actor may conform too.
///
/// **Errors.** What `process` or `open` throws goes to ``failed(_:in:)``; then, unless ``HostConfiguration/failurePolicy`` says
/// otherwise, the processor is closed with ``CloseReason/processorFailed`` and, after a back-off, a new one is made that
/// resumes at the last checkpoint. The host skips no event by itself: a batch that always fails is delivered again and
/// again, with growing pauses, until the processor copes with it.
public protocol EventProcessor {
    /// The partition is ours: prepare for its events.
    ///
    /// - Parameter context: The partition, and the way to write its checkpoints.
    /// - Throws: What kept the processor from opening.
    func open(_ context: PartitionContext) async throws

    /// Process the next batch of events of the partition.
    ///
    /// The batch is a view on receive buffers. Keep it, or an event of it, beyond this call only as a detached copy.
    ///
    /// - Parameters:
    ///   - events: The events in the order of the partition. Empty only when
    ///     ``HostConfiguration/maximumWait`` is set and has passed without an event.
    ///   - context: The partition, and the way to write its checkpoints.
    /// - Throws: What kept the events from being processed. They will be delivered again.
    func process(_ events: EventBatch, in context: PartitionContext) async throws

    /// The last call to this processor. Not made when `open` has thrown.
    ///
    /// - Parameters:
    ///   - context: The partition. Unless the lease is lost a last checkpoint may be written here.
    ///   - reason: Why the partition is closed.
    /// - Throws: What went wrong. It is reported to ``failed(_:in:)`` and changes nothing.
    func close(_ context: PartitionContext, reason: CloseReason) async throws

    /// Something went wrong with the partition: this processor threw, or events could not be received. The host goes on
    /// by itself; this call is for the user's own record. It does nothing by default: the host logs the error anyway.
    ///
    /// - Parameters:
    ///   - error: What happened. Its `underlying` is what the processor threw.
    ///   - context: The partition.
    func failed(_ error: EventProcessorError, in context: PartitionContext) async
}

extension EventProcessor {
    /// Does nothing.
    public func open(_ context: PartitionContext) async throws {}

    /// Does nothing.
    public func close(_ context: PartitionContext, reason: CloseReason) async throws {}

    /// Does nothing.
    public func failed(_ error: EventProcessorError, in context: PartitionContext) async {}
}
