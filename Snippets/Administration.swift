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

import EventHubsAdministration

let client = try EventHubsAdministrationClient(connectionString: CommandLine.arguments[1])

do throws(EventHubsError) {
    try await client.createEventHub("telemetry", EventHubSettings(partitionCount: 4, messageRetentionInDays: 3))
} catch {
    guard error.code == .alreadyExists else { throw error }
    print("it is there already")
}
try await client.createConsumerGroup("dashboard", of: "telemetry")

for hub in try await client.eventHubs() {
    print(hub.name, hub.partitionIDs.count, hub.status.rawValue)
}
try await client.updateEventHub("telemetry") { $0.messageRetentionInDays = 7 }
