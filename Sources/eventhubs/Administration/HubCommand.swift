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

/// `eventhubs hub`: the event hubs of a namespace.
struct HubCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hub",
        abstract: "Create, change, delete, list and show the event hubs of a namespace, and their consumer groups.",
        subcommands: [
            CreateHub.self, UpdateHub.self, DeleteHub.self, ListHubs.self, ShowHub.self, GroupCommand.self,
        ]
    )
}

/// What a hub is to be like.
struct HubSettingsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many partitions; never fewer than before.", valueName: "count"))
    var partitions: Int?

    @Option(help: ArgumentHelp("How many days events are kept.", valueName: "days"))
    var retention: Int?

    @Option(
        help: ArgumentHelp(
            "Whether events are taken and given out: active, disabled, send-disabled, receive-disabled.",
            valueName: "status"
        ),
        transform: { text in
            guard let status = statuses[text] else {
                throw ValidationError(
                    "there is no status '\(text)': active, disabled, send-disabled, receive-disabled."
                )
            }
            return status
        }
    )
    var status: EventHubStatus?

    @Option(help: ArgumentHelp("Words about it.", valueName: "text"))
    var metadata: String?

    private static let statuses: [String: EventHubStatus] = [
        "active": .active, "disabled": .disabled, "send-disabled": .sendDisabled, "receive-disabled": .receiveDisabled,
    ]

    /// Puts what was given in the place of what there is.
    func apply(to settings: inout EventHubSettings) {
        settings.partitionCount = partitions ?? settings.partitionCount
        settings.messageRetentionInDays = retention ?? settings.messageRetentionInDays
        settings.status = status ?? settings.status
        settings.userMetadata = metadata ?? settings.userMetadata
    }

    var isEmpty: Bool { partitions == nil && retention == nil && status == nil && metadata == nil }
}

struct CreateHub: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create an event hub.",
        discussion: "What is not given is the service's choice."
    )

    @Argument(help: "The event hub's name.") var name: String
    @OptionGroup var settings: HubSettingsOptions
    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        try await options.administer("create the event hub '\(name)'") { client in
            var settings = EventHubSettings()
            self.settings.apply(to: &settings)
            HubReport(json: options.json).print([try await client.createEventHub(name, settings)])
        }
    }
}

struct UpdateHub: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change an event hub.",
        discussion: "What is not given stays as it is."
    )

    @Argument(help: "The event hub's name.") var name: String
    @OptionGroup var settings: HubSettingsOptions
    @OptionGroup var options: AdministrationOptions

    func validate() throws {
        guard !settings.isEmpty else {
            throw ValidationError("Nothing to change: give --partitions, --retention, --status or --metadata.")
        }
    }

    func run() async throws {
        try await options.administer("change the event hub '\(name)'") { client in
            HubReport(json: options.json).print([try await client.updateEventHub(name) { settings.apply(to: &$0) }])
        }
    }
}

struct DeleteHub: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an event hub with all its events.",
        discussion: "It is no failure when there is none."
    )

    @Argument(help: "The event hub's name.") var name: String
    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        try await options.administer("delete the event hub '\(name)'") { try await $0.deleteEventHub(name) }
    }
}

struct ListHubs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the event hubs.")

    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        try await options.administer("list the event hubs") { client in
            HubReport(json: options.json).print(try await client.eventHubs())
        }
    }
}

struct ShowHub: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show an event hub.")

    @Argument(help: "The event hub's name.") var name: String
    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        try await options.administer("show the event hub '\(name)'") { client in
            guard let hub = try await client.eventHub(name) else {
                throw CommandFailure(
                    "show the event hub '\(name)': there is none of that name.\n"
                        + "What to do: 'eventhubs hub list' tells which there are."
                )
            }
            HubReport(json: options.json).print([hub])
        }
    }
}
