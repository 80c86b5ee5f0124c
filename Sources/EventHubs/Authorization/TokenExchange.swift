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

/// The request and the response of `$cbs`.
package enum TokenExchange {
    /// The node tokens are put to.
    package static let node = "$cbs"

    /// The request that puts `token` for `audience`.
    package static func request(_ token: AccessToken, for audience: String) -> Message {
        var properties: AMQPMap = [
            "operation": "put-token",
            "type": .string(token.kind.cbsType),
            "name": .string(audience),
        ]
        if let expiry = token.expiry { properties[string: "expiration"] = .timestamp(expiry) }
        return Message(applicationProperties: properties, body: .value(.string(token.value)))
    }

    /// Checks the response.
    /// - Parameters:
    ///   - response: what came back.
    ///   - audience: what the token was for.
    /// - Throws: ``EventHubsError`` when the token was not accepted.
    package static func check(_ response: Message, for audience: String) throws(EventHubsError) {
        let status = try ResponseStatus(response, of: "put-token for '\(audience)'")
        try status.requireSuccess()
    }
}
