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
internal import EventHubsProcessor
internal import Synchronization

/// A full processor host, or the receivers it is built on, against the replay listener.
struct ProcessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "process",
        abstract: "Process events with a full host: leases, checkpoints, one processor for each partition.",
        discussion: "With --direct, the same partitions are read by bare partition receivers, for comparison."
    )

    @Option(help: "Events to process.")
    var events = 5_000_000

    @Option(help: "Partitions; the host owns all of them.")
    var partitions = 8

    @Option(help: "Events prefetched for each partition.")
    var prefetch = 5_000

    @Option(help: "Bytes in an event's body.")
    var bodySize = 100

    @Option(help: "The loopback port of a replay listener that runs already; without it, one is started.")
    var port: Int?

    @Flag(help: "Read the partitions without a host.")
    var direct = false

    @Flag(help: "Print one JSON object on one line.")
    var json = false

    mutating func validate() throws {
        guard events > 0, (1...1024).contains(partitions), (1...1_000_000).contains(prefetch),
            (1...60_000).contains(bodySize)
        else {
            throw ValidationError(
                "--events has to be positive, --partitions from 1 to 1024, --prefetch from 1 to 1000000, "
                    + "--body-size from 1 to 60000"
            )
        }
    }

    func run() async throws {
        if let port {
            try await measure(at: port)
        } else {
            let replay = try ReplayProcess(bodySize: bodySize, partitions: partitions)
            try await measure(at: replay.port)
        }
    }

    /// Off the main actor, whose every hop would cost tens of microseconds.
    @concurrent
    private func measure(at port: Int) async throws {
        let endpoint = EventHubsEndpoint(
            host: "127.0.0.1",
            port: port,
            eventHubName: "replay",
            security: .plaintext
        )
        let consumer = EventHubConsumer(
            endpoint: endpoint,
            credential: SharedAccessKeyCredential(keyName: "bench", key: "bench")
        )
        let tally = EventTally(goal: events)
        if direct {
            try await receive(from: consumer, tally: tally)
        } else {
            try await process(from: consumer, tally: tally)
        }
        await consumer.close()
        guard let measurement = tally.meter.measurement else { return }
        print(json ? measurement.json : measurement.text)
    }

    private func receive(from consumer: EventHubConsumer, tally: EventTally) async throws {
        let options = PartitionOptions(ownerLevel: 0, prefetchCount: prefetch)
        try await withThrowingTaskGroup { group in
            for partition in 0..<partitions {
                group.addTask { @concurrent in
                    let receiver = try await consumer.openPartition(
                        PartitionID(String(partition)),
                        from: .earliest,
                        options: options
                    )
                    while let batch = try await receiver.nextBatch(), tally.add(batch) {}
                    await receiver.close()
                }
            }
            try await group.waitForAll()
        }
    }

    private func process(from consumer: EventHubConsumer, tally: EventTally) async throws {
        var configuration = HostConfiguration()
        configuration.prefetchCount = prefetch
        let host = EventProcessorHost(
            consumer: consumer,
            leaseManager: InMemoryLeaseManager(),
            checkpointManager: InMemoryCheckpointManager(),
            configuration: configuration
        ) { _ in CountingProcessor(tally: tally) }
        tally.onGoal { host.shutDown() }
        try await host.run()
    }
}

/// Counts events until there are as many as wanted.
final class EventTally: Sendable {
    let meter = Meter()
    private let goal: Int
    private let state: Mutex<State>

    private struct State {
        var count = 0
        var bodyBytes = 0
        var checksum: Int64 = 0
        var whenReached: @Sendable () -> Void = {}
    }

    init(goal: Int) {
        self.goal = goal
        state = Mutex(State())
    }

    /// What to do when the goal is reached.
    func onGoal(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.whenReached = body } }

    /// Touches every event of a batch; false when no more are wanted.
    func add(_ batch: EventBatch) -> Bool {
        meter.begin()
        var checksum: Int64 = 0
        var bodyBytes = 0
        for event in batch {
            checksum &+= event.sequenceNumber
            let body = event.body
            bodyBytes += body.byteCount
            if body.byteCount >= 8 { checksum &+= body.unsafeLoadUnaligned(fromByteOffset: 0, as: Int64.self) }
        }
        let (before, whenReached) = state.withLock { state in
            let before = state.count
            state.count += batch.count
            state.bodyBytes += bodyBytes
            state.checksum &+= checksum
            return (before, state.whenReached)
        }
        guard before < goal else { return false }
        guard before + batch.count >= goal else { return true }
        let (count, bytes) = state.withLock { ($0.count, $0.bodyBytes) }
        meter.finish(events: count, bodyBytes: bytes)
        whenReached()
        return false
    }
}

/// A processor that does nothing but look at its events.
private struct CountingProcessor: EventProcessor {
    let tally: EventTally

    func process(_ events: EventBatch, in context: PartitionContext) async throws { _ = tally.add(events) }
}
