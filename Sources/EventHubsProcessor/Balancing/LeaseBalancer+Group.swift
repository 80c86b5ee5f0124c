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

extension LeaseBalancer {
    /// The hosts of a consumer group and what each of them owns, in an order that all of them agree on.
    struct Group {
        struct Member {
            let host: HostID
            let leases: [Lease]
        }

        /// Owned by nobody.
        private(set) var free: [Lease] = []
        /// Owned by the deciding host.
        private(set) var mine: [Lease] = []
        /// The other live hosts; those with the most leases first.
        private(set) var others: [Member] = []
        /// What the others own above their shares, those that own most first.
        private(set) var surplus: [(lease: Lease, owner: HostID)] = []
        /// How many partitions the deciding host should own.
        private(set) var share = 0
        /// How many leases the hosts lack that come before this one: where its slice of what is to be had begins.
        private(set) var lackingBefore = 0

        init(leases: [Lease], host: HostID, held: Set<PartitionID>, at now: ContinuousClock.Instant) {
            var owned: [HostID: [Lease]] = [:]
            for lease in leases {
                if held.contains(lease.partition) || lease.owner == host {
                    mine.append(lease)
                } else if let owner = lease.owner(at: now) {
                    owned[owner, default: []].append(lease)
                } else {
                    free.append(lease)
                }
            }
            others = owned.map { Member(host: $0.key, leases: $0.value) }.sorted(by: Self.comesFirst)
            let members = (others + [Member(host: host, leases: mine)]).sorted(by: Self.comesFirst)
            let (floor, remainder) = leases.count.quotientAndRemainder(dividingBy: members.count)
            var lackingSoFar = 0
            for (index, member) in members.enumerated() {
                let share = floor + (index < remainder ? 1 : 0)
                if member.host == host {
                    self.share = share
                    lackingBefore = lackingSoFar
                } else if member.leases.count > share {
                    surplus += member.leases.suffix(member.leases.count - share).map { ($0, member.host) }
                }
                lackingSoFar += max(share - member.leases.count, 0)
            }
        }

        /// How many partitions the deciding host should own and does not.
        var lacking: Int { max(share - mine.count, 0) }

        private static func comesFirst(_ left: Member, _ right: Member) -> Bool {
            if left.leases.count != right.leases.count { return left.leases.count > right.leases.count }
            return left.host < right.host
        }
    }
}
