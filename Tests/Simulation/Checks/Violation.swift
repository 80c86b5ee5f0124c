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

/// What must never happen and did.
struct Violation: Sendable {
    enum Invariant: String, CaseIterable, Sendable {
        case noSkip = "no checkpoint covers an event that nobody has processed"
        case order = "a session processes its partition in order, without a gap, from its checkpoint on"
        case monotone = "a checkpoint never goes backwards"
        case checkpointOwner = "only the owner of a partition writes its checkpoint"
        case oneOwner = "at most one owner that is not fenced off processes a partition"
        case stopsWhenLost = "nothing is dispatched any more once the loss of the lease is known"
        case oneWinner = "of hosts that claim the same version of a lease only one gets it"
        case oneCall = "calls to one processor never overlap"
        case everything = "in the end every event has been processed"
        case checkpointsInTheEnd = "in the end every checkpoint is at the end of its partition"
        case fairShare = "after the last fault every live host comes to its fair share in time, and then nothing moves"
        case noDuplicates = "a planned move repeats no event"
        case neverEnds = "a host ends only when it is told to"
        case boundedStop = "a host that is told to stop ends before its deadline, with its leases given back"
        case noLeak = "a host that has ended leaves nothing behind"
        case progress = "time goes on"
        case deterministic = "the same seed gives the same run"
    }

    let invariant: Invariant
    let details: String
    let partition: Int?
}
