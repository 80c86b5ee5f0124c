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

import EventHubs
import Testing

@Suite("Addresses")
struct EntityAddressTests {
    @Test(
        "Paths and audiences",
        arguments: [
            (.eventHub("hub1"), "hub1", "sb://ns:5/hub1"),
            (.partition("hub1", "3"), "hub1/Partitions/3", "sb://ns:5/hub1/Partitions/3"),
            (
                .consumerGroup("hub1", "$Default"), "hub1/ConsumerGroups/$Default",
                "sb://ns:5/hub1/ConsumerGroups/$Default"
            ),
            (
                .consumerPartition("hub1", "$Default", "0"), "hub1/ConsumerGroups/$Default/Partitions/0",
                "sb://ns:5/hub1/ConsumerGroups/$Default/Partitions/0"
            ),
            (.management, "$management", "sb://ns:5/$management"),
        ] as [(EntityAddress, String, String)]
    )
    func addresses(address: EntityAddress, path: String, audience: String) {
        #expect(address.path == path)
        #expect(address.audience(at: "ns:5") == audience)
    }

    @Test("The usual ports, and named ones")
    func endpoints() {
        #expect(EventHubsEndpoint(host: "ns", eventHubName: "h").effectivePort == 5671)
        #expect(EventHubsEndpoint(host: "ns", eventHubName: "h", security: .plaintext).effectivePort == 5672)
        let named = EventHubsEndpoint(host: "ns", port: 34567, eventHubName: "h")
        #expect(named.effectivePort == 34567)
        #expect(named.authority == "ns:34567")
    }

    @Test("Partitions are ordered by number, then by text")
    func partitionOrder() {
        let ids: [PartitionID] = ["10", "9", "a", "0", "B"]
        #expect(ids.sorted() == ["0", "9", "10", "B", "a"])
        #expect(PartitionID("7").description == "7")
    }
}
