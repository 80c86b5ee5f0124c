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

internal import ArgumentParser
internal import EventHubs
internal import EventHubsBlobStore
internal import EventHubsProcessor
import Foundation
internal import Synchronization

/// One host of several, as a pod would run it: leases and checkpoints in blobs, a checkpoint every ten seconds.
///
/// Prints `owns N` when the number of its partitions changes. Counts from the line `begin` on its standard input to the line
/// `end`, and prints what that came to.
struct HostProbe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "host")

    @Option(help: "The port of the replay listener.") var port: Int
    @Option(help: "The connection string of the storage account.") var storage: String

    @concurrent
    func run() async throws {
        let consumer = EventHubConsumer(
            endpoint: EventHubsEndpoint(
                host: "127.0.0.1",
                port: port,
                eventHubName: "replay",
                security: .plaintext
            ),
            credential: SharedAccessKeyCredential(keyName: "bench", key: "bench")
        )
        let container = BlobContainerClient(try BlobContainerLocation(connectionString: storage, container: "leases"))
        let scope = BlobStoreScope(of: consumer)
        let counter = HostCounter()
        var configuration = HostConfiguration.quiet
        // Fair shares are found within seconds, not within a minute.
        configuration.updateInterval = .seconds(1)
        configuration.leaseDuration = .seconds(60)
        let host = EventProcessorHost(
            consumer: consumer,
            leaseManager: BlobLeaseManager(client: container, scope: scope, createsContainer: true),
            checkpointManager: BlobCheckpointManager(client: container, scope: scope),
            configuration: configuration
        ) { _ in SumProcessor(counter: counter) }
        let running = Task { @concurrent in try await host.run() }
        let reporting = Task { @concurrent in
            var last = -1
            while !Task.isCancelled {
                let owned = await host.status().partitions.count { $0.phase == .processing }
                if owned != last { Output.line("owns \(owned)") }
                last = owned
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        await Self.line("begin")
        let (start, first) = (ProcessUsage.now(), counter.value)
        await Self.line("end")
        let (end, last) = (ProcessUsage.now(), counter.value)
        reporting.cancel()
        host.shutDown()
        try await running.value
        await consumer.close()
        var measurement = Measurement(events: last.events - first.events, bodyBytes: 0, usage: end - start)
        measurement.bodyBytes = last.bodyBytes - first.bodyBytes
        Output.line(measurement.json)
    }

    /// Waits for a line on standard input; its end counts as every line.
    private static func line(_ expected: String) async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                while let line = readLine(), line != expected {}
                continuation.resume()
            }
        }
    }
}

/// What a host has processed.
private final class HostCounter: Sendable {
    struct Value {
        var events = 0
        var bodyBytes = 0
        var checksum: Int64 = 0
    }

    private let state = Mutex(Value())

    var value: Value { state.withLock { $0 } }

    func add(_ batch: EventBatch) {
        var sum = Value()
        sum.events = batch.count
        for event in batch {
            sum.checksum &+= event.sequenceNumber
            sum.bodyBytes += event.body.byteCount
        }
        state.withLock { state in
            state.events += sum.events
            state.bodyBytes += sum.bodyBytes
            state.checksum &+= sum.checksum
        }
    }
}

private struct SumProcessor: EventProcessor {
    let counter: HostCounter

    func process(_ events: EventBatch, in context: PartitionContext) async throws { counter.add(events) }
}
