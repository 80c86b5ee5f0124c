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
import Foundation
import HTTPExchange
import Synchronization

/// Leases and checkpoints in the layout of the first event processor hosts for .NET and Java, to work beside them until the last one
/// is gone.
///
/// Each partition has one blob, `{prefix}{group}/{partition}`, which holds lease and checkpoint as JSON. Who has the lease of the
/// blob owns the partition: the service refuses the writes of everybody else, so that a checkpoint needs no look at who owns the
/// partition. A partition is taken from its owner by changing the lease's id, which the blob tells. Every take raises the *epoch* in
/// the blob, and receivers are opened with it as their owner level, so that the thief's cuts off the owner's.
///
/// Blob leases last 15 to 60 s: `HostConfiguration.leaseDuration` has to be in between, 30 s as the other hosts have it or the
/// default of 60 s. Move to the format of today with ``CheckpointMigration`` when all hosts are ours.
public final class LegacyBlobStore: LeaseManager, CheckpointManager {
    /// Which of the older hosts' spellings of JSON is written. Both are read.
    @nonexhaustive
    public enum Dialect: Hashable, Sendable {
        /// `PartitionId`, `Offset`: as the host for .NET writes.
        case dotnet
        /// `partitionId`, `offset`: as the host for Java writes.
        case java
    }

    private struct State {
        var seconds: Int64 = 30
        /// What the blobs of the leases held by this store say. Nobody else can write them.
        var held: [PartitionID: LegacyLeaseContent] = [:]
    }

    private static let ownerKey = "OWNINGHOST"

    private let client: BlobContainerClient
    private let prefix: String
    private let spelling: LegacyLeaseContent.Spelling
    private let createsContainer: Bool
    private let state = Mutex(State())

    /// Makes the store.
    ///
    /// - Parameters:
    ///   - client: The container. It may be shared by any number of stores.
    ///   - consumerGroup: The consumer group, spelled as the other hosts spell it.
    ///   - prefix: What the other hosts put before the consumer group (`storageBlobPrefix`), with the slash if there is one.
    ///   - dialect: How the JSON is written.
    ///   - createsContainer: Whether to create the container if it does not exist. Otherwise that is an error when the host starts.
    public init(
        client: BlobContainerClient,
        consumerGroup: String,
        prefix: String = "",
        dialect: Dialect = .dotnet,
        createsContainer: Bool = false
    ) {
        self.client = client
        self.prefix = prefix + consumerGroup + "/"
        spelling =
            switch dialect {
            case .dotnet: .pascalCase
            case .java: .camelCase
            }
        self.createsContainer = createsContainer
    }

    private func name(_ partition: PartitionID) -> String { prefix + partition.rawValue }
}

// MARK: - Leases

extension LegacyBlobStore {
    /// Makes sure that the container exists, or creates it if this store may.
    public func prepare(for partitions: [PartitionID], leaseDuration: Duration) async throws {
        guard leaseDuration >= .seconds(15), leaseDuration <= .seconds(60) else {
            throw EventProcessorError(
                .invalidConfiguration,
                message: "leaseDuration is \(leaseDuration), but the leases of blobs last 15 to 60 s"
            )
        }
        let (seconds, rest) = leaseDuration.components
        state.withLock { $0.seconds = seconds + (rest > 0 ? 1 : 0) }
        try await client.prepareContainer(creating: createsContainer)
    }

