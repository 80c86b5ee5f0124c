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

@testable import EventHubsProcessor

/// An event hub in memory, with the service's rule for owner levels: who comes last takes the partition.
final class FakeHub: PartitionSource {
    struct State {
        var logs: [PartitionID: Int] = [:]
        var receivers: [PartitionID: FakeReceiver] = [:]
        var openings: [(partition: PartitionID, position: EventPosition, ownerLevel: Int64?)] = []
        var openError: EventHubsError?
        var partitionsError: EventHubsError?
        var partitionsRead = 0
        var hangsOnOpen = false
    }

    let eventHub = "hub"
    let consumerGroup = "$Default"
    let batchSize: Int
    let state = Mutex(State())

    init(partitions: Int, events: Int = 0, batchSize: Int = 10) {
        self.batchSize = batchSize
        state.withLock { state in
            for partition in 0..<partitions { state.logs[PartitionID(String(partition))] = events }
        }
    }

    func partitions() async throws(EventHubsError) -> [PartitionID] {
        let answer: Result<[PartitionID], EventHubsError> = state.withLock { state in
            state.partitionsRead += 1
            return state.partitionsError.map { .failure($0) } ?? .success(state.logs.keys.sorted())
        }
        return try answer.get()
    }

    /// The enqueued time of an event is its number, in milliseconds.
    func properties(of id: PartitionID) async throws(EventHubsError) -> PartitionProperties {
        let end = end(of: id)
        return PartitionProperties(
            eventHubName: eventHub,
            id: id,
            beginningSequenceNumber: 0,
            lastEnqueuedSequenceNumber: Int64(end - 1),
            lastEnqueuedOffset: String(end - 1),
            lastEnqueuedTime: end == 0 ? nil : Timestamp(millisecondsSinceEpoch: Int64(end - 1)),
            isEmpty: end == 0
        )
    }

    func openPartition(
        _ id: PartitionID,
        from position: EventPosition,
        options: PartitionOptions
    ) async throws(EventHubsError) -> FakeReceiver {
        if state.withLock({ $0.hangsOnOpen }) {
            do {
                try await ContinuousClock().sleep(for: .seconds(3_600))
            } catch {
                throw EventHubsError(.cancelled, "the opening was cancelled")
            }
        }
        let (opened, former): (Result<FakeReceiver, EventHubsError>, FakeReceiver?) = state.withLock { state in
            state.openings.append((id, position, options.ownerLevel))
            if let error = state.openError { return (.failure(error), nil) }
            let next: Int
            switch position {
            case .earliest: next = 0
            case .offset(let offset, _): next = (Int(offset) ?? -1) + 1
            case .sequenceNumber(let number, let inclusive): next = Int(number) + (inclusive ? 0 : 1)
            case .latest, .enqueuedTime: next = state.logs[id] ?? 0
            }
            guard next <= state.logs[id] ?? 0 else {
                return (.failure(EventHubsError(.invalidPosition, "The supplied offset is invalid")), nil)
            }
            let receiver = FakeReceiver(partition: id, next: next, hub: self)
            let former = state.receivers.updateValue(receiver, forKey: id)
            return (.success(receiver), former)
        }
        former?.fail(EventHubsError(.ownershipLost, "New receiver with higher epoch is created"))
        return try opened.get()
    }

    func append(_ count: Int, to partition: PartitionID) {
        let receiver = state.withLock { state in
            state.logs[partition, default: 0] += count
            return state.receivers[partition]
        }
        receiver?.wake()
    }

    func addPartition(_ partition: PartitionID) {
        state.withLock { $0.logs[partition] = 0 }
    }

    func receiver(of partition: PartitionID) -> FakeReceiver? {
        state.withLock { $0.receivers[partition] }
    }

    func openings(of partition: PartitionID) -> [EventPosition] {
        state.withLock { $0.openings.filter { $0.partition == partition }.map(\.position) }
    }

    func ownerLevels(of partition: PartitionID) -> [Int64?] {
        state.withLock { $0.openings.filter { $0.partition == partition }.map(\.ownerLevel) }
    }

    func end(of partition: PartitionID) -> Int {
        state.withLock { $0.logs[partition] ?? 0 }
    }
}

/// Reads one partition of a ``FakeHub``.
final class FakeReceiver: PartitionReceiving {
    private struct State {
        var next: Int
        var failure: EventHubsError?
        var isClosed = false
        /// Events come to the partition and not over this link, of which nobody is told.
        var isDeaf = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    let partition: PartitionID
    private let hub: FakeHub
    private let state: Mutex<State>

    init(partition: PartitionID, next: Int, hub: FakeHub) {
        self.partition = partition
        self.hub = hub
        state = Mutex(State(next: next))
    }

    var lastEnqueued: LastEnqueuedEvent? { nil }
    var isClosed: Bool { state.withLock { $0.isClosed } }
    var isDeaf: Bool {
        get { state.withLock { $0.isDeaf } }
        set { state.withLock { $0.isDeaf = newValue } }
    }

    func nextBatch(maximumCount: Int?, maximumWait: Duration?) async throws(EventHubsError) -> EventBatch? {
        while true {
            if Task.isCancelled { throw EventHubsError(.cancelled, "the wait was cancelled") }
            let end = isDeaf ? 0 : hub.end(of: partition)
            let (range, failure, isClosed): (Range<Int>, EventHubsError?, Bool) = state.withLock { state in
                let count = min(end - state.next, hub.batchSize, maximumCount ?? .max)
                guard state.failure == nil, !state.isClosed, count > 0 else {
                    return (0..<0, state.failure, state.isClosed)
                }
                defer { state.next += count }
                return (state.next..<(state.next + count), nil, false)
            }
            if isClosed { return nil }
            if let failure { throw failure }
            if !range.isEmpty { return Self.batch(range) }
            if maximumWait != nil { return .empty }
            await wait()
        }
    }

    func close() async {
        state.withLock { $0.isClosed = true }
        wake()
    }

    func fail(_ error: EventHubsError) {
        state.withLock { $0.failure = error }
        wake()
    }

    func wake() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    let isReady =
                        state.failure != nil || state.isClosed || Task.isCancelled
                        || !state.isDeaf && state.next < hub.end(of: partition)
                    if !isReady { state.waiter = continuation }
                    return isReady
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            wake()
        }
    }

    /// Events whose offsets are their sequence numbers.
    static func batch(_ range: Range<Int>) -> EventBatch {
        EventBatch(
            copying: range.map { number in
                Message(
                    messageAnnotations: [
                        .symbol("x-opt-sequence-number"): .long(Int64(number)),
                        .symbol("x-opt-offset"): .string(String(number)),
                        .symbol("x-opt-enqueued-time"): .timestamp(Timestamp(millisecondsSinceEpoch: Int64(number))),
                    ],
                    body: .data([Array("event \(number)".utf8)])
                ).encoded()
            }
        )
    }
}
