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

// Looks at the group and decides what to claim.
extension HostSupervisor {
    func balancingLoop() async {
        repeat {
            await balance()
        } while !(await stopping.wait(for: nextInterval, on: clock))
    }

    /// Reads the leases, decides, applies.
    private func balance() async {
        let listed: [Lease]
        do {
            listed = try await store.leases()
        } catch {
            isListingFailing = true
            return failed(.list, "the leases could not be listed", error)
        }
        health.answered()
        let wasFailing = isListingFailing
        isListingFailing = false
        noteForeignOwners(in: listed)
        // After an outage every lease looks expired: let the owners renew before anything is claimed.
        guard !wasFailing, !stopping.isOpen else { return }
        let known = Dictionary(listed.map { ($0.partition, $0) }, uniquingKeysWith: { first, _ in first })
        let decisions = balancer.decide(
            leases: partitions.map { known[$0] ?? .unclaimed($0) },
            holding: machine.ownedPartitions,
            at: clock.now
        )
        let claims = decisions.compactMap { decision -> Lease? in
            switch decision {
            case .acquire(let lease), .steal(let lease, _): machine.isStopping(lease.partition) ? nil : lease
            case .renew, .keep: nil
            }
        }
        await forEachConcurrently(claims, limit: Self.concurrentStoreCalls) { lease in
            await self.acquire(lease)
        }
    }

    /// What we hold and the store says is another's is lost: no need to wait for the next renewal.
    private func noteForeignOwners(in listed: [Lease]) {
        let owned = machine.ownedPartitions
        for lease in listed {
            if let owner = lease.owner, owner != configuration.hostID {
                fenced.remove(lease.partition)
                if owned.contains(lease.partition) { lost(lease.partition) }
            } else if lease.owner != nil, fenced.remove(lease.partition) != nil {
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
