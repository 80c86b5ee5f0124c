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

/// What a host should do about one lease. What is not decided about stays as it is.
package enum LeaseDecision: Hashable, Sendable {
    /// Nobody's, expired, or with our own name on it though we do not hold it: claim it.
    case acquire(Lease)
    /// Another live host has too many and cannot be asked, or has not answered: take this one from it.
    case steal(Lease, from: HostID)
    /// Another live host has too many: ask for this one, or go on asking.
    case request(Lease, from: HostID)
    /// It is ours, and another host should have it and has asked for it: hand it over.
    case handOver(Lease, to: HostID)
}
