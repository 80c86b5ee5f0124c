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

/// What the processors of a test were called with, in order.
final class Journal: Sendable {
    enum Entry: Equatable {
        case opened(PartitionID, HostID)
        case processed(PartitionID, HostID, Range<Int>)
        case closed(PartitionID, HostID, CloseReason)
        case failed(PartitionID, HostID, EventProcessorError.Code)
    }

    private let state = Mutex<[Entry]>([])

    func note(_ entry: Entry) {
        state.withLock { $0.append(entry) }
    }

    var entries: [Entry] { state.withLock { $0 } }

    func entries(of partition: PartitionID) -> [Entry] {
        entries.filter { entry in
            switch entry {
            case .opened(partition, _), .processed(partition, _, _), .closed(partition, _, _), .failed(partition, _, _):
                true
            default: false
            }
        }
    }

    /// The sequence numbers of a partition in the order they were processed.
    func sequenceNumbers(of partition: PartitionID) -> [Int] {
        entries.flatMap { entry -> [Int] in
            guard case .processed(partition, _, let range) = entry else { return [] }
            return Array(range)
        }
    }

    func closeReasons(of partition: PartitionID) -> [CloseReason] {
        entries.compactMap { entry in
            guard case .closed(partition, _, let reason) = entry else { return nil }
            return reason
        }
    }

    var failures: [EventProcessorError.Code] {
        entries.compactMap { entry in
            guard case .failed(_, _, let code) = entry else { return nil }
            return code
        }
    }
}

/// Writes what it is called with into a journal; what else it does is given by closures. Keeps state without a lock, as a
/// user's processor may, and notes a call that overlaps another.
final class JournalProcessor: EventProcessor {
    struct Behaviour: Sendable {
        var open: @Sendable (PartitionContext) async throws -> Void = { _ in }
        var process: @Sendable (EventBatch, PartitionContext) async throws -> Void = { _, _ in }
        var close: @Sendable (PartitionContext, CloseReason) async throws -> Void = { _, _ in }
    }

    private let journal: Journal
    private let behaviour: Behaviour
    private var isBusy = false

    init(_ journal: Journal, _ behaviour: Behaviour = Behaviour()) {
        self.journal = journal
        self.behaviour = behaviour
    }

    func open(_ context: PartitionContext) async throws {
        try await alone {
            journal.note(.opened(context.partitionID, context.hostID))
            try await behaviour.open(context)
        }
    }

    func process(_ events: EventBatch, in context: PartitionContext) async throws {
        try await alone {
            try await behaviour.process(events, context)
            guard let first = events.first, let last = events.last else { return }
            let range = Int(first.sequenceNumber)..<(Int(last.sequenceNumber) + 1)
            journal.note(.processed(context.partitionID, context.hostID, range))
        }
    }

    func close(_ context: PartitionContext, reason: CloseReason) async throws {
        try await alone {
            try await behaviour.close(context, reason)
            journal.note(.closed(context.partitionID, context.hostID, reason))
        }
    }

    func failed(_ error: EventProcessorError, in context: PartitionContext) async {
        journal.note(.failed(context.partitionID, context.hostID, error.code))
    }

    private func alone(_ body: () async throws -> Void) async throws {
        precondition(!isBusy, "calls to a processor overlap")
        isBusy = true
        defer { isBusy = false }
        try await body()
    }
}

/// What processors of tests throw.
struct TestFailure: Error {}
