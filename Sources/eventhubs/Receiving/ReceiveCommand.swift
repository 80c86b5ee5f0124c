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

import ArgumentParser
import EventHubs
import ServiceLifecycle
import Synchronization

/// `eventhubs receive`: prints what is in an event hub.
struct ReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive",
        abstract: "Print the events of one partition, or of all.",
        discussion: "Runs until --count events have been printed, or until SIGINT."
    )

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var group: ConsumerGroupOption

    @Option(help: ArgumentHelp("Only this partition.", valueName: "id"))
    var partition: String?

    @Option(
        name: .customLong("from"),
        help: ArgumentHelp(
            "Where to begin: earliest, latest, offset:X, sequence:N or time:T (ISO 8601, or ms since 1970).",
            valueName: "position"
        )
    )
    var start = PositionArgument(.earliest)

    @Option(help: ArgumentHelp("End after so many events.", valueName: "n"))
    var count: Int?

    @Option(help: "How events are printed: text (for people, gzip bodies expanded), json or raw (bodies as they came).")
    var format = EventFormat.text

    @Option(
        help: ArgumentHelp(
            "Owner level (once called epoch): takes the partitions from receivers with a lower level or none.",
            valueName: "n"
        )
    )
    var ownerLevel: Int64?

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count must be at least 1.") }
        if let ownerLevel, ownerLevel < 0 { throw ValidationError("--owner-level must be 0 or more.") }
    }

    @concurrent
    func run() async throws {
        let consumer = try await CommandFailure.explaining("receive") {
            let target = try connection.target()
            return EventHubConsumer(
                endpoint: target.endpoint,
                credential: target.credential,
                consumerGroup: group.consumerGroup,
                configuration: connection.configuration("receive")
            )
        }
        let printing = Printing(format: format, budget: Budget(count))
        let (partition, position) = (partition.map { PartitionID($0) }, start.position)
        let options = PartitionOptions(ownerLevel: ownerLevel, prefetchCount: 3000)
        try await runUntilSignal(logger: connection.logging.logger("receive")) {
            let outcome: Result<Void, any Error>
            do {
                try await cancelWhenGracefulShutdown {
                    try await Self.receive(consumer, partition, from: position, options: options, printing: printing)
                }
                outcome = .success(())
            } catch let error as EventHubsError where error.code == .cancelled {
                outcome = .success(())
            } catch is CancellationError {
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            printing.output.flush()
            await consumer.close()
            try outcome.get()
        }
    }

    private struct Printing: Sendable {
        let format: EventFormat
        let budget: Budget
        let output = LineOutput.standard
    }

    private static func receive(
        _ consumer: EventHubConsumer,
        _ partition: PartitionID?,
        from position: EventPosition,
        options: PartitionOptions,
        printing: Printing
    ) async throws {
        let hub = consumer.endpoint.eventHubName
        let partitions =
            if let partition {
                [partition]
            } else {
                try await CommandFailure.explaining("asking for the partitions of '\(hub)'") {
                    try await consumer.properties().partitionIDs
                }
            }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for partition in partitions {
                group.addTask { @concurrent in
                    try await CommandFailure.explaining("receiving partition \(partition) of '\(hub)'") {
                        try await receive(consumer, of: partition, from: position, options: options, printing: printing)
                    }
                }
            }
            // The first to say that it was the last event ends all.
            while let isDone = try await group.next() {
                if isDone { group.cancelAll() }
            }
        }
    }

    /// Prints a partition; true when nothing more is to be printed of any.
    private static func receive(
        _ consumer: EventHubConsumer,
        of partition: PartitionID,
        from position: EventPosition,
        options: PartitionOptions,
        printing: Printing
    ) async throws(EventHubsError) -> Bool {
        do {
            let receiver = try await consumer.openPartition(partition, from: position, options: options)
            while let batch = try await receiver.nextBatch() {
                let granted = printing.budget.take(batch.count)
                printing.output.append { bytes in
                    for event in batch.prefix(granted) { printing.format.append(event, of: partition, to: &bytes) }
                }
                if printing.budget.isUsedUp || !printing.output.isOpen { return true }
                // Whoever reads along sees events when they come, not when 64 KiB have come together.
                if batch.count < 16 { printing.output.flush() }
            }
            return false
        } catch  where error.code == .cancelled {
            return false
        }
    }
}

/// How many events may still be printed, shared by all partitions.
final class Budget: Sendable {
    private let remaining: Mutex<Int>

    /// So many, or without end.
    init(_ count: Int?) { remaining = Mutex(count ?? .max) }

    /// As many of `wanted` as are left.
    func take(_ wanted: Int) -> Int {
        remaining.withLock { remaining in
            let granted = min(wanted, remaining)
            if remaining != .max { remaining -= granted }
            return granted
        }
    }

    var isUsedUp: Bool { remaining.withLock { $0 == 0 } }
}