    /// The leases of the partitions that have a blob. Their epochs, which only the blobs tell, are zero here.
    public func leases() async throws -> [Lease] {
        let records = try await client.list(prefix: prefix)
        return try await withThrowingTaskGroup(of: Lease.self) { group in
            for record in records {
                let id = String(record.name.dropFirst(prefix.count))
                guard !id.contains("/") else { continue }
                group.addTask { try await self.lease(PartitionID(id), record) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func lease(_ partition: PartitionID, _ record: BlobRecord) async throws -> Lease {
        var owner: HostID?
        if record.isLeased {
            owner = record.metadata[Self.ownerKey.lowercased()].map { HostID($0) }
            // The hosts of some libraries name themselves in the content only.
            if owner == nil { owner = try await read(partition)?.content.owner }
        }
        return Lease(
            partition: partition,
            owner: owner,
            token: record.etag,
            expiry: owner.map { _ in expiry(from: client.configuration.clock.now) }
        )
    }

    /// Takes the blob's lease, free or from its holder, and writes the host's name and the next epoch into the blob.
    public func acquire(_ lease: Lease, for host: HostID) async throws -> Lease? {
        try BlobLeaseManager.validate(host)
        let partition = lease.partition
        if lease.token.isEmpty {
            let empty = try LegacyLeaseContent(partition).json(spelling)
            guard try await client.upload(name(partition), empty, under: nil) != .changed(mayBeOwn: false) else {
                return nil
            }
        }
        guard let (blob, current) = try await read(partition) else { return nil }
        // A blob that was just made belongs to nobody; another one is as it was read, or somebody else was faster.
        let isAsRead = lease.token.isEmpty ? !blob.isLeased && current.owner == nil : blob.etag == lease.token
        guard isAsRead else { return nil }

        let now = client.configuration.clock.now
        let id = UUID().uuidString.lowercased()
        guard try await takeLease(of: blob, heldAs: current.token, as: id) else { return nil }
        var content = current
        content.owner = host
        content.token = id
        content.epoch = try Self.epoch(after: current)
        guard try await write(content) else { return nil }
        return held(content, expiry: expiry(from: now))
    }

    private func takeLease(of blob: BlobRecord, heldAs current: String, as id: String) async throws -> Bool {
        guard blob.isLeased else {
            let seconds = state.withLock { $0.seconds }
            return try await client.acquireLease(blob.name, id, seconds: seconds, ifMatch: blob.etag)
        }
        // Its holder has not written its id yet, or has lost it: that lease has to run out.
        guard !current.isEmpty else { return false }
        guard try await client.changeLease(blob.name, from: current, to: id, ifMatch: blob.etag) else { return false }
        return try await client.renewLease(blob.name, id)
    }

    private static func epoch(after content: LegacyLeaseContent) throws(BlobStoreError) -> Int64 {
        let (next, overflows) = content.epoch.addingReportingOverflow(1)
        guard !overflows else {
            throw BlobStoreError(.invalidResponse, "the epoch of partition \(content.partition) cannot grow any more")
        }
        return next
    }

    /// Renews the blob's lease.
    public func renew(_ lease: Lease) async throws -> Lease? {
        guard let owner = lease.owner else { return nil }
        let now = client.configuration.clock.now
        guard try await client.renewLease(name(lease.partition), lease.token) else { return nil }
        return Lease(
            partition: lease.partition,
            owner: owner,
            token: lease.token,
            epoch: lease.epoch,
            ownerLevel: lease.ownerLevel,
            expiry: expiry(from: now)
        )
    }

    /// Takes the host's name out of the blob, where the checkpoint stays, and gives the blob's lease back.
    public func release(_ lease: Lease) async throws {
        guard lease.owner != nil, var content = try await content(under: lease) else { return }
        content.owner = nil
        content.token = ""
        guard try await write(content, under: lease.token) else { return }
        try await client.releaseLease(name(lease.partition), lease.token)
    }

    private func held(_ content: LegacyLeaseContent, expiry: ContinuousClock.Instant) -> Lease {
        Lease(
            partition: content.partition,
            owner: content.owner,
            token: content.token,
            epoch: content.epoch,
            ownerLevel: content.epoch,
            expiry: expiry
        )
    }

    /// Reckoned from before the request: the service's lease ends no earlier.
    private func expiry(from now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        now.advanced(by: .seconds(state.withLock { $0.seconds }))
    }
}

// MARK: - Checkpoints

extension LegacyBlobStore {
    /// The last checkpoint, whichever library has written it.
    public func checkpoint(for partition: PartitionID) async throws -> Checkpoint? {
        try await read(partition)?.content.checkpoint
    }

    /// Stores a checkpoint, only forward; the service sees to it that nobody but the holder of the lease does.
    public func store(_ checkpoint: Checkpoint, holding lease: Lease) async throws {
        guard var content = try await content(under: lease) else { throw Self.leaseLost(lease) }
        if let stored = content.checkpoint, !checkpoint.isAhead(of: stored) { return }
        content.offset = checkpoint.offset
        content.sequenceNumber = checkpoint.sequenceNumber
        guard try await write(content) else { throw Self.leaseLost(lease) }
    }

    /// Empties the checkpoint, only for the holder of the lease.
    public func reset(_ partition: PartitionID, holding lease: Lease) async throws {
        guard var content = try await content(under: lease) else { throw Self.leaseLost(lease) }
        content.offset = nil
        content.sequenceNumber = nil
        guard try await write(content) else { throw Self.leaseLost(lease) }
    }

    private static func leaseLost(_ lease: Lease) -> EventProcessorError {
        EventProcessorError(
            .leaseLost,
            message: "the lease of the partition's blob is not held any more",
            host: lease.owner,
            partition: lease.partition
        )
    }
}

// MARK: - Blobs

extension LegacyBlobStore {
    private func read(_ partition: PartitionID) async throws -> (record: BlobRecord, content: LegacyLeaseContent)? {
        guard let blob = try await client.download(name(partition)) else { return nil }
        return (blob.record, try LegacyLeaseContent(partition, json: blob.bytes))
    }

    /// What the blob holds, if it is held by this lease.
    private func content(under lease: Lease) async throws -> LegacyLeaseContent? {
        if let known = state.withLock({ $0.held[lease.partition] }), known.token == lease.token { return known }
        guard let content = try await read(lease.partition)?.content, content.token == lease.token else { return nil }
        return content
    }

    /// Writes the blob under the lease that the content names, or another one.
    ///
    /// False when that lease is not held any more.
    private func write(_ content: LegacyLeaseContent, under leaseID: String? = nil) async throws -> Bool {
        let partition = content.partition
        let metadata = content.owner.map { [HTTPRequest.Field(Self.ownerKey, $0.rawValue)] } ?? []
        state.withLock { $0.held[partition] = nil }
        let outcome = try await client.upload(
            name(partition),
            content.json(spelling),
            metadata: metadata,
            under: leaseID ?? content.token
        )
        guard case .written = outcome else { return false }
        if content.owner != nil { state.withLock { $0.held[partition] = content } }
        return true
    }
}
