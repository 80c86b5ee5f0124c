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

// Keeps the leases alive, takes them and gives them away.
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
        guard machine.lease(of: partition)?.token == lease.token, renewing[partition] == nil else { return }
        let isDone = Latch()
        renewing[partition] = isDone
        defer {
            renewing[partition] = nil
            isDone.open()
        }
        do {
            let renewed = try await store.renew(lease)
            health.answered()
            let isCurrent = (machine.lease(of: partition) ?? machine.leaseToReturn(partition))?.token == lease.token
            guard isCurrent else { return }
            guard let renewed else { return lost(partition) }
            if machine.leaseRenewed(renewed) { pumps[partition]?.hold.renewed(renewed) }
        } catch {
            failed(.renew, "a lease could not be renewed", error)
        }
    }

    /// Claims a partition, perhaps from one who was asked for it and has not handed it over in time.
    func acquire(_ lease: Lease, overdueFrom owner: HostID? = nil) async {
        guard !stopping.isOpen, !abstains(from: lease.partition) else { return }
        do {
            let acquired = try await store.acquire(lease, for: configuration.hostID)
            guard let acquired else { return environment.metrics?.claimLost() ?? () }
            if let owner { noteOverdue(lease.partition, owner) }
            let origin = group.origin(of: lease, at: clock.now)
            environment.metrics?.partitionAcquired(origin.how)
            if origin.how == .handedOver { environment.metrics?.handOverEnded(.received) }
            log(
                .info,
                "partition acquired",
                [
                    "partition": "\(lease.partition)", "from": "\(origin.owner?.rawValue ?? "nobody")",
                    "how": "\(origin.how.rawValue)",
                ]
            )
            apply(machine.leaseAcquired(acquired))
        } catch {
            failed(.acquire, "a lease could not be acquired", error)
        }
    }

    private func noteOverdue(_ partition: PartitionID, _ owner: HostID) {
        environment.metrics?.handOverEnded(.timedOut)
        log(
            .info,
            "partition was not handed over in time: taken",
            ["partition": "\(partition)", "from": "\(owner)", "after": "\(configuration.handOverDeadline)"]
        )
    }

    /// Gives a lease away whose pump has ended: to the host that is to have it, if that takes it, else to whom it may concern.
    func giveAway(_ lease: Lease, generation: UInt64, to heir: HostID?) async {
        let partition = lease.partition
        await renewing[partition]?.wait()
        var heir = heir
        if heir == nil { heir = await heirAtStop(of: partition) }
        let lease = machine.leaseToReturn(partition, generation: generation) ?? lease
        var isGiven = false
        if let heir, group.isStaying(heir, at: clock.now) { isGiven = await handOver(lease, to: heir) }
        if !isGiven { await release(lease) }
        machine.leaseReturned(partition, generation: generation)
        noteDrained()
    }

    /// - Returns: False when it could not be handed over, or nobody knows whether it was.
    private func handOver(_ lease: Lease, to heir: HostID) async -> Bool {
        do {
            let given = try await store.transfer(lease, to: heir, before: releaseDeadline)
            // Nil: somebody has taken it, there is nothing left to give.
            guard let given else { return true }
            environment.metrics?.handOverEnded(.given)
            log(.info, "partition handed over", ["partition": "\(lease.partition)", "to": "\(heir)"])
            if stopping.isOpen { givenAtStop.append(given) }
            return true
        } catch {
            failed(.handOver, "a lease could not be handed over", error)
            return false
        }
    }

    func release(_ lease: Lease) async {
        do {
            try await store.release(lease, before: releaseDeadline)
            log(.info, "partition released", ["partition": "\(lease.partition)"])
        } catch {
            failed(.release, "a lease could not be released: it will expire", error)
        }
    }

    func lost(_ partition: PartitionID, to owner: HostID? = nil) {
        guard case .stopPump(_, let generation, let reason) = machine.leaseLost(partition) else { return }
        log(.info, "partition lost", ["partition": "\(partition)", "to": "\(owner?.rawValue ?? "another host")"])
        stopPump(partition, generation: generation, reason: reason)
    }
}
