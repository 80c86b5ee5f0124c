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

import Logging

// Looks at the group, says what this host wants of it, and does what the balancer decides.
extension HostSupervisor {
    /// How soon a host looks for what it has asked for.
    private static let handOverInterval: Duration = .seconds(1)

    func balancingLoop() async {
        repeat {
            await balance()
        } while !(await stopping.wait(for: nextLook, on: clock))
        await chooseHeirs()
    }

    private var nextLook: Duration {
        let interval = nextInterval
        return requests.isEmpty || isListingFailing ? interval : min(interval, Self.handOverInterval)
    }

    /// Reads, decides, applies.
    private func balance() async {
        await announce()
        let wasFailing = isListingFailing
        guard await readGroup() else { return }
        noteForeignOwners(in: group.leases)
        // After an outage every lease looks expired: let the owners renew before anything is claimed.
        guard !wasFailing, !stopping.isOpen else { return }
        await learnPartitions(from: group.leases)
        let decisions = balancer.decide(
            leases: group.leases(of: partitions),
            hosts: group.records,
            holding: machine.ownedPartitions,
            handingOver: machine.heirs,
            at: clock.now
        )
        await carryOut(decisions)
    }

    /// Who owns a partition that this host has not heard of knows that the hub has grown. Shares are reckoned from all partitions, so
    /// this host has to know it too, and not only at the next refresh.
    private func learnPartitions(from leases: [Lease]) async {
        let now = clock.now
        func unknown() -> [PartitionID] {
            let known = Set(partitions)
            return leases.filter { !known.contains($0.partition) && $0.owner(at: now) != nil }.map(\.partition)
        }
        guard !strayPartitions.isSuperset(of: unknown()) else { return }
        let isRefreshed = try? await withDeadline(configuration.storeDeadline, on: clock) {
            await self.refreshPartitions()
        }
        if isRefreshed == true { strayPartitions = Set(unknown()) }
    }

    private func carryOut(_ decisions: [LeaseDecision]) async {
        var claims: [(lease: Lease, overdueFrom: HostID?)] = []
        var unwanted: [Lease] = []
        var asked: [PartitionID] = []
        for decision in decisions {
            switch decision {
            case .acquire(let lease):
                guard !machine.isStopping(lease.partition) else { continue }
                guard abstains(from: lease.partition) else {
                    claims.append((lease, nil))
                    continue
                }
                // A leaving host may hand over what this one has given up: somebody else is to have it, and soon.
                if lease.owner == configuration.hostID { unwanted.append(lease) }
            case .steal(let lease, let owner):
                guard !machine.isStopping(lease.partition) else { continue }
                claims.append((lease, requests.contains(lease.partition) ? owner : nil))
            case .request(let lease, let owner):
                guard !machine.isStopping(lease.partition), !abstains(from: lease.partition) else { continue }
                if !requests.contains(lease.partition) {
                    log(.info, "partition requested", ["partition": "\(lease.partition)", "from": "\(owner)"])
                }
                asked.append(lease.partition)
            case .handOver(let lease, let heir):
                log(.info, "partition is being handed over", ["partition": "\(lease.partition)", "to": "\(heir)"])
                apply(machine.handOverRequested(lease.partition, to: heir))
            }
        }
        requests = asked
        await announce()
        await forEachConcurrently(claims, limit: Self.concurrentStoreCalls) { claim in
            await self.acquire(claim.lease, overdueFrom: claim.overdueFrom)
        }
        await forEachConcurrently(unwanted, limit: Self.concurrentStoreCalls) { lease in
            await self.release(lease)
        }
    }

    /// Reads leases and records.
    ///
    /// - Returns: False when the store has not answered.
    func readGroup(before end: ContinuousClock.Instant? = nil) async -> Bool {
        let store = store
        async let records = store.hosts(before: end)
        let leases: [Lease]
        do {
            leases = try await store.leases(before: end)
        } catch {
            isListingFailing = true
            failed(.list, "the leases could not be listed", error)
            return false
        }
        do {
            group.read(leases, try await records)
        } catch {
            isListingFailing = true
            failed(.hosts, "the hosts could not be listed", error)
            // Nothing can be decided, but what is lost is lost.
            noteForeignOwners(in: leases)
            return false
        }
        health.answered()
        isListingFailing = false
        return true
    }

    /// Tells the group that this host lives and what it asks for, if it has not been told so lately.
    ///
    /// - Returns: False when the store has not answered.
    @discardableResult
    func announce(isLeaving: Bool = false, before end: ContinuousClock.Instant? = nil) async -> Bool {
        let record = HostRecord(host: configuration.hostID, requests: isLeaving ? [] : requests, isLeaving: isLeaving)
        if let announced, announced.record == record, clock.now < announced.validUntil { return true }
        guard store.cooperative != nil else { return true }
        do {
            // Reckoned from before the call: better a little too often.
            let next = clock.now.advanced(by: configuration.updateInterval * HostConfiguration.jitter.lowerBound)
            try await store.announce(record, before: end)
            announced = (record, next)
            return true
        } catch {
            announced = nil
            failed(.announce, "the host could not announce itself", error)
            return false
        }
    }

    /// What we hold and the store says is another's is lost: no need to wait for the next renewal.
    private func noteForeignOwners(in listed: [Lease]) {
        for lease in listed {
            guard let owner = lease.owner else { continue }
            let wasFenced = !fenced.isEmpty && fenced.remove(lease.partition) != nil
            if owner != configuration.hostID {
                if machine.owns(lease.partition) { lost(lease.partition, to: owner) }
            } else if wasFenced {
                log(
                    .warning,
                    "the receiver was cut off though the lease is still ours: somebody reads this consumer group with "
                        + "another lease store or a higher owner level",
                    ["partition": "\(lease.partition)"]
                )
            }
        }
    }
}
