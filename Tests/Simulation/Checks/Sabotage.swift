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

/// A defect put into a simulated part on purpose, to show that the checks find it.
enum Sabotage: String, CaseIterable, Sendable {
    /// The store accepts claims that were decided on an old version of the lease.
    case staleClaims = "stale-claims"
    /// The store accepts checkpoints of hosts that do not own the partition.
    case formerOwnersWrite = "former-owners-write"
    /// The store accepts checkpoints that are behind what it has.
    case backwards = "backwards"
    /// The store writes each checkpoint one event further than it was told.
    case hastyCheckpoints = "hasty-checkpoints"
    /// The store ignores that a lease is given back.
    case deafRelease = "deaf-release"
    /// The store forgets what hosts ask each other for.
    case lostRequests = "lost-requests"
    /// A receiver that is cut off goes on, so that its host goes on dispatching.
    case deafReceiver = "deaf-receiver"
    /// A receiver that resumes begins one event too late.
    case skippingReceiver = "skipping-receiver"
    /// A processor says that it is done before it is.
    case lyingProcessor = "lying-processor"
    /// A host that has crashed goes on renewing its leases.
    case undeadHost = "undead-host"
    /// A host that was told to stop is never told.
    case deafHost = "deaf-host"
    /// Chance from outside decides how long calls take.
    case outsideChance = "outside-chance"
}

extension Sabotage {
    /// The promise that breaks. Others may, too; but this one has to be seen.
    var broken: Violation.Invariant {
        switch self {
        case .staleClaims: .oneWinner
        case .formerOwnersWrite: .checkpointOwner
        case .backwards: .monotone
        case .hastyCheckpoints, .lyingProcessor: .noSkip
        case .deafRelease, .deafHost: .boundedStop
        case .lostRequests: .noDuplicates
        case .deafReceiver: .oneOwner
        case .skippingReceiver: .order
        case .undeadHost: .fairShare
        case .outsideChance: .deterministic
        }
    }
}
