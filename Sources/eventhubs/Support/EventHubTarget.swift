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

import ArgumentParser
import EventHubs
import EventHubsIdentity

/// An event hub, and what opens it.
struct EventHubTarget: Sendable {
    let endpoint: EventHubsEndpoint
    let credential: any TokenCredential

    /// What a connection string names.
    init(connectionString: String, hub: String?) throws(EventHubsError) {
        let parsed = try EventHubsConnectionString(connectionString)
        endpoint = try EventHubsEndpoint(parsed, eventHubName: hub)
        credential = try parsed.credential()
    }

    /// A hub of a namespace, opened with tokens of Microsoft Entra ID.
    init(namespace: String, hub: String) throws {
        var host = namespace[...]
        var port: Int?
        if let colon = namespace.lastIndex(of: ":") {
            guard let number = UInt16(namespace[namespace.index(after: colon)...]), number > 0 else {
                throw ValidationError("--namespace: the port is not a number from 1 to 65535.")
            }
            port = Int(number)
            host = namespace[..<colon]
        }
        let isHost = host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isHost, host.contains(".") || host == "localhost" else {
            throw ValidationError("--namespace is a whole host name, such as NAME.servicebus.windows.net.")
        }
        endpoint = EventHubsEndpoint(host: String(host), port: port, eventHubName: hub)
        credential = DefaultAzureCredential.ofThisProcess
    }
}

extension DefaultAzureCredential {
    /// One for event hubs and blobs: it keeps its tokens.
    static let ofThisProcess = DefaultAzureCredential()
}
