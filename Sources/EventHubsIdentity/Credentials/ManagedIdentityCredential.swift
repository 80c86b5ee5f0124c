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

public import EventHubs
import Foundation
public import Logging

/// The identity that Azure gives a virtual machine, a container or an app of App Service and its kin: no secret at all.
///
/// Tokens are kept and replaced ahead of time; copies share them.
public struct ManagedIdentityCredential: TokenCredential {
    /// Which identity, where there can be several.
    public enum Identity: Sendable, Hashable {
        /// The one that belongs to the machine or the app.
        case systemAssigned
        /// The one with this client ID.
        case clientID(String)
        /// The one with this object ID, also called principal ID.
        case objectID(String)
        /// The one with this resource ID, `/subscriptions/…`.
        case resourceID(String)
    }

    static let name = "ManagedIdentityCredential"
    private let tokens: TokenCache

    /// A credential of this machine or app.
    /// - Parameters:
    ///   - identity: which identity.
    ///   - logger: where to log; nil means nowhere.
    public init(_ identity: Identity = .systemAssigned, logger: Logger? = nil) {
        self.init(identity, logger: logger, environment: .system, probes: false)
    }

    package init(_ identity: Identity, logger: Logger?, environment: CredentialEnvironment, probes: Bool) {
        let source = ManagedIdentitySource(
            name: Self.name,
            identity: identity,
            environment: environment,
            logger: logger,
            probes: probes
        )
        tokens = TokenCache(source, environment: environment.client)
    }

    /// A token for the service behind `audience`.
    /// - Parameter audience: the resource.
    /// - Returns: a token that is good for some time yet.
    /// - Throws: `CredentialError`, or `CancellationError` when the calling task is cancelled.
    public func token(for audience: String) async throws -> AccessToken { try await tokens.token(for: audience) }
}
