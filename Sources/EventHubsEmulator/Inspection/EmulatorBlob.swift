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

/// A blob in the emulator's storage account: a lease or a checkpoint, when a processor wrote it.
public struct EmulatorBlob: Sendable, Hashable {
    /// Where the lease of a blob stands, by the words of the service.
    public enum LeaseState: String, Sendable, Hashable {
        /// Nobody has leased it.
        case available
        /// Somebody has it.
        case leased
        /// Its time has run out.
        case expired
        /// It was broken and still lasts.
        case breaking
        /// It was broken.
        case broken
    }

    /// Its name in the container.
    public var name: String
    /// Its metadata, by names as they were written: `ownerid`, `sequencenumber`, `offset`.
    public var metadata: [String: String]
    /// What it holds.
    public var content: [UInt8]
    /// Its ETag, with quotation marks.
    public var eTag: String
    /// Where its lease stands. Processors of today own partitions by metadata, those of old by leases.
    public var leaseState: LeaseState
}

extension BlobStore {
    /// The blobs of a container by name; none when there is no such container.
    package func blobs(in container: String, at now: Int64) -> [EmulatorBlob] {
        let blobs = (try? self.container(container))?.blobs ?? [:]
        return blobs.sorted { $0.key < $1.key }.map { name, blob in
            EmulatorBlob(
                name: name,
                metadata: Dictionary(blob.metadata.entries.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
                content: blob.content,
                eTag: "\"\(blob.version.tag)\"",
                leaseState: EmulatorBlob.LeaseState(blob.lease.state(at: now))
            )
        }
    }
}

extension EmulatorBlob.LeaseState {
    fileprivate init(_ state: BlobLease.State) {
        self =
            switch state {
            case .available: .available
            case .leased: .leased
            case .expired: .expired
            case .breaking: .breaking
            case .broken: .broken
            }
    }
}
