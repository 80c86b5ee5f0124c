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

internal import Logging
internal import Synchronization

/// Which partition an event goes to, and the buffers there are. The list of partitions is read when it is first needed,
/// and again every few minutes, as an event hub may grow.
final class PartitionRouter: Sendable {
    /// How often the list of partitions is read.
    static let refreshInterval: Duration = .seconds(300)

    private let sender: any BatchSender
    private let maximumBatchSize: Int?
    private let environment: ClientEnvironment
    private let logger: Logger?
    private let makeBuffer: @Sendable (PartitionID, EventDataBatch) -> PartitionBuffer
    private let numbered = NumberedBuffers()
    private let state = Mutex(State())

    private struct State {
        /// In the service's order, by which keys are mapped; empty before it is known.
        var ids: [PartitionID] = []
        /// The buffers of `ids`, where there are some.
        var slots: [PartitionBuffer?] = []
        var buffers: [PartitionID: PartitionBuffer] = [:]
        var turn = 0
        var refresher: Task<Void, Never>?
        var isClosed = false

        mutating func set(_ ids: [PartitionID]) {
            self.ids = ids
            slots = ids.map { buffers[$0] }
        }

        /// Where in `ids` the next event for `target` goes; nil when that is not known yet.
        func nextIndex(for target: PartitionTarget) -> Int? {
            switch target {
            case .partition(let id): ids.firstIndex(of: id)
            case _ where ids.isEmpty: nil
            case .key(let key): PartitionKeyHash.index(of: key, among: ids.count)
            case .automatic: turn % ids.count
            }
        }

        mutating func insert(_ buffer: PartitionBuffer) {
            buffers[buffer.id] = buffer
            if let index = ids.firstIndex(of: buffer.id) { slots[index] = buffer }
        }
    }

    private enum Choice {
        case buffer(PartitionBuffer)
        case partition(PartitionID)
        case unknown
    }

    init(
        _ sender: any BatchSender,
        maximumBatchSize: Int?,
        environment: ClientEnvironment,
        logger: Logger?,
        makeBuffer: @escaping @Sendable (PartitionID, EventDataBatch) -> PartitionBuffer
    ) {
        self.sender = sender
        self.maximumBatchSize = maximumBatchSize
        self.environment = environment
        self.logger = logger
        self.makeBuffer = makeBuffer
    }

    deinit { state.withLock { $0.refresher?.cancel() } }

    /// All buffers there are.
    var buffers: [PartitionBuffer] { state.withLock { Array($0.buffers.values) } }

    /// How many partitions there are, as far as is known.
    var partitionCount: Int { state.withLock { $0.ids.count } }

    /// The buffer that the next event for `target` goes to; nil when there is none yet, or none any more: then nobody's turn
    /// is over.
    func knownBuffer(for target: PartitionTarget) -> PartitionBuffer? {
        // A buffer that is closed says so itself.
        if case .partition(let id) = target, let buffer = numbered[id] { return buffer }
        return state.withLock { state in
            guard !state.isClosed else { return nil }
            if case .partition(let id) = target { return state.buffers[id] }
            guard let index = state.nextIndex(for: target), let buffer = state.slots[index] else { return nil }
            if target == .automatic { state.turn = index + 1 }
            return buffer
        }
    }

    /// The buffer that the next event for `target` goes to. It is made when it is first asked for, over an open link.
    func buffer(for target: PartitionTarget) async throws(EventHubsError) -> PartitionBuffer {
        switch try choose(target) {
        case .buffer(let buffer): return buffer
        case .partition(let id): return try await open(id)
        case .unknown: break
        }
        let ids = try await sender.partitionIDs()
        guard !ids.isEmpty else { throw EventHubsError(.invalidResponse, "The event hub has no partitions.") }
        state.withLock { state in
            state.set(ids)
            guard state.refresher == nil, !state.isClosed else { return }
            state.refresher = Task { [weak self, sleep = environment.sleep] in
                while true {
                    do { try await sleep(Self.refreshInterval) } catch { return }
                    guard let self else { return }
                    await self.refresh()
                }
            }
        }
        return try await buffer(for: target)
    }

    /// Makes no buffer any more.
    /// - Returns: those there are.
    func close() -> [PartitionBuffer] {
        state.withLock { state in
            state.isClosed = true
            state.refresher?.cancel()
            return Array(state.buffers.values)
        }
    }

    private func choose(_ target: PartitionTarget) throws(EventHubsError) -> Choice {
        try state.withLock { state throws(EventHubsError) in
            guard !state.isClosed else { throw .closed }
            if case .partition(let id) = target { return state.buffers[id].map { .buffer($0) } ?? .partition(id) }
            guard let index = state.nextIndex(for: target) else { return .unknown }
            if target == .automatic { state.turn = index + 1 }
            return state.slots[index].map { .buffer($0) } ?? .partition(state.ids[index])
        }
    }

    private func open(_ id: PartitionID) async throws(EventHubsError) -> PartitionBuffer {
        let blank = try await sender.makeBatch(for: id, maximumSize: maximumBatchSize)
        return try state.withLock { state throws(EventHubsError) in
            guard !state.isClosed else { throw .closed }
            if let buffer = state.buffers[id] { return buffer }
            let buffer = makeBuffer(id, blank)
            state.insert(buffer)
            numbered.insert(buffer)
            return buffer
        }
    }

    private func refresh() async {
        // A failure to read the list is no reason to forget it.
        guard let ids = try? await sender.partitionIDs(), !ids.isEmpty else { return }
        let count = state.withLock { state in
            defer { if state.ids != ids { state.set(ids) } }
            return state.ids.count
        }
        guard count != ids.count else { return }
        logger?.info("the event hub has \(ids.count) partitions now", metadata: ["before": "\(count)"])
    }
}
