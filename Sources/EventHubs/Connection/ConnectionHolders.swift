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

/// The connections of a client: one, or one for each partition and one for what belongs to none.
final class ConnectionHolders: Sendable {
    let endpoint: EventHubsEndpoint
    let configuration: EventHubsConfiguration
    private let make: @Sendable () -> ConnectionHolder
    private let state = Mutex(State())

    private struct State {
        var holders: [PartitionID?: ConnectionHolder] = [:]
        var isClosed = false
    }

    init(
        _ endpoint: EventHubsEndpoint,
        credential: any TokenCredential,
        configuration: EventHubsConfiguration,
        environment: ClientEnvironment
    ) {
        self.endpoint = endpoint
        self.configuration = configuration
        make = {
            ConnectionHolder(
                endpoint,
                credential: credential,
                configuration: configuration,
                environment: environment
            )
        }
    }

    /// Whether ``close()`` has been called.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// The connection for what is done with `partition`.
    func holder(for partition: PartitionID?) throws(EventHubsError) -> ConnectionHolder {
        let key = configuration.connections == .shared ? nil : partition
        let holder = state.withLock { state -> ConnectionHolder? in
            if state.isClosed { return nil }
            if let holder = state.holders[key] { return holder }
            let holder = make()
            state.holders[key] = holder
            return holder
        }
        guard let holder else { throw .closed }
        return holder
    }

    /// No new link is made on `live` any more.
    func retire(_ live: LiveConnection) {
        for holder in state.withLock({ Array($0.holders.values) }) { holder.retire(live) }
    }

    /// Closes the connections; nothing can be opened any more.
    func close() async {
        let holders = state.withLock { state in
            defer { state.holders = [:] }
            state.isClosed = true
            return Array(state.holders.values)
        }
        await withDiscardingTaskGroup { group in
            for holder in holders { group.addTask { await holder.close() } }
        }
    }
}
