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
import EventHubsEmulator

let configuration = EmulatorConfiguration(hubs: [.init(name: "telemetry", partitionCount: 4)])

try await EventHubsEmulator.withEmulator(configuration) { emulator in
    let connectionString = emulator.connectionString(hub: "telemetry")

    try await EventHubProducer.withProducer(connectionString: connectionString) { producer in
        try await producer.send([EventData("one"), EventData("two")], to: .partition("2"))
    }

    let stored = emulator.partitions(of: "telemetry").first { $0.id == "2" }
    precondition(stored?.eventCount == 2)

    try await EventHubConsumer.withConsumer(connectionString: connectionString) { consumer in
        try await consumer.withPartition("2", from: .earliest) { events in
            for try await event in events {
                print(event.text)
                if event.sequenceNumber == 1 { break }
            }
        }
    }
}
