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

import Synchronization

/// What all connections share.
final class Broker: Sendable {
    let configuration: EmulatorConfiguration
    let namespace: Namespace
    let verifier: TokenVerifier
    let cbs: CBSNode
    let management: ManagementNode
    let faults: FaultInjector
    /// Nil: everything passes.
    let throughput: ThroughputUnits?
    private let connections = Mutex<[ObjectIdentifier: ServerConnection]>([:])

    init(namespace: Namespace, configuration: EmulatorConfiguration) {
        self.namespace = namespace
        self.configuration = configuration
        verifier = TokenVerifier(policies: configuration.policies, issuer: configuration.tokenIssuer)
        cbs = CBSNode(namespace: namespace, verifier: verifier)
        management = ManagementNode(namespace: namespace, verifier: verifier)
        throughput = configuration.throughputUnits.map { ThroughputUnits($0, now: namespace.now) }
        faults = FaultInjector(configuration.faults)
    }

    var connectionCount: Int { connections.withLock { $0.count } }

    /// What becomes of a new connection.
    enum Admission {
        case served
        /// It is opened to be told that there are too many.
        case refused
        /// There are even too many to be told.
        case dropped
    }

    /// How many connections may be open besides those that are served, to be told that there are too many.
    private static let refusals = 100

    /// Counts a connection in, unless there are too many.
    func admit(_ connection: ServerConnection) -> Admission {
        connections.withLock { connections in
            let excess = connections.count - configuration.maximumConnections
            guard excess < Self.refusals else { return .dropped }
            connections[ObjectIdentifier(connection)] = connection
            return excess < 0 ? .served : .refused
        }
    }

    func remove(_ connection: ServerConnection) {
        connections.withLock { $0[ObjectIdentifier(connection)] = nil }
    }

    /// Stores what a sender has brought, all of it or nothing.
    func store(
        _ incoming: IncomingEvents,
        for destination: EventDestination,
        stamp: ProducerSequences.Stamp? = nil
    ) throws(ServiceError) {
        if let throughput, !throughput.admit(events: incoming.count, bytes: incoming.bytes.count) {
            throw .throttled(namespace.name)
        }
        let partition = destination.partition ?? destination.hub.partition(for: incoming.partitionKey)
        try partition.append(incoming, at: namespace.now(), stamp: stamp)
    }

    /// Detaches the links to event hubs of which the condition holds. What can be attached from now on is not asked.
    func detachLinks(because error: ServiceError, where isMeant: @escaping @Sendable (EventFeed) -> Bool) {
        for connection in allConnections { connection.detachLinks(because: error, where: isMeant) }
    }

    var allConnections: [ServerConnection] { connections.withLock { Array($0.values) } }
}
