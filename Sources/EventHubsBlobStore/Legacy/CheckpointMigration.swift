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
public import EventHubsProcessor

/// Copies the checkpoints of older processors into the format of today.
///
/// A checkpoint is never moved backwards: one that the new store has is replaced only by one that is further on. The migration may
/// therefore be run while the old processors still run, and again after the last one has stopped.
public struct CheckpointMigration: Sendable {
    /// What became of one partition.
    public struct Result: Sendable {
        /// What was done.
        @nonexhaustive
        public enum Action: String, Hashable, Sendable {
            /// The checkpoint was copied.
            case copied
            /// The new store's checkpoint is as far or further, or the two cannot be compared.
            case kept
            /// The old store has no checkpoint of the partition.
            case nothingToCopy
            /// The partition could not be copied.
            case failed
        }

        /// The partition.
        public let partition: PartitionID
        /// What was done.
        public let action: Action
        /// The old store's checkpoint.
        public let legacy: Checkpoint?
        /// The new store's checkpoint before.
        public let former: Checkpoint?
        /// Who owns the partition in the old store at this moment: it goes on, and its checkpoint with it.
        public let owner: HostID?
        /// Why the partition could not be copied.
        public let error: BlobStoreError?
    }

    private let source: BlobContainerClient
    private let layout: LegacyBlobLayout
    private let prefix: String
    private let destination: BlobContainerClient
    private let scope: BlobStoreScope

    private static let maximumAttempts = 5

    /// Prepares a migration.
    ///
    /// - Parameters:
    ///   - source: The container of the older processors.
    ///   - layout: How they name their blobs.
    ///   - prefix: What was configured to come first in the names (.NET and Java: `storageBlobPrefix`).
    ///   - destination: The container of the new processors; may be the same.
    ///   - scope: The event hub and consumer group. In the old names they are as given, in the new ones as the scope has them.
    public init(
        from source: BlobContainerClient,
        layout: LegacyBlobLayout,
        prefix: String = "",
        to destination: BlobContainerClient,
        scope: BlobStoreScope
    ) {
        self.source = source
        self.layout = layout
        self.prefix = prefix
        self.destination = destination
        self.scope = scope
    }

    /// What the names of the older processors' blobs begin with.
    public var legacyPrefix: String { layout.beginning(of: scope, prefix: prefix) }

    /// Copies the checkpoint of every partition that the old store knows.
    ///
    /// - Parameters:
    ///   - isForced: Whether a checkpoint of the new store is replaced even by one that is not further on.
    ///   - createsContainer: Whether the new container is created if it does not exist and there is something to copy.
    ///   - isDryRun: Whether nothing is written, and the results tell what would be done.
    /// - Returns: One result for each partition, in the order of their numbers. Empty: there are no such blobs.
    /// - Throws: ``BlobStoreError`` when one of the containers cannot be read. What fails for one partition is in its result.
    public func run(
        isForced: Bool = false,
        createsContainer: Bool = false,
        isDryRun: Bool = false
    ) async throws -> [Result] {
        let blobs = try await partitions()
        guard !blobs.isEmpty else { return [] }
        let isDestinationThere = try await destination.containerExists()
        if !isDestinationThere, !(createsContainer && isDryRun) {
            try await destination.prepareContainer(creating: createsContainer)
        }
        let results = await withTaskGroup(of: Result.self) { group in
            for (partition, name) in blobs {
                group.addTask {
                    var copying = Copying(partition: partition)
                    do throws(BlobStoreError) {
                        guard let legacy = try await read(name, into: &copying) else {
                            return copying.result(.nothingToCopy)
                        }
                        // In the container that a dry run does not make there is nothing.
                        guard isDestinationThere || !isDryRun else { return copying.result(.copied) }
                        let action = try await write(legacy, isForced: isForced, isDryRun: isDryRun, for: &copying)
                        return copying.result(action)
                    } catch {
                        return copying.result(.failed, error)
                    }
                }
            }
            return await group.reduce(into: [Result]()) { $0.append($1) }
        }
        return results.sorted { $0.partition < $1.partition }
    }

    /// The partitions that have a blob. Partitions are numbered; what else is under the prefix is none of theirs.
    private func partitions() async throws(BlobStoreError) -> [(PartitionID, name: String)] {
        let beginning = legacyPrefix
        return try await source.list(prefix: beginning).compactMap { record in
            let id = record.name.dropFirst(beginning.count)
            let isNumber = !id.isEmpty && id.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            return isNumber ? (PartitionID(String(id)), record.name) : nil
        }
    }

    /// Names of blobs in the old container, for whoever has found none where the layout has them.
    ///
    /// - Parameter count: How many at most.
    /// - Returns: Some names.
    /// - Throws: ``BlobStoreError`` when the container cannot be read.
    public func exampleNames(_ count: Int = 3) async throws -> [String] {
        try await source.list(prefix: "").prefix(count).map(\.name)
    }

    /// What has been found out about a partition so far.
    private struct Copying {
        let partition: PartitionID
        var legacy: Checkpoint?
        var former: Checkpoint?
        var owner: HostID?

        func result(_ action: Result.Action, _ error: BlobStoreError? = nil) -> Result {
            Result(
                partition: partition,
                action: action,
                legacy: legacy,
                former: former,
                owner: owner,
                error: error
            )
        }
    }

    private func read(_ name: String, into copying: inout Copying) async throws(BlobStoreError) -> Checkpoint? {
        guard let blob = try await source.download(name) else { return nil }
        let content = try LegacyLeaseContent(copying.partition, json: blob.bytes)
        if blob.record.isLeased { copying.owner = content.owner }
        copying.legacy = content.checkpoint
        return content.checkpoint
    }

    private func write(
        _ legacy: Checkpoint,
        isForced: Bool,
        isDryRun: Bool,
        for copying: inout Copying
    ) async throws(BlobStoreError) -> Result.Action {
        let name = scope.name(of: .checkpoint, legacy.partition)
        let metadata = BlobCheckpointManager.metadata(legacy, writtenBy: "migration")
        for _ in 0..<Self.maximumAttempts {
            let current = try await destination.read(name)
            copying.former = current.map { BlobCheckpointManager.checkpoint(legacy.partition, $0.metadata) }
            guard isForced || Self.shouldReplace(copying.former, by: legacy) else { return .kept }
            guard !isDryRun else { return .copied }
            let outcome =
                if let current {
                    try await destination.setMetadata(name, metadata, ifMatch: current.etag)
                } else {
                    try await destination.create(name, metadata: metadata)
                }
            if case .written = outcome { return .copied }
        }
        throw BlobStoreError(.conflict, "\(name) is written by others all the time")
    }

    /// Nothing is replaced on a guess: without a number on both sides the new store's checkpoint stays.
    private static func shouldReplace(_ former: Checkpoint?, by legacy: Checkpoint) -> Bool {
        guard let former, former.resumePosition != nil else { return true }
        guard let old = legacy.sequenceNumber, let new = former.sequenceNumber else { return false }
        return old > new
    }
}
