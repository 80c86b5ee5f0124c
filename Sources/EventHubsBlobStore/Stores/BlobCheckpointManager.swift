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
import HTTPExchange
import Synchronization

/// Checkpoints in a container of Azure Blob storage, in the format that the processors of Microsoft's libraries and autoscalers share.
///
/// Those write without any condition. This store looks at the ownership first, and writes only forward and only if nobody has
/// written since it looked: a former owner writes nothing, and no checkpoint goes backwards.
public final class BlobCheckpointManager: CheckpointManager {
    private struct Known {
        let etag: String
        let checkpoint: Checkpoint
    }

    /// How often a write starts over when others write at the same time.
    private static let maximumAttempts = 5

    private let client: BlobContainerClient
    private let scope: BlobStoreScope
    /// What was last read or written here, to spare reading it again. One entry per partition.
    private let known = Mutex<[PartitionID: Known]>([:])

    /// Makes the store.
    ///
    /// - Parameters:
    ///   - client: The container. It may be shared by any number of stores.
    ///   - scope: The event hub and consumer group: the same as the lease manager's.
    public init(client: BlobContainerClient, scope: BlobStoreScope) {
        self.client = client
        self.scope = scope
    }

    /// The last checkpoint, whichever library has written it.
    public func checkpoint(for partition: PartitionID) async throws -> Checkpoint? {
        try await read(partition)?.checkpoint
    }

    /// Stores a checkpoint, only forward and only for the holder of the lease.
    public func store(_ checkpoint: Checkpoint, holding lease: Lease) async throws {
        let partition = checkpoint.partition
        var current = known.withLock { $0[partition] }
        for attempt in 0..<Self.maximumAttempts {
            if attempt > 0 || current == nil { current = try await read(partition) }
            if let current, !checkpoint.isAhead(of: current.checkpoint) { return }
            // Asked after the checkpoint was read: if the partition has moved meanwhile, this refuses it.
            try await requireOwnership(lease)
            if let written = try await write(checkpoint, over: current, by: lease.owner) {
                known.withLock { $0[partition] = Known(etag: written.etag, checkpoint: checkpoint) }
                return
            }
        }
        throw BlobStoreError(.conflict, "the checkpoint of partition \(partition) is written by others all the time")
    }

    /// Empties the checkpoint, only for the holder of the lease.
    public func reset(_ partition: PartitionID, holding lease: Lease) async throws {
        for _ in 0..<Self.maximumAttempts {
            guard let current = try await read(partition) else { return }
            try await requireOwnership(lease)
            let empty = Checkpoint(partition: partition, offset: nil, sequenceNumber: nil)
            guard let written = try await write(empty, over: current, by: lease.owner) else { continue }
            known.withLock { $0[partition] = Known(etag: written.etag, checkpoint: empty) }
            return
        }
        throw BlobStoreError(.conflict, "the checkpoint of partition \(partition) is written by others all the time")
    }

    private func read(_ partition: PartitionID) async throws -> Known? {
        let record = try await client.read(scope.name(of: .checkpoint, partition))
        let current = record.map { Known(etag: $0.etag, checkpoint: Self.checkpoint(partition, $0.metadata)) }
        known.withLock { $0[partition] = current }
        return current
    }

    private func requireOwnership(_ lease: Lease) async throws {
        let record = try await client.read(scope.name(of: .ownership, lease.partition))
        guard let owner = lease.owner, record?.owner == owner else {
            throw EventProcessorError(
                .leaseLost,
                message: "the partition belongs to \(record?.owner?.rawValue ?? "nobody") now",
                host: lease.owner,
                partition: lease.partition
            )
        }
    }

    /// Nil: somebody has written since.
    private func write(_ checkpoint: Checkpoint, over current: Known?, by host: HostID?) async throws -> BlobRecord? {
        let name = scope.name(of: .checkpoint, checkpoint.partition)
        let metadata = Self.metadata(checkpoint, writtenBy: host?.rawValue ?? "")
        let outcome =
            if let current {
                try await client.setMetadata(name, metadata, ifMatch: current.etag)
            } else {
                try await client.create(name, metadata: metadata)
            }
        switch outcome {
        case .written(let record): return record
        case .changed, .missing: return nil
        }
    }

    /// What a blob says of a checkpoint, and of who has written it.
    static func metadata(_ checkpoint: Checkpoint, writtenBy client: String) -> [HTTPRequest.Field] {
        var metadata: [HTTPRequest.Field] = [
            .init("offset", checkpoint.offset ?? ""),
            .init("sequencenumber", checkpoint.sequenceNumber.map { String($0) } ?? ""),
            .init("clientidentifier", client),
        ]
        // Of our own: other libraries read the fields they know, and drop the rest when they write.
        if let time = checkpoint.enqueuedTime {
            metadata.append(.init("enqueuedtime", String(time.millisecondsSinceEpoch)))
        }
        return metadata
    }

    /// Reads what any library may have written: missing values, empty ones, and a number that means "none".
    static func checkpoint(_ partition: PartitionID, _ metadata: [String: String]) -> Checkpoint {
        let offset = metadata["offset"].flatMap { $0.isEmpty ? nil : $0 }
        let number = metadata["sequencenumber"].flatMap { Int64($0) }
        return Checkpoint(
            partition: partition,
            offset: offset,
            sequenceNumber: number == .min ? nil : number,
            enqueuedTime: metadata["enqueuedtime"].flatMap { Int64($0) }.map { Timestamp(millisecondsSinceEpoch: $0) }
        )
    }
}
