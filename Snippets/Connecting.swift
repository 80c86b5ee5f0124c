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

let (connectionString, secret) = (CommandLine.arguments[1], CommandLine.arguments[2])

let overWebSockets = try EventHubProducer(
    connectionString: connectionString,
    configuration: EventHubsConfiguration(transport: .webSockets)
)

let throughProxy = try EventHubProducer(
    connectionString: connectionString,
    configuration: EventHubsConfiguration(
        proxy: .http(HTTPProxy(host: "proxy.example.com", port: 3128, user: "me", password: secret))
    )
)

let parsed = try EventHubsConnectionString(connectionString)
var endpoint = try EventHubsEndpoint(parsed)
endpoint.connectHost = "10.0.0.4"

let connection = EventHubConnection(endpoint: endpoint, credential: try parsed.credential())
let producer = EventHubProducer(sharing: connection)
let consumer = EventHubConsumer(sharing: connection)

for client in [overWebSockets, throughProxy, producer] { await client.close() }
await consumer.close()
await connection.close()
