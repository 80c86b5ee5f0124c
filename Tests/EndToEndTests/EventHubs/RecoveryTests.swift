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
import Logging
import ServiceLifecycle
import Testing

@Suite("Losses and lifetimes", .timeLimit(.minutes(1)))
struct RecoveryTests {
    /// Tries again quickly.
    private let quick = EventHubsConfiguration(
        retryPolicy: RetryPolicy(maximumRetries: 8, delay: .milliseconds(20), maximumDelay: .milliseconds(200))
    )

    private func connectionString(_ port: Int) -> String {
        "Endpoint=sb://127.0.0.1:\(port);SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;"
            + "EntityPath=hub1;UseDevelopmentEmulator=true"
    }

    @Test("A send without an outcome ends as a time-out, and the next attempt goes over a link of its own")
    func unansweredSend() async throws {
        try await withHub { emulator in
            try emulator.setFaults(try FaultPlan("send times=1: ignore"))
            let once = RetryPolicy(maximumRetries: 0, tryTimeout: .milliseconds(500))
            let producer = try emulator.makeProducer(EventHubsConfiguration(retryPolicy: once))
            let error = await #expect(throws: EventHubsError.self) {
                try await producer.send([EventData("lost")], to: .partition("0"))
            }
            #expect(error?.code == .timeout)
            #expect(error?.isTransient == true)
            #expect(error?.partition == "0")
            #expect(error?.message.contains("sending took longer than 0.5 seconds") == true)
            await producer.close()

            try emulator.setFaults(try FaultPlan("send times=1: ignore; attach hub=hub1 times=*: delay 1ms"))
            let patient = RetryPolicy(maximumRetries: 8, delay: .milliseconds(20), tryTimeout: .seconds(2))
            let another = try emulator.makeProducer(EventHubsConfiguration(retryPolicy: patient))
            try await another.send([EventData("found")], to: .partition("0"))
            #expect(emulator.partitions(of: "hub1").first?.eventCount == 1)
            #expect(emulator.faultStrikes == [1, 2], "one send lost, two links attached")
            await another.close()
        }
    }

    @Test("A receiver survives lost connections without loss and without repetition")
    func receiverRecovers() async throws {
        try await withHub { emulator in
            try await emulator.fill("0", count: 3_000)
            let proxy = try await CuttableProxy.start(to: emulator.amqpPort)
            let consumer = try EventHubConsumer(connectionString: connectionString(proxy.port), configuration: quick)
            let receiver = try await consumer.openPartition("0", from: .earliest)
            var numbers: [Int64] = []
            while numbers.count < 3_000 {
                let batch = try await receiver.nextBatch(maximumCount: 100, maximumWait: .seconds(10))
                guard let batch, !batch.isEmpty else { break }
                numbers += batch.map(\.sequenceNumber)
                if numbers.count % 1_000 == 0 { proxy.cut() }
            }
            #expect(numbers == Array(0..<3_000))
            #expect(proxy.acceptedCount >= 2)
            await consumer.close()
            await proxy.stop()
        }
    }

    @Test("A receiver at \"latest\" misses nothing that comes while its connection is lost")
    func latestRecovers() async throws {
        try await withHub { emulator in
            try await emulator.fill("0", count: 2)
            let proxy = try await CuttableProxy.start(to: emulator.amqpPort)
            let consumer = try EventHubConsumer(connectionString: connectionString(proxy.port), configuration: quick)
            let receiver = try await consumer.openPartition("0", from: .latest)
            proxy.set(.refuse)
            proxy.cut()
            try await emulator.fill("0", count: 3)
            #expect(try await receiver.nextBatch(maximumWait: .milliseconds(60))?.isEmpty == true)
            proxy.set(.serve)
            #expect(try await receiver.take(3).map(\.sequenceNumber) == [2, 3, 4])
            await consumer.close()
            await proxy.stop()
        }
    }

    @Test("A producer sends on after its connection was lost")
    func producerRecovers() async throws {
        try await withHub { emulator in
            let proxy = try await CuttableProxy.start(to: emulator.amqpPort)
            let producer = try EventHubProducer(connectionString: connectionString(proxy.port), configuration: quick)
            for round in 0..<4 {
                try await producer.send([EventData("\(round)")], to: .partition("0"))
                proxy.cut()
            }
            let consumer = try emulator.makeConsumer()
            let receiver = try await consumer.openPartition("0", from: .earliest)
            #expect(try await receiver.take(4).map(\.text) == ["0", "1", "2", "3"])
            #expect(proxy.acceptedCount == 4)
            await producer.close()
            await consumer.close()
            await proxy.stop()
        }
    }

    @Test("Where nobody answers, retries end as the policy says")
    func bounded() async throws {
        try await withHub { emulator in
            let proxy = try await CuttableProxy.start(to: emulator.amqpPort)
            let producer = try EventHubProducer(
                connectionString: connectionString(proxy.port),
                configuration: EventHubsConfiguration(
                    retryPolicy: RetryPolicy(
                        maximumRetries: 3,
                        delay: .milliseconds(5),
                        maximumDelay: .milliseconds(20)
                    )
                )
            )
            proxy.set(.refuse)
            await #expect(throws: EventHubsError(.connectionLost, "")) { try await producer.send([EventData("x")]) }
            #expect(proxy.acceptedCount == 4)
            proxy.set(.serve)
            try await producer.send([EventData("x")])
            await producer.close()
            await proxy.stop()
        }
    }

    @Test("Idle links that the service detaches are attached again when they are needed")
    func idleLinks() async throws {
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 2)])
        configuration.idleLinkTimeout = .seconds(1)
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let producer = try emulator.makeProducer(quick)
            let consumer = try emulator.makeConsumer(quick)
            let receiver = try await consumer.openPartition("0", from: .latest)
            for round in 0..<3 {
                try await producer.send([EventData("\(round)")], to: .partition("0"))
                #expect(try await producer.properties(of: "0").lastEnqueuedSequenceNumber == Int64(round))
                #expect(try await receiver.take(1).map(\.text) == ["\(round)"])
                // Longer than the service keeps idle links.
                #expect(try await receiver.nextBatch(maximumWait: .milliseconds(2_500))?.isEmpty == true)
            }
            #expect(emulator.connectionCount == 2)
            await consumer.close()
            await producer.close()
        }
    }

    @Test("Closing a consumer ends waits at once, also while a link is being attached again")
    func closingDuringRecovery() async throws {
        try await withHub { emulator in
            let proxy = try await CuttableProxy.start(to: emulator.amqpPort)
            let consumer = try EventHubConsumer(
                connectionString: connectionString(proxy.port),
                configuration: EventHubsConfiguration(
                    retryPolicy: RetryPolicy(maximumRetries: nil, delay: .seconds(50))
                )
            )
            let receiver = try await consumer.openPartition("0", from: .earliest)
            proxy.set(.refuse)
            proxy.cut()
            async let next = receiver.nextBatch()
            try await Task.sleep(for: .milliseconds(50))
            await consumer.close()
            #expect(try await next == nil)
            await proxy.stop()
        }
    }

    @Test("Tokens of six seconds are replaced while a link is open, and the link stays")
    func tokenRefresh() async throws {
        try await withHub { emulator in
            let credential = SharedAccessKeyCredential(
                keyName: "RootManageSharedAccessKey",
                key: "SAS_KEY_VALUE",
                lifetime: .seconds(6)
            )
            let consumer = EventHubConsumer(
                endpoint: EventHubsEndpoint(
                    host: "127.0.0.1",
                    port: emulator.amqpPort,
                    eventHubName: "hub1",
                    security: .plaintext
                ),
                credential: credential,
                configuration: impatient
            )
            // Without retries a link that was lost would be an error.
            let receiver = try await consumer.openPartition("0", from: .earliest)
            #expect(try await receiver.nextBatch(maximumWait: .seconds(10))?.isEmpty == true)
            try await emulator.fill("0", count: 1)
            #expect(try await receiver.take(1).count == 1)
            #expect(emulator.connectionCount == 1)
            await consumer.close()
        }
    }

    @Test("A service group ends a client gracefully")
    func serviceGroup() async throws {
        try await withHub { emulator in
            let consumer = try emulator.makeConsumer()
            let receiver = try await consumer.openPartition("0", from: .earliest)
            let group = ServiceGroup(
                configuration: .init(services: [.init(service: consumer)], logger: .init(label: "test"))
            )
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                async let next = receiver.nextBatch()
                await group.triggerGracefulShutdown()
                #expect(try await next == nil)
                try await tasks.waitForAll()
            }
            await #expect(throws: EventHubsError.closed) { try await consumer.properties() }
        }
    }
}
