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

/// What a balancer goes by.
package struct BalancingRules: Sendable {
    /// How fast a host comes to its share.
    package var strategy: BalancingStrategy
    /// The least time between two looks at the group, but for those that wait for a hand-over.
    package var pace: Duration
    /// How long a lease is valid: for how long a free partition is left to the host whose share it belongs to.
    package var leaseDuration: Duration
    /// How long an owner has to hand over what it was asked for.
    package var handOverDeadline: Duration

    /// The rules that a host with the configuration goes by.
    package init(_ configuration: HostConfiguration) {
        strategy = configuration.balancing
        pace = configuration.updateInterval * HostConfiguration.jitter.lowerBound
        leaseDuration = configuration.leaseDuration
        handOverDeadline = configuration.handOverDeadline
    }
}
