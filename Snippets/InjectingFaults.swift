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
    // The next three events are turned away; the client waits and sends again.
    try emulator.setFaults(try FaultPlan("send times=3: reject com.microsoft:server-busy"))

    try await EventHubProducer.withProducer(
        connectionString: emulator.connectionString(hub: "telemetry"),
        configuration: EventHubsConfiguration(retryPolicy: RetryPolicy(maximumRetries: 5))
    ) { producer in
        try await producer.send([EventData("one")], to: .partition("0"))
    }
    precondition(emulator.faultStrikes == [3])

    // The connection is gone after the event has been stored: the client cannot know, sends again, and it is there twice.
    try emulator.setFaults(FaultPlan([Fault(.sent, .drop, scope: .init(hub: "telemetry"))]))
}
