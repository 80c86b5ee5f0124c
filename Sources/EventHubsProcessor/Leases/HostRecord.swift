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

/// What a host tells the others of its consumer group: that it lives, and which partitions it asks their owners for.
///
/// One small record a host is heartbeat and request at once. Through it hosts that own nothing count too, and a partition can be
/// handed over instead of being taken.
public struct HostRecord: Hashable, Sendable {
    /// How many partitions a host asks for at a time. It asks for more when it has these.
    public static let maximumRequests = 256

    /// The host.
    public let host: HostID
    /// The partitions it asks their owners to hand over, at most ``maximumRequests``.
    public let requests: [PartitionID]
    /// Whether the host is stopping: it takes no partition any more, and gives away those it has.
    public let isLeaving: Bool
    /// Until when the host counts as alive unless it announces itself again. The store sets it; nil in what a host announces.
    public let expiry: ContinuousClock.Instant?

    /// Makes a record.
    ///
    /// - Parameters:
    ///   - host: The host.
    ///   - requests: What it asks for. What is beyond ``maximumRequests`` is left out.
    ///   - isLeaving: Whether it is stopping.
    ///   - expiry: Until when the record is valid.
    public init(
        host: HostID,
        requests: [PartitionID] = [],
        isLeaving: Bool = false,
        expiry: ContinuousClock.Instant? = nil
    ) {
        self.host = host
        self.requests = Array(requests.prefix(Self.maximumRequests))
        self.isLeaving = isLeaving
        self.expiry = expiry
    }

    /// Whether the host counts as alive at the given time.
    public func isLive(at now: ContinuousClock.Instant) -> Bool {
        guard let expiry else { return false }
        return now < expiry
    }
}
