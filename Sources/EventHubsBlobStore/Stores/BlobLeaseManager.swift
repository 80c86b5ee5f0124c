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

/// Leases in a container of Azure Blob storage, in the format that the processors of Microsoft's libraries share.
///
/// Each partition has an empty blob whose metadata names the owner; the time of its last change is the heartbeat. Every claim is
/// conditional on what was read, the first one on there being no blob. Ages are reckoned by the service's clock alone.
///
/// Hosts of this library have a blob each beside them, through which they ask for partitions: see `CooperativeLeaseManager`. The
/// others' processors do not look there.
public final class BlobLeaseManager: LeaseManager {
    private struct State {
        var duration: Duration = .seconds(60)
        /// Partitions by how they are written in paths.
        var partitions: [String: PartitionID] = [:]
    }

    private static let ownerKey = "ownerid"

    let client: BlobContainerClient
    let scope: BlobStoreScope
    private let createsContainer: Bool
    private let state = Mutex(State())

    /// Makes the store.
    ///
    /// - Parameters:
    ///   - client: The container. It may be shared by any number of stores.
    ///   - scope: The event hub and consumer group.
    ///   - createsContainer: Whether to create the container if it does not exist. Otherwise that is an error when the host starts.
    public init(client: BlobContainerClient, scope: BlobStoreScope, createsContainer: Bool = false) {
        self.client = client
        self.scope = scope
        self.createsContainer = createsContainer
    }

    /// Makes sure that the container exists, or creates it if this store may.
    public func prepare(for partitions: [PartitionID], leaseDuration: Duration) async throws {
        state.withLock { state in
            state.duration = leaseDuration
            state.partitions = Dictionary(
                partitions.map { (scope.cased($0.rawValue), $0) },
                uniquingKeysWith: { first, _ in first }
            )
        }
        try await client.prepareContainer(creating: createsContainer)
    }

    /// All leases, also of partitions that have not been told of.
    public func leases() async throws -> [Lease] {
        let prefix = scope.prefix(of: .ownership)
        let partitions = state.withLock { $0.partitions }
        return try await client.list(prefix: prefix).compactMap { record in
            guard record.name.hasPrefix(prefix) else { return nil }
            let id = String(record.name.dropFirst(prefix.count))
            guard !id.contains("/") else { return nil }
            return lease(partitions[id] ?? PartitionID(id), record)
        }
    }

    /// Writes the host's name, if nobody has written since the lease was read.
    public func acquire(_ lease: Lease, for host: HostID) async throws -> Lease? {
        try Self.validate(host)
        let name = scope.name(of: .ownership, lease.partition)
        let metadata = [HTTPRequest.Field(Self.ownerKey, host.rawValue)]
        var outcome =
            lease.token.isEmpty
            ? try await client.create(name, metadata: metadata)
            : try await client.setMetadata(name, metadata, ifMatch: lease.token)
        if outcome == .missing { outcome = try await client.create(name, metadata: metadata) }
        switch outcome {
        case .written(let record): return self.lease(lease.partition, record)
        case .changed(mayBeOwn: true):
            // The first attempt may have reached the service though its answer did not reach us.
            guard let record = try await client.read(name), record.owner == host else { return nil }
            return self.lease(lease.partition, record)
        case .changed, .missing: return nil
        }
    }

    /// Writes the host's name again, if the partition is still its own.
    public func renew(_ lease: Lease) async throws -> Lease? {
        guard let owner = lease.owner else { return nil }
        guard let record = try await write(owner.rawValue, to: lease, heldBy: owner) else { return nil }
        return self.lease(lease.partition, record)
    }

    /// Writes the empty name, if the partition is still the host's own.
    public func release(_ lease: Lease) async throws {
        guard let owner = lease.owner else { return }
        _ = try await write("", to: lease, heldBy: owner)
    }

    /// Nil: somebody else owns the partition.
    private func write(_ value: String, to lease: Lease, heldBy owner: HostID) async throws -> BlobRecord? {
        let name = scope.name(of: .ownership, lease.partition)
        let metadata = [HTTPRequest.Field(Self.ownerKey, value)]
        var etag = lease.token
        for _ in 0..<3 {
            switch try await client.setMetadata(name, metadata, ifMatch: etag) {
            case .written(let record): return record
            case .missing: return nil
            case .changed(let mayBeOwn):
                // Perhaps by ourselves: by a renewal whose answer was lost. The owner's name tells.
                guard let record = try await client.read(name) else { return nil }
                if mayBeOwn, record.metadata[Self.ownerKey] == value { return record }
                guard record.owner == owner else { return nil }
                etag = record.etag
            }
        }
        throw BlobStoreError(.conflict, "\(name) is written by somebody else under the same owner's name")
    }

    /// Writes the next owner's name, if the partition is still the host's own.
    public func transfer(_ lease: Lease, to host: HostID) async throws -> Lease? {
        try Self.validate(host)
        guard let owner = lease.owner else { return nil }
        guard let record = try await write(host.rawValue, to: lease, heldBy: owner) else { return nil }
        return self.lease(lease.partition, record)
    }

    /// How long a lease is valid.
    var leaseDuration: Duration { state.withLock { $0.duration } }

    /// The partitions as they are written in hosts' records.
    var partitionsByRequest: [String: PartitionID] {
        state.withLock { state in
            Dictionary(state.partitions.values.map { ($0.requestText, $0) }, uniquingKeysWith: { first, _ in first })
        }
    }

    private func lease(_ partition: PartitionID, _ record: BlobRecord) -> Lease {
        Lease(partition: partition, owner: record.owner, token: record.etag, expiry: expiry(of: record))
    }

    /// Until when what a blob says is valid: by the service's clock.
    func expiry(of record: BlobRecord) -> ContinuousClock.Instant {
        client.configuration.clock.now.advanced(by: leaseDuration - record.age)
    }

    /// The name goes into a header.
    static func validate(_ host: HostID) throws(BlobStoreError) {
        let isValid = !host.rawValue.isEmpty && host.rawValue.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isValid else {
            throw BlobStoreError(.invalidName, "the host's name must consist of visible ASCII characters")
        }
    }
}

extension BlobRecord {
    /// Who owns the partition. The empty name means nobody.
    var owner: HostID? {
        guard let owner = metadata["ownerid"], !owner.isEmpty else { return nil }
        return HostID(owner)
    }
}
