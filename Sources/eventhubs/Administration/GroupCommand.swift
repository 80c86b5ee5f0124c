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

/// `eventhubs hub group`: the consumer groups of an event hub.
struct GroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Create, delete and list the consumer groups of an event hub.",
        subcommands: [CreateGroup.self, DeleteGroup.self, ListGroups.self]
    )
}

struct CreateGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Create a consumer group.")

    @Argument(help: "The event hub's name.") var hub: String
    @Argument(help: "The group's name.") var name: String
    @Option(help: ArgumentHelp("Words about it.", valueName: "text")) var metadata: String?
    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        try await options.administer("create the consumer group '\(name)' of '\(hub)'") { client in
            let group = try await client.createConsumerGroup(name, of: hub, userMetadata: metadata)
            HubReport(json: options.json).print([group])
        }
    }
}

struct DeleteGroup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a consumer group.",
        discussion: "It is no failure when there is none."
    )

    @Argument(help: "The event hub's name.") var hub: String
    @Argument(help: "The group's name.") var name: String
    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        try await options.administer("delete the consumer group '\(name)' of '\(hub)'") { client in
            try await client.deleteConsumerGroup(name, of: hub)
        }
    }
}

struct ListGroups: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the consumer groups.")

    @Argument(help: "The event hub's name.") var hub: String
    @OptionGroup var options: AdministrationOptions

    func run() async throws {
        try await options.administer("list the consumer groups of '\(hub)'") { client in
            HubReport(json: options.json).print(try await client.consumerGroups(of: hub))
        }
    }
}
