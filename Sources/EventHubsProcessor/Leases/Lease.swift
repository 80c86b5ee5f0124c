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

/// The ownership of one partition, as the store had it when it was read or written.
public struct Lease: Hashable, Sendable {
    /// The partition that is owned.
    public let partition: PartitionID
    /// Who owns it. Nil: nobody, it was released or never claimed.
    public let owner: HostID?
    /// The store's mark of this version of the record, to make the next write conditional. Empty: no record yet.
    public let token: String
    /// Grows by at least one whenever the partition comes to a host, where the store can keep such a number;
    /// otherwise zero.
    public let epoch: Int64
    /// The owner level that the partition's receivers are opened with under this lease, where all hosts that share the store
    /// take it from there. Nil: ``HostConfiguration/ownerLevel``.
    public let ownerLevel: Int64?
    /// When the ownership ends unless it is renewed before.
    public let expiry: ContinuousClock.Instant?

    /// Makes a lease.
    public init(
        partition: PartitionID,
        owner: HostID?,
        token: String,
        epoch: Int64 = 0,
        ownerLevel: Int64? = nil,
        expiry: ContinuousClock.Instant?
    ) {
        self.partition = partition
        self.owner = owner
        self.token = token
        self.epoch = epoch
        self.ownerLevel = ownerLevel
        self.expiry = expiry
    }

    /// The lease of a partition for which the store has no record.
    public static func unclaimed(_ partition: PartitionID) -> Lease {
        Lease(partition: partition, owner: nil, token: "", expiry: nil)
    }

    /// The owner, if the ownership has not expired at the given time.
    public func owner(at now: ContinuousClock.Instant) -> HostID? {
        guard let owner, let expiry, now < expiry else { return nil }
        return owner
    }
}
