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
import EventHubsAdministration
import EventHubsIdentity

/// Which namespace is administered, and how the answer looks.
struct AdministrationOptions: ParsableArguments {
    /// Where an emulator serves HTTP unless it is told otherwise.
    private static let emulatorPort = 10_000

    @Option(
        help: ArgumentHelp(
            "Connection string of the namespace. Better given in \(ConnectionOptions.environmentName), where other users of the machine cannot read it.",
            valueName: "string"
        )
    )
    var connectionString: String?

    @Option(
        help: ArgumentHelp(
            "Host of the namespace, such as NAME.servicebus.windows.net, with tokens of Microsoft Entra ID in place of a connection string.",
            valueName: "host"
        )
    )
    var namespace: String?

    @Option(
        help: ArgumentHelp(
            "Where requests go. Default: https and the namespace; of an emulator http, its host and port \(emulatorPort).",
            valueName: "url"
        )
    )
    var endpoint: String?

    @Flag(help: "Print JSON, one object a line.")
    var json = false

    @OptionGroup var logging: LoggingOptions

    func validate() throws {
        guard namespace == nil else {
            guard connectionString == nil else { throw ValidationError("Choose --connection-string or --namespace.") }
            return
        }
        _ = try resolvedConnectionString()
    }

    func client() throws -> EventHubsAdministrationClient {
        var configuration = AdministrationConfiguration(endpoint: endpoint, logger: logging.logger("eventhubs.hub"))
        if let namespace {
            return EventHubsAdministrationClient(
                fullyQualifiedNamespace: namespace,
                credential: DefaultAzureCredential.ofThisProcess,
                configuration: configuration
            )
        }
        let text = try resolvedConnectionString()
        let parsed = try EventHubsConnectionString(text)
        if endpoint == nil, parsed.usesDevelopmentEmulator {
            configuration.endpoint = "http://\(parsed.host):\(Self.emulatorPort)"
        }
        return try EventHubsAdministrationClient(connectionString: text, configuration: configuration)
    }

    /// Runs `body` with a client, and says what its errors mean to somebody at a terminal.
    func administer(_ what: String, _ body: (EventHubsAdministrationClient) async throws -> Void) async throws {
        do {
            try await body(try client())
        } catch let error as EventHubsError {
            throw CommandFailure("\(what): \(error)" + (Self.advice(on: error).map { "\nWhat to do: \($0)." } ?? ""))
        }
    }

    private static func advice(on error: EventHubsError) -> String? {
        switch error.code {
        // The credential has said it itself.
        case .unauthorized where error.underlying is CredentialError: nil
        case .unauthorized:
            "check the key or signature in the connection string, whose policy needs the right Manage, or with --namespace the "
                + "identity's role: Azure Event Hubs Data Owner"
        case .alreadyExists: "'eventhubs hub show' tells what is there, 'eventhubs hub update' changes it"
        case .notFound: "'eventhubs hub list' and 'eventhubs hub group list' tell which there are"
        case .quotaExceeded: "there are as many as the tier allows: delete one"
        case .connectionLost, .timeout: "check the host, and for an emulator that --endpoint names its HTTP port"
        default: nil
        }
    }

    private func resolvedConnectionString() throws -> String {
        var options = ConnectionOptions()
        options.connectionString = connectionString
        return try options.resolvedConnectionString()
    }
}
