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
import Testing

@Suite("Dead connections", .timeLimit(.minutes(1)))
struct DeadConnectionTests {
    @Test(
        "A connection that brings nothing any more, without an end, is given up after its idle time-out and opened anew"
    )
    func silence() async throws {
        try await withHub { emulator in
            try await emulator.fill("0", count: 3)
            let proxy = try await CuttableProxy.start(to: emulator.amqpPort)
            let consumer = try EventHubConsumer(
                connectionString: "Endpoint=sb://127.0.0.1:\(proxy.port);SharedAccessKeyName=RootManageSharedAccessKey;"
                    + "SharedAccessKey=SAS_KEY_VALUE;EntityPath=hub1;UseDevelopmentEmulator=true",
                configuration: EventHubsConfiguration(
                    retryPolicy: RetryPolicy(
                        maximumRetries: 20,
                        delay: .milliseconds(50),
                        maximumDelay: .seconds(1)
                    ),
                    idleTimeout: .seconds(2)
                )
            )
            let receiver = try await consumer.openPartition("0", from: .earliest)
            #expect(try await receiver.take(3).map(\.sequenceNumber) == [0, 1, 2])
            let before = proxy.acceptedCount
            proxy.freeze()
            try await emulator.fill("0", count: 2)
            // Nothing but the idle time-out ends this wait.
            #expect(try await receiver.take(2, patience: .seconds(40)).map(\.sequenceNumber) == [3, 4])
            #expect(proxy.acceptedCount > before)
            await consumer.close()
            await proxy.stop()
        }
    }
}
