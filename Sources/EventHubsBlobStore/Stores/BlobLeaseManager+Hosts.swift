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
public import EventHubsProcessor
import HTTPExchange

/// The hosts' own records: an empty blob each, whose metadata says what the host says. Only the host writes it.
extension BlobLeaseManager: CooperativeLeaseManager {
    private enum Key {
        static let host = "hostid"
        static let requests = "requests"
        static let leaving = "leaving"
    }

    /// After how many lease durations what is left of a host that has died is removed.
    private static let removalAge = 10
    /// How many of them one look at the hosts removes.
    private static let maximumRemovals = 8

    /// Writes what the host says, whatever stood there.
    public func announce(_ record: HostRecord) async throws {
        try Self.validate(record.host)
        let name = scope.name(of: record.host)
        let metadata = [
            HTTPRequest.Field(Key.host, record.host.rawValue),
            .init(Key.requests, record.requests.map(\.requestText).joined(separator: ",")),
            .init(Key.leaving, String(record.isLeaving)),
        ]
        if case .written = try await client.setMetadata(name, metadata, ifMatch: nil) { return }
        if case .written = try await client.create(name, metadata: metadata) { return }
        // By an attempt of our own whose answer was lost; or removed between the two.
        guard case .written = try await client.setMetadata(name, metadata, ifMatch: nil) else {
            throw BlobStoreError(.conflict, "\(name) is written by somebody else under the same host's name")
        }
    }

    /// What the hosts have written. Removes what is left of hosts that died long ago, if the credential allows it.
    public func hosts() async throws -> [HostRecord] {
        let partitions = partitionsByRequest
        let (listed, limit) = (try await client.list(prefix: scope.prefix(of: .host)), leaseDuration * Self.removalAge)
        for record in listed.filter({ $0.age > limit }).prefix(Self.maximumRemovals) {
            do {
                try await client.delete(record.name, ifMatch: record.etag)
            } catch {
                // It does no harm: the host does not count. Somebody else may be allowed to.
                break
            }
        }
        return listed.compactMap { record in
            guard let host = record.metadata[Key.host], !host.isEmpty, record.age <= limit else { return nil }
            let requests = record.metadata[Key.requests, default: ""].split(separator: ",")
            return HostRecord(
                host: HostID(host),
                requests: requests.prefix(HostRecord.maximumRequests).compactMap { partitions[String($0)] },
                isLeaving: record.metadata[Key.leaving] == "true",
                expiry: expiry(of: record)
            )
        }
    }

    /// Removes the host's blob.
    public func withdraw(_ host: HostID) async throws {
        try Self.validate(host)
        try await client.delete(scope.name(of: host))
    }
}

extension PartitionID {
    /// How a request for the partition is written: without commas, and as a header may be.
    var requestText: String { rawValue.percentEncoded(keeping: "") }
}
