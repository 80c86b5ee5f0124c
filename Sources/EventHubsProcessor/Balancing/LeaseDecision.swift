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

/// What a host should do about one lease.
package enum LeaseDecision: Hashable, Sendable {
    /// It is ours: renew it.
    case renew(Lease)
    /// Nobody's, expired, or stamped with our own name from before a restart: claim it.
    case acquire(Lease)
    /// Another live host has too many: claim this one from it.
    case steal(Lease, from: HostID)
    /// It stays as it is.
    case keep(Lease)
}
