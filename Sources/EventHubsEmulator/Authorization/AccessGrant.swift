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

/// What a connection has been allowed: some rights on an entity and everything beneath it, for a while.
package struct AccessGrant: Equatable, Sendable {
    package var path: EntityPath
    package var rights: AccessRights
    /// Milliseconds since 1970, or nil when it does not lapse
    package var expiry: Int64?

    package init(path: EntityPath, rights: AccessRights, expiry: Int64?) {
        self.path = path
        self.rights = rights
        self.expiry = expiry
    }

    /// Whether the grant allows any of these rights on this entity at this time.
    package func allows(anyOf wanted: AccessRights, on entity: EntityPath, at now: Int64) -> Bool {
        !rights.isDisjoint(with: wanted) && (expiry ?? .max) > now && path.covers(entity)
    }
}

/// The grants of one connection, one for each audience a token was put for.
package struct AccessGrants: Sendable {
    /// How many audiences one connection may hold tokens for.
    package static let maximumCount = 1024

    private var grants: [[String]: AccessGrant] = [:]

    package init() {}

    /// Records a grant in the place of an earlier one for the same audience; false when there are too many.
    package mutating func put(_ grant: AccessGrant, for audience: EntityPath) -> Bool {
        let key = audience.folded
        guard grants[key] != nil || grants.count < Self.maximumCount else { return false }
        grants[key] = grant
        return true
    }

    /// Lets the grant for an audience lapse no later than so, if there is one.
    mutating func limit(_ audience: EntityPath, to expiry: Int64) {
        guard let grant = grants[audience.folded] else { return }
        grants[audience.folded]?.expiry = min(grant.expiry ?? .max, expiry)
    }

    package func allows(anyOf wanted: AccessRights, on entity: EntityPath, at now: Int64) -> Bool {
        grants.values.contains { $0.allows(anyOf: wanted, on: entity, at: now) }
    }

    /// When the next grant lapses, if any will.
    package func nextExpiry(after now: Int64) -> Int64? {
        grants.values.compactMap(\.expiry).filter { $0 > now }.min()
    }

    /// Drops what has lapsed.
    package mutating func prune(at now: Int64) {
        grants = grants.filter { ($0.value.expiry ?? .max) > now }
    }
}
