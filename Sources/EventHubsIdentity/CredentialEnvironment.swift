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

import EventHubs
import Foundation
package import HTTPExchange

/// What credentials take from the world. Tests put their own here.
package struct CredentialEnvironment: Sendable {
    /// The way to issuers.
    package var transport: any HTTPTransport
    /// The environment variables.
    package var variables: [String: String]
    /// Time and chance.
    package var client: ClientEnvironment

    package init(transport: any HTTPTransport, variables: [String: String], client: ClientEnvironment = .system) {
        self.transport = transport
        self.variables = variables
        self.client = client
    }

    /// No answer with a token is larger.
    private static let maximumResponseSize = 256 * 1024

    /// The system's: connections of its own, the process's variables, the system's clock.
    package static var system: CredentialEnvironment {
        CredentialEnvironment(
            transport: shared,
            variables: ProcessInfo.processInfo.environment
        )
    }

    private static let shared = HTTPClient(.init(maximumResponseSize: maximumResponseSize, maximumConnections: 4))

    /// A variable that is set and not empty.
    func variable(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
}
