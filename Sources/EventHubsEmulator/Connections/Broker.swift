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
    private let connections = Mutex<[ObjectIdentifier: ServerConnection]>([:])

    init(namespace: Namespace, configuration: EmulatorConfiguration) {
        self.namespace = namespace
        self.configuration = configuration
        verifier = TokenVerifier(policies: configuration.policies, issuer: configuration.tokenIssuer)
        cbs = CBSNode(verifier: verifier)
        management = ManagementNode(namespace: namespace, verifier: verifier)
    }

    var connectionCount: Int { connections.withLock { $0.count } }

    /// Counts a connection in, unless there are too many.
    func admit(_ connection: ServerConnection) -> Bool {
        connections.withLock { connections in
            guard connections.count < configuration.maximumConnections else { return false }
            connections[ObjectIdentifier(connection)] = connection
            return true
        }
    }

    func remove(_ connection: ServerConnection) {
        connections.withLock { $0[ObjectIdentifier(connection)] = nil }
    }

    var allConnections: [ServerConnection] { connections.withLock { Array($0.values) } }
}
