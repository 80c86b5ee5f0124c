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

import Testing

@testable import EventHubsEmulator

@Suite("Configuration")
struct EmulatorConfigurationTests {
    @Test("the configuration file of the other emulator")
    func file() throws {
        let text = """
            { "UserConfig": { "NamespaceConfig": [ { "Type": "EventHub", "Name": "emulatorNs1", "Entities": [ { "Name": "eh1",
            "PartitionCount": 2, "ConsumerGroups": [ { "Name": "cg1" } ] }, { "Name": "eh2", "PartitionCount": 32 } ] } ],
            "LoggingConfig": { "Type": "File" } } }
            """
        let configuration = try EmulatorConfiguration(json: Array(text.utf8), name: "x.json")
        #expect(configuration.namespaceName == "emulatorNs1")
        #expect(
            configuration.hubs == [
                .init(name: "eh1", partitionCount: 2, consumerGroups: ["cg1"]), .init(name: "eh2", partitionCount: 32),
            ]
        )
    }

    @Test(
        "files that describe nothing",
        arguments: [
            ("", "the file: "), ("{}", "UserConfig is missing"), ("[]", "the file: "),
            (#"{"UserConfig":{"NamespaceConfig":[]}}"#, "describes 0 namespaces: there must be one"),
            (
                #"{"UserConfig":{"NamespaceConfig":[{"Entities":[{"Name":"e"}]}]}}"#,
                "UserConfig.NamespaceConfig[0].Entities[0].PartitionCount is missing"
            ),
            (
                #"{"UserConfig":{"NamespaceConfig":[{"Entities":[{"Name":"e","PartitionCount":"4"}]}]}}"#,
                "UserConfig.NamespaceConfig[0].Entities[0].PartitionCount: "
            ),
            (
                #"{"UserConfig":{"NamespaceConfig":[{"Entities":[{"Name":"e","PartitionCount":0}]}]}}"#,
                "event hub 'e' has 0 partitions"
            ),
            (
                #"{"UserConfig":{"NamespaceConfig":[{"Type":"ServiceBus","Entities":[]}]}}"#,
                "a namespace of type 'ServiceBus'"
            ),
        ]
    )
    func badFiles(_ text: String, _ message: String) {
        let error = #expect(throws: EmulatorError.self) {
            try EmulatorConfiguration(json: Array(text.utf8), name: "x.json")
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    }

    @Test("configurations that cannot be")
    func invalid() {
        for hubs in [
            [EmulatorConfiguration.Hub(name: "")], [.init(name: "a b")], [.init(name: "a"), .init(name: "A")],
            [.init(name: "a", partitionCount: 0)], [.init(name: "a", partitionCount: 2000)],
            [.init(name: "a", consumerGroups: ["x/y"])],
        ] {
            #expect(throws: EmulatorError.self) { try EventHubsEmulator(EmulatorConfiguration(hubs: hubs)) }
        }
        var configuration = EmulatorConfiguration(hubs: [.init(name: "a")])
        configuration.amqpPort = 70_000
        #expect(throws: EmulatorError.self) { try EventHubsEmulator(configuration) }
    }
}
