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

/// The demo's numbers.
struct DemoPlan: Sendable {
    var hub = "telemetry"
    var partitions = 8
    var vehicles = 64
    var eventsPerSecond = 20_000
    /// When the first host is stopped.
    var stopHostAfter: Duration = .seconds(6)
    /// When sending ends.
    var sendFor: Duration = .seconds(12)
    /// How long the hosts have to catch up after that.
    var catchUpFor: Duration = .seconds(4)
    /// With `--forever`: how long a host stays away before another takes its place.
    var pauseBetweenHosts: Duration = .seconds(6)

    var updateInterval: Duration = .milliseconds(500)
    var leaseDuration: Duration = .seconds(3)
    var checkpointInterval: Duration = .seconds(1)
    var redrawInterval: Duration = .milliseconds(250)
}
