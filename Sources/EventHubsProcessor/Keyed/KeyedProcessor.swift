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

/// Processes the events of a batch side by side where their keys differ, and in order where they are equal.
///
/// ```swift
/// EventProcessorHost(consumer: consumer, leaseManager: leases, checkpointManager: checkpoints) { _ in
///     KeyedProcessor(concurrency: 16) { event, partition in try await store(event) }
/// }
/// ```
///
/// The batch is the bound: at most `concurrency` handlers run at once, nothing is kept beyond the batch, and the next one begins
/// when all of its events are done. One key's events are therefore in order over all batches. A handler that is slow holds up the next
/// batch; ``HostConfiguration/maximumBatchCount`` says how much that is.
///
/// When a handler throws, no further event of the batch is begun, and the ``HostConfiguration/failurePolicy`` is asked about the
/// events whose handlers threw, and these alone: ``FailureAction/retry`` calls the handlers of what is not done yet,
/// ``FailureAction/park(_:)`` and ``FailureAction/skip`` leave the failed events out and go on with the rest. Checkpoints
/// never cover more than the run of events from the first on that are done without a gap; after a restart events
/// behind the gap come again although they may have been done.
///
/// Handlers do not write checkpoints: use a ``CheckpointPolicy``.
public final class KeyedProcessor: EventProcessor, Sendable {
    /// What tells which events have to stay in order.
    public typealias Key = @Sendable (ReceivedEventData) -> String?
    /// Processes one event. The partition is the second argument.
    public typealias Handler = @Sendable (ReceivedEventData, PartitionID) async throws -> Void

    /// The batch in hand, over all calls with it.
    private struct Batch {
        let first: Int64
        var mark: LowWaterMark
        var failures: [(index: Int, error: any Error)] = []

        func covers(_ events: EventBatch) -> Bool {
            first == events.first?.sequenceNumber && mark.count == events.count
        }
    }

    private let concurrency: Int
    private let key: Key
    private let handler: Handler
    private let state = Mutex<Batch?>(nil)

    /// Makes a processor.
    ///
    /// - Parameters:
    ///   - concurrency: How many handlers run at once; at least one.
    ///   - key: Which events have to stay in order: those with the same answer. Those without one stay in order among each other. The
    ///     default is the key they were sent with.
    ///   - handler: Processes one event. What it throws is the failure policy's concern. Keep an event beyond the call only as a detached
    ///     copy.
    public init(
        concurrency: Int,
        key: @escaping Key = { try? $0.partitionKey },
        handler: @escaping Handler
    ) {
        precondition(concurrency > 0, "KeyedProcessor needs a concurrency of at least one")
        self.concurrency = concurrency
        self.key = key
        self.handler = handler
    }

    /// Processes what is not done yet of a batch.
    ///
    /// - Throws: When a handler has thrown, or the call was cancelled before all was done.
    public func process(_ events: EventBatch, in context: PartitionContext) async throws {
        guard let first = events.first?.sequenceNumber else { return }
        let begun = state.withLock { state in
            if state?.covers(events) != true {
                state = Batch(first: first, mark: LowWaterMark(count: events.count))
            }
            state?.failures = []
            return state?.mark
        }
        await run(lanes(of: events, without: begun), events, context.partitionID)
        let (mark, failures) = state.withLock { ($0?.mark.value ?? 0, $0?.failures ?? []) }
        guard mark < events.count else {
            state.withLock { $0 = nil }
            return
        }
        if mark > 0 {
            let last = events[events.startIndex + mark - 1]
            context.batchProgressed(to: Checkpoint(of: last, in: context.partitionID))
        }
        // Without a failure it is the cancellation that has kept events from being begun.
        guard let failure = failures.first else { throw CancellationError() }
        throw PartialFailure(
            events: failures.map(\.index).sorted().map { events[events.startIndex + $0] },
            error: failure.error,
            setAside: { [self] in leaveOut(failures.map(\.index)) }
        )
    }

    /// What is not done yet, key by key, each in order.
    private func lanes(of events: EventBatch, without mark: LowWaterMark?) -> [[Int]] {
        var places: [String?: Int] = [:]
        var lanes: [[Int]] = []
        for index in 0..<events.count where mark?.isDone(index) != true {
            let key = key(events[events.startIndex + index])
            if let place = places[key] {
                lanes[place].append(index)
            } else {
                places[key] = lanes.count
                lanes.append([index])
            }
        }
        return lanes
    }

    private func run(_ lanes: [[Int]], _ events: EventBatch, _ partition: PartitionID) async {
        await withTaskGroup(of: Void.self) { group in
            for (number, lane) in lanes.enumerated() {
                if number >= concurrency { await group.next() }
                group.addTask { await self.run(lane, events, partition) }
            }
        }
    }

    /// One key's events, until one of this or another key fails.
    private func run(_ lane: [Int], _ events: EventBatch, _ partition: PartitionID) async {
        for index in lane {
            guard !Task.isCancelled, state.withLock({ $0?.failures.isEmpty ?? false }) else { return }
            do {
                try await handler(events[events.startIndex + index], partition)
                state.withLock { $0?.mark.complete(index) }
            } catch {
                state.withLock { $0?.failures.append((index, error)) }
                return
            }
        }
    }

    private func leaveOut(_ indices: [Int]) {
        state.withLock { state in
            for index in indices { state?.mark.complete(index) }
        }
    }
}
