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

package import AMQPCodec

/// The `$cbs` node: takes tokens and says whether they are good.
package struct CBSNode: Sendable {
    private let namespace: Namespace
    private let verifier: TokenVerifier

    package init(namespace: Namespace, verifier: TokenVerifier) {
        self.namespace = namespace
        self.verifier = verifier
    }

    /// Carries out a `put-token` request, which may add to the grants of the connection.
    package func respond(
        to request: Message,
        grants: inout AccessGrants,
        at now: Int64,
        trackingSuffix: String
    ) -> Message {
        let properties = request.applicationProperties ?? AMQPMap()
        guard properties[string: "operation"]?.textValue == "put-token" else {
            return NodeReply(400, "BadRequest: The operation is not supported." + trackingSuffix)
                .message(answering: request)
        }
        guard let audience = properties[string: "name"]?.textValue, let token = Self.token(of: request) else {
            return NodeReply(400, "BadRequest: The name or the token is missing." + trackingSuffix)
                .message(answering: request)
        }
        do throws(AuthorizationFailure) {
            let grant = try grant(for: token, type: properties[string: "type"]?.textValue, audience, at: now)
            // Whoever may not ask for a hub does not learn either that there is none.
            let path = EntityPath(resource: audience)
            if let hub = path.segments.first, !hub.hasPrefix("$"), namespace.hub(hub) == nil {
                let error = ServiceError.entityNotFound(hub, in: namespace.name)
                return NodeReply(404, error.message + trackingSuffix, condition: error.condition.rawValue)
                    .message(answering: request)
            }
            guard grants.put(grant, for: path) else { throw .tooManyTokens }
            return NodeReply(202, "Accepted").message(answering: request)
        } catch {
            return NodeReply(
                error.statusCode,
                error.message + trackingSuffix,
                condition: error.statusCode == 401 ? ServiceCondition.unauthorizedAccess.rawValue : nil
            ).message(answering: request)
        }
    }

    private func grant(
        for token: String,
        type: String?,
        _ audience: String,
        at now: Int64
    ) throws(AuthorizationFailure) -> AccessGrant {
        switch type {
        case "jwt":
            try verifier.verify(bearerToken: token, audience: audience, at: now)
        case "servicebus.windows.net:sastoken":
            try verifier.verify(sharedAccessSignature: token, audience: audience, at: now)
        default:
            throw .malformedToken
        }
    }

    /// The token's text: a string as a rule, some clients write binary.
    private static func token(of request: Message) -> String? {
        switch request.body {
        case .value(.string(let text)):
            text
        case .value(.binary(let bytes)):
            String(validating: bytes, as: UTF8.self)
        case .data(let sections):
            String(validating: sections.joined(), as: UTF8.self)
        case .value, .sequence, .empty:
            nil
        }
    }
}
