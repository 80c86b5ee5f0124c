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
    /// The hosts of a consumer group, what each of them owns, and what each of them should get: in an order that all who have read the
    /// same agree on. Leases and members are named by their places in the arrays.
    struct Group {
        struct Member {
            let host: HostID
            /// Whether it has announced itself, so that it can be asked and handed a lease.
            let cooperates: Bool
            /// Whether it is stopping: it gives everything away.
            let isLeaving: Bool
            var owned: [Int] = []
            /// How many partitions it should own.
            var share = 0

            var lacking: Int { max(share - owned.count, 0) }
            var surplus: Int { max(owned.count - share, 0) }
        }

        let leases: [Lease]
        /// The deciding host is the first.
        private(set) var members: [Member] = []
        /// Whether the deciding host's own record is among those that were read.
        private(set) var isAnnounced = false
        /// Owned by nobody.
        private(set) var free: [Int] = []
        /// What is to be had: what is free, what leaving hosts have, and what the others own above their shares. There is as much of it as
        /// the hosts lack in all.
        private(set) var pool: [Int] = []
        private var places: [HostID: Int] = [:]
        private var owners: [Int?] = []
        /// The members that stay, those that own most first.
        private var staying: [Int] = []

        /// - Parameters:
        ///   - leases: One lease for each partition, in an order that all hosts agree on.
        ///   - records: What the hosts have announced.
        ///   - host: The deciding host.
        ///   - isLeaving: Whether it is stopping.
        ///   - held: What it owns whatever the leases say about their expiry.
        ///   - promised: What it is handing over: as good as the next owner's.
        ///   - now: The present.
        init(
            leases: [Lease],
            records: [HostRecord],
            host: HostID,
            isLeaving: Bool,
            held: Set<PartitionID>,
            promised: [PartitionID: HostID],
            at now: ContinuousClock.Instant
        ) {
            self.leases = leases
            add(Member(host: host, cooperates: true, isLeaving: isLeaving))
            // By index: a lease is looked at and not copied, ten thousand times in each look of a large group.
            for index in records.indices where records[index].isLive(at: now) {
                let announced = records[index].host
                if announced == host { isAnnounced = true }
                guard places[announced] == nil else { continue }
                add(Member(host: announced, cooperates: true, isLeaving: records[index].isLeaving))
            }
            owners.reserveCapacity(leases.count)
            for place in leases.indices {
                let owner = owner(of: leases[place], held: held, promised: promised, at: now)
                owners.append(owner)
                if let owner { members[owner].owned.append(place) } else { free.append(place) }
            }
            divide()
        }

        private mutating func add(_ member: Member) {
            places[member.host] = members.count
            members.append(member)
        }

        private mutating func owner(
            of lease: Lease,
            held: Set<PartitionID>,
            promised: [PartitionID: HostID],
            at now: ContinuousClock.Instant
        ) -> Int? {
            let isMine = lease.owner == members[0].host
            let current = isMine ? nil : lease.owner(at: now)
            if isMine || current == nil && held.contains(lease.partition) {
                guard !promised.isEmpty, let heir = promised[lease.partition], let place = places[heir] else {
                    return 0
                }
                return members[place].isLeaving ? 0 : place
            }
            guard let current else { return nil }
            if let place = places[current] { return place }
            add(Member(host: current, cooperates: false, isLeaving: false))
            return members.count - 1
        }

        /// Works out the shares: the partitions divided by the hosts that stay; the remainder goes to those that own most, which moves
        /// least.
        private mutating func divide() {
            staying = members.indices.filter { !members[$0].isLeaving }.sorted { comesFirst($0, $1) }
            pool = free
            for member in members.filter(\.isLeaving).sorted(by: { $0.host < $1.host }) { pool += member.owned }
            guard !staying.isEmpty else { return }
            let (floor, remainder) = leases.count.quotientAndRemainder(dividingBy: staying.count)
            for (position, place) in staying.enumerated() {
                members[place].share = floor + (position < remainder ? 1 : 0)
                pool += members[place].owned.suffix(members[place].surplus)
            }
        }

        private func comesFirst(_ left: Int, _ right: Int) -> Bool {
            let (left, right) = (members[left], members[right])
            if left.owned.count != right.owned.count { return left.owned.count > right.owned.count }
            return left.host < right.host
        }
    }
}

extension LeaseBalancer.Group {
    /// The deciding host.
    var me: Member { members[0] }

    /// Who owns a lease.
    func owner(of lease: Int) -> Member? {
        owners[lease].map { members[$0] }
    }

    func isFree(_ lease: Int) -> Bool { owners[lease] == nil }

    /// Where a host stands among the members, if it counts.
    func place(of host: HostID) -> Int? { places[host] }

    /// Whether the others count the deciding host, as far as it can know.
    var isKnown: Bool { isAnnounced || !me.owned.isEmpty }

    /// The deciding host's part of the pool: as much as it lacks.
    var mySlice: ArraySlice<Int> {
        var start = 0
        for place in staying {
            if place == 0 { break }
            start += members[place].lacking
        }
        return pool.dropFirst(start).prefix(me.lacking)
    }

    /// Who should get what the deciding host has in the pool.
    var heirs: [(lease: Int, heir: Member)] {
        let slots = staying.lazy.flatMap { place in repeatElement(place, count: members[place].lacking) }
        return zip(pool, slots).compactMap { lease, place in
            owners[lease] == 0 ? (lease, members[place]) : nil
        }
    }
}
