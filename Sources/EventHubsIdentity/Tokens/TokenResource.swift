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

/// The service that a token is for. Tokens of Microsoft Entra ID are for whole services, not for entities.
struct TokenResource: Sendable, Hashable {
    /// The service's identifier, without a slash at its end.
    let identifier: String

    /// What the token endpoint is asked for: all that the identity has been granted on the service.
    var scope: String { identifier + "/.default" }

    /// Event Hubs, in every cloud.
    static let eventHubs = TokenResource(identifier: "https://eventhubs.azure.net")

    private init(identifier: String) { self.identifier = identifier }

    /// The service behind an audience: a bare `https` URL names it itself, any other one names an entity of Event Hubs.
    init(audience: String) {
        let scheme = "https://"
        var host = audience.dropFirst(scheme.count)
        if host.last == "/" { host.removeLast() }
        guard audience.hasPrefix(scheme), !host.isEmpty, !host.contains("/") else {
            self = .eventHubs
            return
        }
        self.init(identifier: scheme + host)
    }
}
