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
import EventHubsBlobStore
import EventHubsProcessor
import Foundation

/// `eventhubs migrate`: takes the checkpoints of older processors along.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Copy the checkpoints of older processors into the format of today.",
        discussion: """
            Layouts: dotnet and java (the event processor hosts of the first generation), python (azure-eventhub 1.x), functions \
            (Azure Functions before version 5 of its extension), go (azure-event-hubs-go), dapr. A checkpoint is never moved \
            backwards. Run it once to look (--dry-run), once to copy, and again after the last old processor has stopped.
            """
    )

    @Option(
        help: ArgumentHelp(
            "The storage account: a URL with a SAS, or a storage connection string. Default: \(StorageChoice.environmentName).",
            valueName: "url"
        )
    )
    var storage: String?

    @Option(
        help: ArgumentHelp(
            "The old processors' container. Default: eph-leases for python, azure-webjobs-eventhub for functions.",
            valueName: "name"
        )
    )
    var fromContainer: String?

    @Option(help: ArgumentHelp("How the old processors name their blobs.", valueName: "layout"))
    var layout: LayoutArgument

    @Option(
        help: ArgumentHelp(
            "What they were told to put in front of the names, with the slash if there is one.",
            valueName: "text"
        )
    )
    var prefix = ""

    @Option(help: ArgumentHelp("The new processors' container.", valueName: "name"))
    var container: String

    @Option(
        help: ArgumentHelp(
            "Host of the namespace, such as name.servicebus.windows.net, when no connection string of it is given.",
            valueName: "host"
        )
    )
    var namespace: String?

    @Option(
        help: ArgumentHelp(
            "Connection string of the namespace or the event hub, for its names: nothing is connected to. Better given in \(ConnectionOptions.environmentName).",
            valueName: "string"
        )
    )
    var connectionString: String?

    @Option(help: ArgumentHelp("Event hub, when the connection string names none.", valueName: "name"))
    var hub: String?

    @OptionGroup var group: ConsumerGroupOption

    @Flag(help: "Say what would be done, and write nothing.")
    var dryRun = false

    @Flag(help: "Replace checkpoints of the new store even when they are further on.")
    var force = false

    @Flag(help: "Create the new processors' container if it does not exist.")
    var createContainer = false

    @Flag(help: "Print one JSON object per partition.")
    var json = false

    func validate() throws {
        guard prefix.isEmpty || layout.layout == .dotnet || layout.layout == .java else {
            throw ValidationError("--prefix belongs to the layouts dotnet and java: the others have none.")
        }
        guard fromContainer ?? layout.layout.defaultContainer != nil else {
            throw ValidationError("--layout \(layout.layout.rawValue) needs --from-container.")
        }
        guard namespace == nil || hub != nil else { throw ValidationError("--namespace needs --hub.") }
    }

    @concurrent
    func run() async throws {
        let scope = try scope()
        let old = fromContainer ?? layout.layout.defaultContainer ?? ""
        let source = BlobContainerClient(try location(old))
        let destination = BlobContainerClient(try location(container))
        let migration = CheckpointMigration(
            from: source,
            layout: layout.layout,
            prefix: prefix,
            to: destination,
            scope: scope
        )
        let results = try await CommandFailure.explaining("migrate") {
            let results = try await migration.run(
                isForced: force,
                createsContainer: createContainer,
                isDryRun: dryRun
            )
            guard !results.isEmpty else { throw try await nothingFound(migration, old) }
            return results
        }
        let report = MigrationReport(results: results, isDryRun: dryRun)
        let output = LineOutput.standard
        for line in json ? report.jsonLines : report.lines { output.line(line) }
        output.flush()
        for warning in report.warnings { FileHandle.standardError.write(Data("migrate: \(warning)\n".utf8)) }
        if let failure = report.failure { throw CommandFailure("migrate: \(failure)") }
    }

    private func scope() throws -> BlobStoreScope {
        if let namespace, let hub {
            return BlobStoreScope(
                fullyQualifiedNamespace: namespace,
                eventHub: hub,
                consumerGroup: group.consumerGroup
            )
        }
        let environment = ProcessInfo.processInfo.environment[ConnectionOptions.environmentName] ?? ""
        let text = connectionString ?? environment
        guard !text.isEmpty else {
            throw ValidationError(
                "Name the event hub: --namespace and --hub, or a connection string (--connection-string, \(ConnectionOptions.environmentName))."
            )
        }
        do {
            let endpoint = try EventHubsEndpoint(try EventHubsConnectionString(text), eventHubName: hub)
            return BlobStoreScope(
                fullyQualifiedNamespace: endpoint.authority,
                eventHub: endpoint.eventHubName,
                consumerGroup: group.consumerGroup
            )
        } catch {
            throw ValidationError("\(error)")
        }
    }

    private func location(_ container: String) throws -> BlobContainerLocation {
        guard case .blobs(let location) = try StorageChoice(storage, container: container) else {
            throw ValidationError("--storage, or \(StorageChoice.environmentName), has to name a storage account.")
        }
        return location
    }

    private func nothingFound(_ migration: CheckpointMigration, _ container: String) async throws -> CommandFailure {
        let expected = migration.legacyPrefix + "0"
        let examples = try await migration.exampleNames()
        let found =
            examples.isEmpty
            ? "it is empty" : "it holds, for example, \(examples.map { "'\($0)'" }.joined(separator: ", "))"
        return CommandFailure(
            """
            migrate: no checkpoints in container '\(container)': layout \(layout.layout.rawValue) looks for blobs such as '\(expected)', but \(found).
            What to do: check --from-container, --layout, --prefix and --consumer-group; names are told apart by case.
            """
        )
    }
}

/// A layout by its name.
struct LayoutArgument: ExpressibleByArgument {
    let layout: LegacyBlobLayout

    init?(argument: String) {
        guard let layout = LegacyBlobLayout(rawValue: argument.lowercased()) else { return nil }
        self.layout = layout
    }

    static var allValueStrings: [String] { LegacyBlobLayout.allCases.map(\.rawValue) }
}
