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

/// A store of leases through which hosts also know each other, and hand partitions over.
///
/// Hosts that share one move a partition without a repeated event: who wants it asks, the owner finishes its batch, writes a
/// checkpoint and writes the next owner's name over its own. With a plain ``LeaseManager`` partitions are taken instead, and what the
/// former owner had processed since its last checkpoint is processed again.
///
/// The records of hosts stand beside the leases and change nothing in them: hosts that know only of leases may share the store.
public protocol CooperativeLeaseManager: LeaseManager {
    /// Says that a host lives, for another lease duration, and what it asks for. Replaces what it has said before.
    ///
    /// - Parameter record: What the host says. Its expiry does not count, the store sets it.
    /// - Throws: When the store failed.
    func announce(_ record: HostRecord) async throws

    /// What the hosts of the consumer group have announced. Expired records may be left out; the store removes them some time after.
    ///
    /// - Throws: When the store failed.
    func hosts() async throws -> [HostRecord]

    /// Removes a host's record. Does nothing when there is none.
    ///
    /// - Throws: When the store failed.
    func withdraw(_ host: HostID) async throws

    /// Makes another host the owner of a partition, if the lease is still held by the one it names. The new owner finds its name in
    /// the list of leases and acquires what it finds there.
    ///
    /// - Parameters:
    ///   - lease: The lease as its owner knows it. A renewal whose answer was lost does no harm.
    ///   - host: The next owner.
    /// - Returns: The next owner's lease, valid for a lease duration from now; nil when the partition belongs to another host by now.
    /// - Throws: When the store failed. The lease may have been handed over all the same.
    func transfer(_ lease: Lease, to host: HostID) async throws -> Lease?
}
