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
    private let flights = Mutex<[PartitionID?: SingleFlight<SenderLink>]>([:])

    init(_ client: EventHubClient) { self.client = client }

    /// The link to `partition`, or to the hub for nil. One attempt.
    func link(for partition: PartitionID?) async throws(EventHubsError) -> SenderLink {
        let client = client
        let flight = flights.withLock { flights in
            if let flight = flights[partition], flight.isUseful { return flight }
            let flight = SingleFlight<SenderLink> { () async throws(EventHubsError) in
                let hub = client.endpoint.eventHubName
                let address = partition.map { EntityAddress.partition(hub, $0) } ?? .eventHub(hub)
                return try await client.withConnection(authorizedFor: .eventHub(hub)) {
                    live async throws(EventHubsError) in
                    try await SenderLink.attach(to: address, on: live)
                }
            }
            flights[partition] = flight
            return flight
        }
        return try await flight.value()
    }

    /// Sends `batch`. One attempt, and a second one at once if the link was found lost after it had been idle, or was detached
    /// because its token has lapsed: the new link gets a new token.
    func send(_ batch: EventDataBatch) async throws(EventHubsError) {
        let link = try await link(for: batch.target.partition)
        let wasIdle = link.isIdle
        do throws(EventHubsError) {
            try await send(batch, over: link)
        } catch
            where error.retryAdvice == .afterAuthorization
            || wasIdle && error.isTransient && error.recoveryScope > .nothing
        {
            try await send(batch, over: try await self.link(for: batch.target.partition))
        }
    }

    private func send(_ batch: EventDataBatch, over link: SenderLink) async throws(EventHubsError) {
        do throws(EventHubsError) {
            try await link.send(batch.payload, messageFormat: EventDataBatch.messageFormat)
        } catch {
            failed(link, for: batch.target.partition, error)
            throw error
        }
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
