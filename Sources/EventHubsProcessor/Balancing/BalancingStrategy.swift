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

/// How fast a host comes to its share of the partitions.
@nonexhaustive
public enum BalancingStrategy: Hashable, Sendable {
    /// At once: it claims what is free in its first look at the group, and asks the owners for the rest.
    case greedy
    /// One partition in each ``HostConfiguration/updateInterval``, for processors that are slow to start.
    case balanced
}
