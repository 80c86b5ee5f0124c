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

    let stored = emulator.events(ofPartition: "2", in: "telemetry")
    precondition(stored.map(\.text) == ["one", "two"])

    let reader = Task {
        try await EventHubConsumer.withConsumer(connectionString: connectionString) { consumer in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for partition in ["0", "1", "2", "3"] as [PartitionID] {
                    tasks.addTask {
                        try await consumer.withPartition(partition, from: .earliest) { events in
                            for try await event in events { print(event.text) }
                        }
                    }
                }
                try await tasks.waitForAll()
            }
        }
    }
    // Start what you test here; it reads "telemetry".
    try await emulator.until { $0.partitions(of: "telemetry").allSatisfy { $0.receivers.count == 1 } }
    reader.cancel()
    _ = await reader.result
}
