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

/// Calls a processor with batch after batch, until something happens that is not for it to decide. It runs in a task of its own, so
/// that a call can be cancelled and nothing else with it.
struct PartitionDispatch: Sendable {
    enum End: Sendable {
        /// The partition is to be closed.
        case stopped
        /// The processor has thrown; the batch is the first of what is left.
        case failed(EventBatch, any Error)
        /// There are no more events from this receiver.
        case receiverEnded(EventHubsError?)
        /// The task was cancelled, and the processor has coped.
        case interrupted
    }

    let hold: PartitionHold
    let context: PartitionContext
    let configuration: HostConfiguration
    /// Called when the number of events asks for a checkpoint.
    let checkpointIsDue: @Sendable () -> Void

    /// The path of every event: nothing is done here per event, and nothing per batch but to note where it ends.
    ///
    /// - Parameters:
    ///   - receiver: Where events come from.
    ///   - backlog: What has been received before and not processed yet.
    ///   - handle: The processor.
    /// - Returns: What has happened, and what is left of the backlog.
    @concurrent
    func run(
        from receiver: any PartitionReceiving,
        _ backlog: EventBatch,
        to handle: ProcessorHandle
    ) async -> (end: End, backlog: EventBatch) {
        let processor = handle.processor
        let maximumWait = configuration.maximumWait
        let (metrics, tracer, clock) = (hold.metrics, receiver.tracer, configuration.clock)
        var backlog = backlog
        while true {
            if backlog.isEmpty {
                do throws(EventHubsError) {
                    let next = try await receiver.nextBatch(
                        maximumCount: configuration.maximumBatchCount,
                        maximumWait: maximumWait
                    )
                    guard let next else { return (hold.reason == nil ? .receiverEnded(nil) : .stopped, .empty) }
                    backlog = next
                } catch {
                    guard hold.reason == nil else { return (.stopped, .empty) }
                    return (error.code == .cancelled && Task.isCancelled ? .interrupted : .receiverEnded(error), .empty)
                }
                if backlog.isEmpty, maximumWait == nil { continue }
            }
            let batch = configuration.maximumBatchBytes.map { backlog.prefix(bytes: $0) } ?? backlog
            switch context.batchWillBegin(batch.last.map { Checkpoint(of: $0, in: hold.partition) }) {
            case .begin: break
            case .stop: return (.stopped, backlog)
            case .interrupt: return (.interrupted, backlog)
            }
            let begin = metrics == nil || batch.isEmpty ? nil : clock.now
            do {
                if let tracer, !batch.isEmpty {
                    try await tracer.processing(batch) { try await processor.process(batch, in: context) }
                } else {
                    try await processor.process(batch, in: context)
                }
            } catch {
                if let begin { metrics?.failed(after: begin.duration(to: clock.now)) }
                return (.failed(batch, error), backlog)
            }
            if context.batchCompleted(count: batch.count) { checkpointIsDue() }
            backlog = backlog.dropFirst(batch.count)
            if let begin { metrics?.processed(batch.count, in: begin.duration(to: clock.now)) }
        }
    }
}

extension EventBatch {
    /// The first events that together have no more than so many bytes, at least one.
    func prefix(bytes limit: Int) -> EventBatch {
        guard byteCount > limit else { return self }
        var (end, size) = (startIndex, 0)
        while end < endIndex {
            size += self[end].encodedSize
            if size > limit, end > startIndex { break }
            end += 1
        }
        return self[startIndex..<end]
    }
}
