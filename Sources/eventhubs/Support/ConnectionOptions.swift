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
import Foundation
import Logging

/// Which event hub, and how much to tell about the way there: the flags all client commands share.
struct ConnectionOptions: ParsableArguments {
    static let environmentName = "EVENTHUBS_CONNECTION_STRING"

    @Option(
        help: ArgumentHelp(
            "Connection string of the namespace or the event hub. Better given in \(environmentName), where other users of the machine cannot read it.",
            valueName: "string"
        )
    )
    var connectionString: String?

    @Option(
        help: ArgumentHelp(
            """
            Host of the namespace, such as NAME.servicebus.windows.net, in place of a connection string. Tokens of Microsoft \
            Entra ID come from what there is: AZURE_… variables, workload or managed identity, 'az login'. Needs --hub.
            """,
            valueName: "host"
        )
    )
    var namespace: String?

    @Option(help: ArgumentHelp("Event hub, when the connection string names none.", valueName: "name"))
    var hub: String?

    @Flag(help: "Connect with AMQP over WebSockets, on port 443 unless the endpoint names another.")
    var webSockets = false

    @Option(
        help: ArgumentHelp(
            """
            HTTP proxy to connect through: http://[user:password@]host[:port], 'environment' (HTTPS_PROXY, NO_PROXY) or \
            'none'. A password is better given in HTTPS_PROXY, where other users of the machine cannot read it. Unless \
            this is given, WebSockets go through the environment's proxy, and TCP connections through none.
            """,
            valueName: "url"
        )
    )
    var proxy: ProxyArgument?

    @OptionGroup var logging: LoggingOptions

    func validate() throws {
        _ = try proxy?.choice()
        guard let namespace else {
            _ = try resolvedConnectionString()
            return
        }
        guard connectionString == nil else { throw ValidationError("Choose --connection-string or --namespace.") }
        guard let hub else { throw ValidationError("--namespace needs --hub.") }
        _ = try EventHubTarget(namespace: namespace, hub: hub)
    }

    /// The event hub, and what opens it.
    func target() throws -> EventHubTarget {
        if let namespace, let hub { return try EventHubTarget(namespace: namespace, hub: hub) }
        return try EventHubTarget(connectionString: try resolvedConnectionString(), hub: hub)
    }

    func configuration(_ label: String) -> EventHubsConfiguration {
        EventHubsConfiguration(
            applicationID: "eventhubs-cli",
            transport: webSockets ? .webSockets : nil,
            proxy: (try? proxy?.choice()) ?? .automatic,
            logger: logging.logger(label),
            tracesFrames: logging.traceFrames
        )
    }

    /// The connection string, from the option or the environment.
    func resolvedConnectionString() throws -> String {
        if let connectionString { return connectionString }
        if let value = ProcessInfo.processInfo.environment[Self.environmentName], !value.isEmpty { return value }
        throw ValidationError(
            "No connection string: set \(Self.environmentName), or pass --connection-string or --namespace."
        )
    }
}

/// The consumer group, for the commands that read.
struct ConsumerGroupOption: ParsableArguments {
    @Option(help: ArgumentHelp("Consumer group.", valueName: "name"))
    var consumerGroup = EventHubConsumer.defaultConsumerGroup
}

/// What is logged, always to standard error.
struct LoggingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What to log to standard error: \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "level"
        )
    )
    var logLevel: LogLevel?

    @Flag(help: "Log every frame in both directions, decoded.")
    var traceFrames = false

    func logger(_ label: String) -> Logger {
        var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = logLevel?.level ?? (traceFrames ? .trace : .error)
        return logger
    }
}

/// A log level by its name.
struct LogLevel: ExpressibleByArgument {
    let level: Logger.Level

    init?(argument: String) {
        guard let level = Logger.Level(rawValue: argument.lowercased()) else { return nil }
        self.level = level
    }
}
