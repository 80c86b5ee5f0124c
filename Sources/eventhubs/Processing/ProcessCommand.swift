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
import EventHubsProcessor
import Foundation
import Logging
import ServiceLifecycle

/// `eventhubs process`: an event processor host that prints or counts.
struct ProcessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "process",
        abstract: "Run an event processor host that prints or counts events.",
        discussion: """
            Hosts with the same consumer group, --storage and --container share the partitions, also with the official \
            SDKs. Runs until SIGINT or SIGTERM, then finishes its batches, stores checkpoints and gives its leases back.
            """
    )

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var group: ConsumerGroupOption

    @Option(
        help: ArgumentHelp(
            """
            Where leases and checkpoints are: memory: (this process only), a container's or account's URL (with a SAS, or \
            opened with tokens of Microsoft Entra ID), or a storage connection string. Default: \(StorageChoice.environmentName), else memory:.
            """,
            valueName: "url"
        )
    )
    var storage: String?

    @Option(help: ArgumentHelp("Blob container, when the URL names none.", valueName: "name"))
    var container: String?

    @Option(help: ArgumentHelp("Checkpoint a partition at most this often.", valueName: "duration"))
    var checkpointEvery = DurationArgument(.seconds(10))

    @Option(help: ArgumentHelp("How often leases are renewed and balanced.", valueName: "duration"))
    var loadBalancingInterval = DurationArgument(.seconds(10))

    @Option(help: ArgumentHelp("How long a lease lives without renewal.", valueName: "duration"))
    var leaseDuration = DurationArgument(.seconds(60))

    @Option(help: ArgumentHelp("This host's name in the store; random unless given.", valueName: "name"))
    var hostID: String?

    @Option(
        name: .customLong("from"),
        help: ArgumentHelp("Where partitions without a checkpoint begin, as for receive.", valueName: "position")
    )
    var start = PositionArgument(.earliest)

    @Flag(help: "Print one JSON object per event, opened or closed partition and checkpoint.")
    var json = false

    @Flag(help: "Print events as text. Without this and --json, they are counted.")
    var text = false

    func validate() throws {
        if json && text { throw ValidationError("Choose --json or --text.") }
        guard leaseDuration.duration >= loadBalancingInterval.duration * 2 else {
            throw ValidationError("--lease-duration must be at least twice --load-balancing-interval.")
        }
    }

    @concurrent
    func run() async throws {
        let store = try StorageChoice(storage, container: container)
        let logger = connection.logging.logger("process")
        let consumer = try await CommandFailure.explaining("process") {
            let target = try connection.target()
            return EventHubConsumer(
                endpoint: target.endpoint,
                credential: target.credential,
                consumerGroup: group.consumerGroup,
                configuration: connection.configuration("process")
            )
        }
        let report = PartitionReport(style: json ? .events(.json) : text ? .events(.text) : .counts)
        var configuration = HostConfiguration(checkpointPolicy: .every(checkpointEvery.duration), logger: logger)
        if let hostID { configuration.hostID = HostID(hostID) }
        configuration.updateInterval = loadBalancingInterval.duration
        configuration.leaseDuration = leaseDuration.duration
        let position = start.position
        configuration.initialPosition = { _ in position }

        let host = store.makeHost(consumer: consumer, configuration: configuration, report: report)
        try await runUntilSignal(logger: logger) {
            let outcome: Result<Void, any Error>
            do {
                try await CommandFailure.explaining("processing '\(consumer.endpoint.eventHubName)'") {
                    try await Self.run(host, report: report)
                }
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            report.output.flush()
            await consumer.close()
            try outcome.get()
        }
        if case .counts = report.style { report.output.line("\(report.current.events) events processed") }
        report.output.flush()
    }

    /// The host, and beside it the counts once a second.
    private static func run(_ host: EventProcessorHost, report: PartitionReport) async throws {
        guard case .counts = report.style else { return try await host.run() }
        let counting = Task { @concurrent in await count(report) }
        defer { counting.cancel() }
        try await host.run()
    }

    private static func count(_ report: PartitionReport) async {
        let clock = ContinuousClock()
        var (last, lastTime) = (0, clock.now)
        while (try? await clock.sleep(for: .seconds(1))) != nil {
            let (totals, now) = (report.current, clock.now)
            let rate = Double(totals.events - last) / ((now - lastTime) / .seconds(1))
            let partitions = totals.partitions.sorted().map(\.rawValue).joined(separator: " ")
            report.output.line(
                "\(totals.events) events, \(Int(rate)) events/s, partitions \(partitions.isEmpty ? "-" : partitions)"
            )
            report.output.flush()
            (last, lastTime) = (totals.events, now)
        }
    }
}
