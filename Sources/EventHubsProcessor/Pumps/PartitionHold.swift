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
    struct State {
        var lease: Lease
        var reason: CloseReason?
        var phase = PartitionStatus.Phase.opening
        var receiver: (any PartitionReceiving)?
        var cancelOpening: (@Sendable () -> Void)?
        var context: PartitionContext?
        var before = EventCounts()
        var handler = HandlerWatch()
        var link = LinkWatch()
        /// Whether the session in charge began at the oldest event there is.
        var beginsAtOldest = false
        var age = CheckpointAge()
        /// Where the partition ended when the service was last asked, and when it is to be asked next.
        var end: PartitionProperties?
        var nextEndCheck: ContinuousClock.Instant?
        var reattachment: EventHubsError?
        var abstention: Duration?
    }

    /// What the processors of former sessions have done.
    struct EventCounts {
        var processed = 0
        var parked = 0
        var skipped = 0

        mutating func add(_ context: PartitionContext?) {
            guard let context else { return }
            let aside = context.eventsSetAside
            processed += context.processedEvents
            parked += aside.parked
            skipped += aside.skipped
        }
    }

    let partition: PartitionID
    let generation: UInt64
    let writer: CheckpointWriter
    /// Nil: nobody measures.
    let metrics: PartitionMetrics?
    /// Opens when the pump has been told to stop.
    let stopping = Latch()

    /// Told when a checkpoint could not be stored that nobody waits for.
    let storeFailed: @Sendable (EventProcessorError) -> Void

    let state: Mutex<State>

    init(
        lease: Lease,
        generation: UInt64,
        writer: CheckpointWriter,
        metrics: PartitionMetrics? = nil,
        storeFailed: @escaping @Sendable (EventProcessorError) -> Void
    ) {
        partition = lease.partition
        self.generation = generation
        self.writer = writer
        self.metrics = metrics
        self.storeFailed = storeFailed
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
    func begin(at position: EventPosition) {
        state.withLock { $0.beginsAtOldest = position == .earliest }
    }

    func enter(_ phase: PartitionStatus.Phase) {
        state.withLock { $0.phase = phase }
    }

    /// The context of the processor in charge. It is ended at once when the pump has been told to stop.
    func use(_ context: PartitionContext) {
        let reason = state.withLock { state in
            state.before.add(state.context)
            state.context = context
            state.handler = HandlerWatch()
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
    /// The failure policy gives the partition up.
    ///
    /// - Parameter duration: How long this host is not to claim it. Nil: until it is started anew.
    func giveUp(for duration: Duration?) {
        state.withLock { $0.abstention = duration ?? .seconds(Int64.max / 2) }
        stop(.givenUp)
    }

    /// How long this host is not to claim the partition. Nil: it may do so at once.
    var abstention: Duration? {
        state.withLock { $0.abstention }
    }

    /// A call of the processor does not return, though it was cancelled: gives the partition up without waiting for it. From here on
    /// the context refuses checkpoints; what had been processed before the call is stored if the policy stores at close.
    func abandon(_ policy: CheckpointPolicy) async {
        let context = state.withLock { $0.context }
        context?.end(.partitionClosed)
        stop(.givenUp)
        guard policy.writesAtClose, let processed = context?.processed else { return }
        do {
            try await writer.store(processed) { self.lease }
        } catch {
            storeFailed(
                EventProcessorError(
                    .storeFailed,
                    message: "the last checkpoint could not be stored",
                    partition: partition,
                    underlying: error
                )
            )
        }
    }

    /// Ends the receiver, so that the pump opens another one.
    func reattach(because error: EventHubsError) {
        state.withLock { $0.reattachment = error }
        // A dead link may take its time.
        Task { @concurrent in await closeReceiver() }
    }

    /// Why the receiver was ended, if ``reattach(because:)`` has done it.
    func takeReattachment() -> EventHubsError? {
        state.withLock { state in
            defer { state.reattachment = nil }
            return state.reattachment
        }
    }

    /// Stores how far the processor in charge has come.
    func checkpointProcessed() async throws(EventProcessorError) {
        let context = state.withLock { $0.context }
        try await context?.checkpointProcessed()
    }
}
