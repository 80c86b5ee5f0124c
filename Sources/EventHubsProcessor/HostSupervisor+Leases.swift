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

// Keeps the leases alive, and takes and gives them.
extension HostSupervisor {
    func renewalLoop() async {
        while !(await drained.wait(for: nextInterval, on: clock)) {
            await forEachConcurrently(machine.leasesToRenew, limit: Self.concurrentStoreCalls) { lease in
                await self.renew(lease)
            }
        }
    }

    private func renew(_ lease: Lease) async {
        let partition = lease.partition
        guard machine.lease(of: partition)?.token == lease.token else { return }
        renewing.insert(partition)
        var current = lease
        do {
            let renewed = try await store.renew(lease)
            health.answered()
            if let renewed {
                current = renewed
                if machine.lease(of: partition)?.token == lease.token, machine.leaseRenewed(renewed) {
                    pumps[partition]?.hold.renewed(renewed)
                }
            } else if machine.lease(of: partition)?.token == lease.token {
                lost(partition)
            }
        } catch {
            failed(.renew, "a lease could not be renewed", error)
        }
        renewing.remove(partition)
        if releaseAfterRenewal.removeValue(forKey: partition) != nil { await release(current) }
    }

    func acquire(_ lease: Lease) async {
        guard !stopping.isOpen, !abstains(from: lease.partition) else { return }
        do {
            let acquired = try await store.acquire(lease, for: configuration.hostID)
            guard let acquired else { return environment.metrics?.claimLost() ?? () }
            environment.metrics?.partitionAcquired(.init(lease, by: configuration.hostID, at: clock.now))
            log(
                .info,
                "partition acquired",
                ["partition": "\(lease.partition)", "from": "\(lease.owner?.rawValue ?? "nobody")"]
            )
            await apply(machine.leaseAcquired(acquired))
        } catch {
            failed(.acquire, "a lease could not be acquired", error)
        }
    }

    func release(_ lease: Lease) async {
        guard !renewing.contains(lease.partition) else {
            releaseAfterRenewal[lease.partition] = lease
            return
        }
        releasing += 1
        defer {
            releasing -= 1
            noteDrained()
        }
        do {
            try await store.release(lease, before: releaseDeadline)
            log(.info, "partition released", ["partition": "\(lease.partition)"])
        } catch {
            failed(.release, "a lease could not be released: it will expire", error)
        }
    }

    func lost(_ partition: PartitionID) {
        guard case .stopPump(_, let generation, let reason) = machine.leaseLost(partition) else { return }
        log(.info, "partition lost", ["partition": "\(partition)"])
        stopPump(partition, generation: generation, reason: reason)
    }
}
