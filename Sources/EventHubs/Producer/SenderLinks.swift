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

internal import Synchronization

/// The producer's links, one for each partition addressed and one for the hub: opened when first needed, and again after
/// they have been lost.
final class SenderLinks: Sendable {
    private let client: EventHubClient
    private let idempotent: IdempotentPublishing?
    private let flights = Mutex<[PartitionID?: SingleFlight<SenderLink>]>([:])
    private let lanes = Mutex<[PartitionID: PublishingLane]>([:])

    init(_ client: EventHubClient, idempotent: IdempotentPublishing? = nil) {
        self.client = client
        self.idempotent = idempotent
    }

    /// The numbers of a partition's events; nil unless publishing is idempotent.
    func lane(for partition: PartitionID?) -> PublishingLane? {
        guard let idempotent, let partition else { return nil }
        return lanes.withLock { lanes in
            if let lane = lanes[partition] { return lane }
            let lane = PublishingLane(idempotent.states[partition] ?? PublishingState())
            lanes[partition] = lane
            return lane
        }
    }

    /// What is known of the partitions used so far.
    var publishingStates: [PartitionID: PublishingState] { lanes.withLock { $0.mapValues(\.known) } }

    /// The link to `partition`, or to the hub for nil. One attempt.
    func link(for partition: PartitionID?) async throws(EventHubsError) -> SenderLink {
        try await flight(for: partition).value()
    }

    /// The link to `partition`, if it is there.
    func openLink(for partition: PartitionID?) -> SenderLink? {
        guard case .success(let link)? = flights.withLock({ $0[partition] })?.result else { return nil }
        return link
    }

    private func link(
        for partition: PartitionID?,
        by deadline: Watchdog.Deadline
    ) async throws(EventHubsError) -> SenderLink {
        if let link = openLink(for: partition) { return link }
        return try await client.retrier(.none).finish(by: deadline, "opening a sender") {
            [self] () async throws(EventHubsError) in try await link(for: partition)
        }
    }

    private func flight(for partition: PartitionID?) -> SingleFlight<SenderLink> {
        let client = client
        let lane = lane(for: partition)
        return flights.withLock { flights in
            if let flight = flights[partition], flight.isUseful { return flight }
            let flight = SingleFlight<SenderLink> { () async throws(EventHubsError) in
                let hub = client.endpoint.eventHubName
                let address = partition.map { EntityAddress.partition(hub, $0) } ?? .eventHub(hub)
                let claim = try lane?.claim()
                return try await client.withConnection(authorizedFor: .eventHub(hub), for: partition) {
                    live async throws(EventHubsError) in
                    try await SenderLink.attach(to: address, publishing: claim, on: live)
                }
            }
            flights[partition] = flight
            return flight
        }
    }

    /// Sends `batch`. One attempt, and a second one at once if the link was found lost after it had been idle, or was detached
    /// because its token has lapsed: the new link gets a new token. At `deadline` it throws code `timeout`.
    func send(_ batch: EventDataBatch, by deadline: Watchdog.Deadline) async throws(EventHubsError) {
        let link = try await link(for: batch.target.partition, by: deadline)
        let wasIdle = link.isIdle
        do throws(EventHubsError) {
            try await send(batch, over: link, by: deadline)
        } catch
            where error.retryAdvice == .afterAuthorization
            || wasIdle && error.isTransient && error.recoveryScope > .nothing
        {
            let another = try await self.link(for: batch.target.partition, by: deadline)
            try await send(batch, over: another, by: deadline)
        }
    }

    /// Sends `batch` to its partition in a turn of its own, by numbers.
    func publish(
        _ batch: EventDataBatch,
        in lane: PublishingLane,
        _ send: () async throws(EventHubsError) -> Void
    ) async throws(EventHubsError) {
        try await lane.turns.enter()
        defer { lane.turns.leave() }
        do throws(EventHubsError) {
            try await send()
            _ = lane.finished(nil)
        } catch {
            if lane.finished(error) { forget(batch.target.partition) }
            throw error
        }
    }

    /// Detaches all of them, politely: their connection goes on.
    func close() async {
        let links = flights.withLock { flights in
            defer { flights = [:] }
            return Array(flights.values)
        }
        for flight in links {
            flight.cancel()
            if let link = try? await flight.value() { await link.close() }
        }
    }

    private func send(
        _ batch: EventDataBatch,
        over link: SenderLink,
        by deadline: Watchdog.Deadline
    ) async throws(EventHubsError) {
        do throws(EventHubsError) {
            var payload = batch.payload
            let lane = lane(for: batch.target.partition)
            if let lane {
                switch lane.number(batch.count, over: link) {
                case .written: return
                case .envelope(let envelope): payload = envelope + payload
                }
            }
            let watchdog = client.environment.watchdog
            try await link.send(payload, messageFormat: EventDataBatch.messageFormat, by: deadline, watchdog)
            lane?.accepted()
        } catch {
            failed(link, for: batch.target.partition, error)
            throw client.isClosed ? .closed : error
        }
    }

    /// Lets go of the link to `partition`: the next one asks the service what it has.
    private func forget(_ partition: PartitionID?) {
        let flight = flights.withLock { $0.removeValue(forKey: partition) }
        if case .success(let link)? = flight?.result { Task { await link.close() } }
    }

    /// Notes that sending over `link` failed: unless only the events were at fault, the next attempt gets a new link.
    private func failed(_ link: SenderLink, for partition: PartitionID?, _ error: EventHubsError) {
        guard error.recoveryScope > .nothing || error.code == .timeout else { return }
        client.failed(on: link.live, error)
        let isCurrent = flights.withLock { flights in
            guard case .success(let current)? = flights[partition]?.result, current === link else { return false }
            flights[partition] = nil
            return true
        }
        // Its session may still stand.
        if isCurrent { Task { await link.close() } }
    }
}

extension SingleFlight<SenderLink> {
    /// Still under way, or arrived at a link.
    fileprivate var isUseful: Bool {
        switch result {
        case nil: true
        case .success: true
        case .failure: false
        }
    }
}
