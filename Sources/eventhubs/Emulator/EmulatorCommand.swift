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
import EventHubsEmulator
import Logging
import ServiceLifecycle

/// `eventhubs emulator`: the service on this machine, for clients of any kind.
struct EmulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emulator",
        abstract: "Serve event hubs, and the blobs of checkpoint stores, from this process.",
        discussion: """
            Prints one line when it is ready, then a connection string for each event hub and one for the blobs. Everything \
            is held in memory, and kept with --data-dir. Runs until SIGINT or SIGTERM.
            """
    )

    @Option(
        help: ArgumentHelp("Port of AMQP, with and without WebSockets; 0 takes any free one.", valueName: "port")
    )
    var port = 5672

    @Option(
        help: ArgumentHelp(
            "Port of administration, of the Blob service and of /health; 0 takes any free one.",
            valueName: "port"
        )
    )
    var httpPort = 10_000

    @Option(
        help: ArgumentHelp(
            "An event hub and how many partitions it has. May be repeated.",
            valueName: "name:partitions"
        )
    )
    var hub: [HubArgument] = []

    @Option(
        help: ArgumentHelp("A consumer group that every hub has besides $Default. May be repeated.", valueName: "name")
    )
    var consumerGroup: [String] = []

    @Option(help: ArgumentHelp("A configuration file of the Azure Event Hubs emulator.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "A directory in which hubs, events, leases and checkpoints survive a restart. It is made if it is not there.",
            valueName: "dir"
        )
    )
    var dataDir: String?

    @Option(help: ArgumentHelp("Serve AMQP over TLS with this certificate chain, a PEM file.", valueName: "file"))
    var tlsCert: String?

    @Option(help: ArgumentHelp("The certificate's key, a PEM file.", valueName: "file"))
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "Take tokens (JWT) of the issuer \(TokenIssuer.defaultName), signed (HS256) with this key of 32 bytes at least.",
            valueName: "key"
        )
    )
    var tokenKey: String?

    @Option(help: ArgumentHelp("Detach links on which nothing moves for so long; 30m if not given.", valueName: "time"))
    var idleLinkTimeout: DurationArgument?

    @Option(
        help: ArgumentHelp(
            "Close connections from which nothing comes for so long; 4m if not given.",
            valueName: "time"
        )
    )
    var idleTimeout: DurationArgument?

    @Option(help: ArgumentHelp("Close connections without a link after so long; 5m if not given.", valueName: "time"))
    var linklessTimeout: DurationArgument?

    @Option(
        help: ArgumentHelp(
            "Keep the quotas of a tier of the service: basic, standard, premium, dedicated.",
            valueName: "tier"
        ),
        transform: { text in
            guard let tier = ServiceTier(rawValue: text) else {
                throw ValidationError("there is no tier '\(text)': basic, standard, premium, dedicated.")
            }
            return tier
        }
    )
    var tier: ServiceTier?

    @Option(
        help: ArgumentHelp(
            "Throttle as a namespace with so many throughput units does: 1 MB or 1,000 events in, 2 MB or 4,096 out, per second.",
            valueName: "count"
        )
    )
    var throughputUnits: Int?

    @Flag(help: "Give offsets as a geo-replicated namespace does: strings that are no numbers.")
    var geoReplicated = false

    @Option(
        help: ArgumentHelp(
            "What goes wrong, as in 'send times=3: reject com.microsoft:server-busy; connect: drop 40'. May be repeated.",
            discussion: """
                WHERE [option=value]…: WHAT, several parted by semicolons or lines; # begins a comment. \
                Where: connect, attach, send (before an event is stored), sent (after), receive, token, read, blob. \
                Options: hub, partition, group, role=sender|receiver, method, path, skip=N, times=N|*, chance=0.1. \
                What: drop [FRAME], stall, slow BYTES, close|end|detach|refuse|reject CONDITION ["text"], release, modify, \
                ignore, delay TIME, attach-twice, no-credit, limit BYTES, lapse TIME, answer STATUS [CODE], cut. \
                seed=N, alone, decides what chance strikes.
                """,
            valueName: "plan"
        ),
        transform: { try FaultPlan($0) }
    )
    var fault: [FaultPlan] = []

    @OptionGroup var logging: LoggingOptions

    func validate() throws {
        guard (tlsCert == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-cert and --tls-key belong together.")
        }
        for number in [port, httpPort] where !(0...65_535).contains(number) {
            throw ValidationError("\(number) is no port.")
        }
    }

    @concurrent
    func run() async throws {
        let emulator: EventHubsEmulator
        do {
            emulator = try EventHubsEmulator(try configuration())
        } catch {
            throw CommandFailure("emulator: \(error)")
        }
        try await runUntilSignal(logger: logging.logger("emulator")) {
            do {
                try await cancelWhenGracefulShutdown {
                    try await emulator.run { Self.announce($0) }
                }
            } catch let error as EmulatorError {
                let advice =
                    error.code == .startFailed
                    ? "\nWhat to do: give ports that are free and files that can be read." : ""
                throw CommandFailure("emulator: \(error)\(advice)")
            }
        }
    }

    func configuration() throws -> EmulatorConfiguration {
        var configuration = try config.map { try EmulatorConfiguration(contentsOf: $0) } ?? EmulatorConfiguration()
        configuration.hubs += hub.map { .init(name: $0.name, partitionCount: $0.partitionCount) }
        if configuration.hubs.isEmpty { configuration.hubs = [.init(name: "eh1", partitionCount: 4)] }
        for index in configuration.hubs.indices { configuration.hubs[index].consumerGroups += consumerGroup }
        configuration.amqpPort = port
        configuration.httpPort = httpPort
        configuration.dataDirectory = dataDir
        if let tlsCert, let tlsKey {
            configuration.tls = .init(certificateChainFile: tlsCert, privateKeyFile: tlsKey)
        }
        configuration.tokenIssuer = tokenKey.map { TokenIssuer(key: $0) }
        if let idleLinkTimeout { configuration.idleLinkTimeout = idleLinkTimeout.duration }
        if let idleTimeout { configuration.idleTimeout = idleTimeout.duration }
        if let linklessTimeout { configuration.linklessTimeout = linklessTimeout.duration }
        if let tier { configuration.apply(tier) }
        configuration.throughputUnits = throughputUnits
        configuration.isGeoReplicated = geoReplicated
        for plan in fault {
            configuration.faults.faults += plan.faults
            if plan.seed != 0 { configuration.faults.seed = plan.seed }
        }
        configuration.logger = logging.logger("emulator")
        configuration.tracesFrames = logging.traceFrames
        return configuration
    }

    private static func announce(_ emulator: EventHubsEmulator) {
        let host = emulator.configuration.host
        let output = LineOutput.standard
        output.line("ready amqp=\(host):\(emulator.amqpPort) http=\(host):\(emulator.httpPort)")
        // Whoever waits for this need not wait for the rest.
        output.flush()
        for hub in emulator.hubNames { output.line(emulator.connectionString(hub: hub)) }
        output.line(emulator.blobConnectionString)
        output.flush()
    }
}

/// `name:partitions`, or just a name.
struct HubArgument: ExpressibleByArgument {
    static let defaultPartitionCount = 4

    var name: String
    var partitionCount: Int

    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty else { return nil }
        self.name = String(name)
        guard parts.count > 1 else {
            partitionCount = Self.defaultPartitionCount
            return
        }
        guard let count = Int(parts[1]), count > 0 else { return nil }
        partitionCount = count
    }
}
