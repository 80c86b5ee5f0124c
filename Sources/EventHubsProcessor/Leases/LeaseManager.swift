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

/// The store that says which host owns which partition.
///
/// All hosts of a consumer group share one such store. Every write is conditional: a lease that somebody else has changed
/// since it was read is not changed again, which answers `nil`, "lost the race". An error means "the store failed":
/// nothing is known then, and the host goes on with what it owns. Methods are called concurrently, for different
/// partitions, and should end soon when their task is cancelled.
public protocol LeaseManager: Sendable {
    /// Makes the store ready for these partitions. Called before anything else, and again when the hub has grown.
    ///
    /// - Parameters:
    ///   - partitions: All partitions of the event hub.
    ///   - leaseDuration: How long a lease is valid after it has been acquired or renewed.
    /// - Throws: When the store cannot be used as it is configured, or does not answer. A host that is starting tries again after a
    ///   `RetryableError` that is transient; every other error ends it.
    func prepare(for partitions: [PartitionID], leaseDuration: Duration) async throws

    /// All leases the store has, also of partitions it was not prepared for: that is how hosts learn soon that the hub has grown. A
    /// partition without a record may be left out.
    func leases() async throws -> [Lease]

    /// Makes the host the owner of the partition, whoever owned it before.
    ///
    /// - Parameters:
    ///   - lease: The lease as it was read. If the store's differs by now, somebody else was faster.
    ///   - host: The new owner.
    /// - Returns: The new lease, or nil when the race was lost.
    /// - Throws: When the store failed.
    func acquire(_ lease: Lease, for host: HostID) async throws -> Lease?

    /// Keeps a lease for another lease duration, from now.
    ///
    /// - Returns: The lease with its new token and expiry, or nil when the partition belongs to another host by now.
    /// - Throws: When the store failed.
    func renew(_ lease: Lease) async throws -> Lease?

    /// Gives a lease back, so that another host may have the partition at once. Does nothing when it was lost already.
    func release(_ lease: Lease) async throws
}
