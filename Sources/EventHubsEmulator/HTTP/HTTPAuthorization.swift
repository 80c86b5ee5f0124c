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

/// Checks what the header `Authorization` of a request to the namespace allows.
struct HTTPAuthorization: Sendable {
    private let verifier: TokenVerifier
    private let now: @Sendable () -> Int64

    init(_ broker: Broker) {
        verifier = broker.verifier
        now = broker.namespace.now
    }

    /// Lets a request pass that has all these rights on the entity.
    func require(_ rights: AccessRights, on path: EntityPath, _ request: ServiceRequest) throws(AtomError) {
        guard let header = request.header("authorization") else {
            throw AtomError(401, "MissingToken: The request has no header 'Authorization'.")
        }
        let audience = "/" + path.segments.joined(separator: "/")
        let scheme = "Bearer "
        let grant: AccessGrant
        do throws(AuthorizationFailure) {
            grant =
                header.hasPrefix(scheme)
                ? try verifier.verify(
                    bearerToken: String(header.dropFirst(scheme.count)),
                    audience: audience,
                    at: now()
                )
                : try verifier.verify(sharedAccessSignature: header, audience: audience, at: now())
        } catch {
            throw AtomError(401, error.message)
        }
        guard grant.rights.isSuperset(of: rights) else {
            throw AtomError(401, "InvalidClaim: The claim '\(rights.claim)' is required for this operation.")
        }
    }
}
