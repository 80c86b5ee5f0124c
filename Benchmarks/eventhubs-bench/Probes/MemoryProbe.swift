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
internal import AMQPClient
internal import ArgumentParser
internal import EventHubs
internal import EventHubsProcessor

/// Receiver links that nothing comes over.
struct IdleProbe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "idle")

    @Option var port: Int
    @Option var links: Int

    /// The replay listener takes 256 in a session.
    private static let linksPerSession = 250

    @concurrent
    func run() async throws {
        try await AMQPConnection.withConnection(to: AMQPEndpoint(host: "127.0.0.1", port: port, tls: nil)) {
            connection in
            var options = AMQPReceiverOptions()
            options.credit = .manual
            var receivers: [AMQPReceiver] = []
            while receivers.count < links {
                let session = try await connection.makeSession()
                for _ in 0..<min(Self.linksPerSession, links - receivers.count) {
                    receivers.append(try await session.makeReceiver(from: "replay/Partitions/0", options: options))
                }
            }
            print(#"{"peak_rss_bytes": \#(ProcessUsage.peakResidentBytes)}"#)
            withExtendedLifetime(receivers) {}
        }
    }
}

/// A host whose processors do not return from their first batch.
struct StallProbe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "stall")

    @Option(help: "The port of a replay listener.") var port: Int?
    @Option(help: "An emulator's connection string: its partitions are filled with events of 1 MB first.")
    var connectionString: String?
    @Option var partitions: Int
    @Option var seconds = 3

    /// What an emulator is filled with: more than the bound of receive memory.
    private static let largeBodySize = 1_000_000
    private static let largeCount = 400

    @concurrent
    func run() async throws {
        let consumer: EventHubConsumer
        if let connectionString {
            try await fill(connectionString)
            consumer = try EventHubConsumer(connectionString: connectionString)
        } else {
            consumer = EventHubConsumer(
                endpoint: EventHubsEndpoint(
                    host: "127.0.0.1",
                    port: port ?? 0,
                    eventHubName: "replay",
                    security: .plaintext
                ),
                credential: SharedAccessKeyCredential(keyName: "bench", key: "bench")
            )
        }
        var configuration = HostConfiguration.quiet
        configuration.prefetchCount = 5_000
        configuration.initialPosition = { _ in .earliest }
        let host = EventProcessorHost(
            consumer: consumer,
            leaseManager: InMemoryLeaseManager(),
            checkpointManager: InMemoryCheckpointManager(),
            configuration: configuration
        ) { _ in StalledProcessor() }
        let running = Task { @concurrent in try await host.run() }
        try await Task.sleep(for: .seconds(seconds))
        // What was reached while nothing was let go; ending needs no more.
        print(#"{"peak_rss_bytes": \#(ProcessUsage.peakResidentBytes)}"#)
        host.shutDown()
        running.cancel()
        _ = await running.result
        await consumer.close()
    }

    private func fill(_ connectionString: String) async throws {
        let producer = try EventHubProducer(connectionString: connectionString)
        let body = [UInt8](repeating: 0x2e, count: Self.largeBodySize)
        for number in 0..<Self.largeCount {
            try await producer.send([EventData(body)], to: .partition(PartitionID(String(number % partitions))))
        }
        await producer.close()
    }
}

private struct StalledProcessor: EventProcessor {
    func process(_ events: EventBatch, in context: PartitionContext) async throws {
        try await Task.sleep(for: .seconds(3600))
    }
}
