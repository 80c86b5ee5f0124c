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

/// Runs `body` against an emulator with one hub of two partitions, named `hub1`.
func withHub<Value: Sendable>(
    partitions: Int = 2,
    consumerGroups: [String] = [],
    _ body: (EventHubsEmulator) async throws -> Value
) async throws -> Value {
    let hub = EmulatorConfiguration.Hub(name: "hub1", partitionCount: partitions, consumerGroups: consumerGroups)
    return try await EventHubsEmulator.withEmulator(EmulatorConfiguration(hubs: [hub]), body)
}

/// A file of Fixtures/Certificates.
func certificate(_ name: String) -> String {
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return "/\(root)/Fixtures/Certificates/\(name).pem"
}

/// As `withHub`, with TLS: the certificate is for `localhost`, signed by `ca`.
func withTLS(_ body: (EventHubsEmulator) async throws -> Void) async throws {
    var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 2)])
    configuration.tls = .init(certificateChainFile: certificate("server"), privateKeyFile: certificate("server-key"))
    try await EventHubsEmulator.withEmulator(configuration) { try await body($0) }
}

/// Failures show themselves at once.
let impatient = EventHubsConfiguration(retryPolicy: RetryPolicy(maximumRetries: 0, tryTimeout: .seconds(10)))

extension EventHubsEmulator {
    func makeProducer(_ configuration: EventHubsConfiguration = impatient) throws -> EventHubProducer {
        try EventHubProducer(connectionString: connectionString(hub: "hub1"), configuration: configuration)
    }

    func makeConsumer(
        group: String = EventHubConsumer.defaultConsumerGroup,
        _ configuration: EventHubsConfiguration = impatient
    ) throws -> EventHubConsumer {
        try EventHubConsumer(
            connectionString: connectionString(hub: "hub1"),
            consumerGroup: group,
            configuration: configuration
        )
    }

    /// Sends `count` events to `partition`, numbered from 0.
    func fill(_ partition: PartitionID, count: Int) async throws {
        try await EventHubProducer.withProducer(connectionString: connectionString(hub: "hub1")) { producer in
            try await producer.send((0..<count).map { EventData("event \($0)") }, to: .partition(partition))
        }
    }
}

extension PartitionReceiver {
    /// The next `count` events; fewer when none comes for `patience`.
    func take(_ count: Int, patience: Duration = .seconds(5)) async throws -> [ReceivedEventData] {
        var events: [ReceivedEventData] = []
        while events.count < count {
            let batch = try await nextBatch(maximumCount: count - events.count, maximumWait: patience)
            guard let batch, !batch.isEmpty else { break }
            events += batch
        }
        return events
    }
}
