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
import Testing

@testable import EventHubsAdministration
@testable import eventhubs

@Suite struct HubCommandTests {
    private let string = "Endpoint=sb://name.servicebus.windows.net;SharedAccessKeyName=n;SharedAccessKey=k"

    private func hub(_ name: String, days: Int, metadata: String? = nil) -> EventHubDescription {
        EventHubDescription(
            name: name,
            messageRetentionInDays: days,
            status: .active,
            userMetadata: metadata,
            createdAt: Timestamp(millisecondsSinceEpoch: 1_795_380_551_000),
            updatedAt: nil,
            partitionIDs: ["0", "1"]
        )
    }

    @Test func hubsForPeopleAndPrograms() {
        let hubs = [hub("telemetry", days: 7), hub("a", days: 1, metadata: "\"ours\"")]
        #expect(
            HubReport(json: false).lines(of: hubs) == [
                "NAME       PARTITIONS  RETENTION  STATUS",
                "telemetry  2           7 days     Active",
                "a          2           1 day      Active",
            ]
        )
        #expect(
            HubReport(json: true).lines(of: hubs) == [
                #"{"name":"telemetry","partitions":2,"retention_days":7,"status":"Active","metadata":null,"#
                    + #""created":1795380551000,"updated":null}"#,
                #"{"name":"a","partitions":2,"retention_days":1,"status":"Active","metadata":"\"ours\"","#
                    + #""created":1795380551000,"updated":null}"#,
            ]
        )
        #expect(HubReport(json: true).lines(of: [EventHubDescription]()).isEmpty)
    }

    @Test func groupsForPeopleAndPrograms() {
        let groups = ["$Default": nil, "readers": "two\nlines"].sorted { $0.key < $1.key }.map { name, metadata in
            ConsumerGroupDescription(name: name, userMetadata: metadata, createdAt: nil, updatedAt: nil)
        }
        #expect(
            HubReport(json: false).lines(of: groups) == ["NAME      METADATA", "$Default", "readers   two lines"]
        )
        #expect(
            HubReport(json: true).lines(of: groups) == [
                #"{"name":"$Default","metadata":null,"created":null,"updated":null}"#,
                #"{"name":"readers","metadata":"two\nlines","created":null,"updated":null}"#,
            ]
        )
    }

    @Test func settingsChangeWhatIsGivenOnly() throws {
        let update = try UpdateHub.parse([
            "telemetry", "--partitions", "8", "--status", "send-disabled", "--connection-string", string,
        ])
        var settings = EventHubSettings(partitionCount: 4, messageRetentionInDays: 3, userMetadata: "ours")
        update.settings.apply(to: &settings)
        #expect(
            settings
                == EventHubSettings(
                    partitionCount: 8,
                    messageRetentionInDays: 3,
                    status: .sendDisabled,
                    userMetadata: "ours"
                )
        )
    }

    @Test func badUsage() {
        func refuses(_ arguments: String...) -> Bool {
            do {
                _ = try EventHubsCommand.parseAsRoot(["hub"] + arguments)
                return false
            } catch {
                return EventHubsCommand.exitCode(for: error) == .validationFailure
            }
        }
        #expect(refuses("update", "a", "--connection-string", string))
        #expect(refuses("create", "a", "--status", "odd", "--connection-string", string))
        #expect(refuses("create", "a", "--partitions", "x", "--connection-string", string))
        #expect(refuses("list", "--connection-string", string, "--namespace", "name.servicebus.windows.net"))
        #expect(refuses("show", "--connection-string", string))
        #expect(refuses("group", "create", "a", "--connection-string", string))
        #expect(!refuses("group", "list", "a", "--connection-string", string, "--json"))
    }

    @Test func errorsSayWhatToDo() async throws {
        let options = try AdministrationOptions.parse(["--connection-string", string])
        let failure = await #expect(throws: CommandFailure.self) {
            try await options.administer("create the event hub 'a'") { _ in
                throw EventHubsError(.alreadyExists, "The service answered 409.")
            }
        }
        #expect(
            failure?.description
                == "create the event hub 'a': alreadyExists: The service answered 409.\n"
                + "What to do: 'eventhubs hub show' tells what is there, 'eventhubs hub update' changes it."
        )
    }
}
