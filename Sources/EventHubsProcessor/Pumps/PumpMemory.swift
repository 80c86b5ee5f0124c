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

import EventHubs

/// What a pump remembers from one session to the next.
struct PumpMemory {
    /// Where the partition begins as long as there is no checkpoint. It is found out once: `.latest` has to stay the same place, or what
    /// comes between two sessions would be skipped.
    var initial: EventPosition?
    var failures = FailureStreak()
    var generator: SplitMix64
}
