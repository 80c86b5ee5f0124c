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

import EventHubsEmulator
import Testing

@Suite("Entity addresses")
struct EntityAddressTests {
    @Test(
        "four spellings of one node",
        arguments: [
            "hub1/ConsumerGroups/$Default/Partitions/0",
            "/hub1/ConsumerGroups/$Default/Partitions/0",
            "amqps://127.0.0.1:5672/hub1/ConsumerGroups/$Default/Partitions/0",
            "sb://ns.servicebus.windows.net/hub1/consumergroups/%24Default/partitions/0/",
            "amqp://user:pass@host:1/hub1/CONSUMERGROUPS/$Default/PARTITIONS/0?x=1",
        ]
    )
    func spellings(_ text: String) {
        #expect(EntityAddress(text) == .consumerGroupPartition(hub: "hub1", group: "$Default", id: "0"))
    }

    @Test func nodes() {
        #expect(EntityAddress("$cbs") == .claimsBasedSecurity)
        #expect(EntityAddress("amqps://h/$CBS") == .claimsBasedSecurity)
        #expect(EntityAddress("$management") == .management(hub: nil))
        #expect(EntityAddress("hub/$Management") == .management(hub: "hub"))
        #expect(EntityAddress("hub") == .hub("hub"))
        #expect(EntityAddress("amqps://h:1/Hub/Partitions/12") == .partition(hub: "Hub", id: "12"))
        #expect(EntityAddress("hub/Publishers/a%20b") == .publisher(hub: "hub", name: "a b"))
        #expect(EntityAddress("") == .unknown(path: ""))
        #expect(EntityAddress("a/b/c/d") == .unknown(path: "a/b/c/d"))
        #expect(EntityAddress("hub/Partitions") == .unknown(path: "hub/Partitions"))
    }

    @Test func percentCoding() {
        #expect(PercentCoding.decode("%24Default%2f") == "$Default/")
        #expect(PercentCoding.decode("100%") == "100%")
        #expect(PercentCoding.decode("%zz%4") == "%zz%4")
        #expect(PercentCoding.decode("%ff") == "\u{FFFD}")
        #expect(PercentCoding.encode("sb://h/$x y~") == "sb%3A%2F%2Fh%2F%24x%20y~")
    }

    @Test func resources() {
        #expect(EntityPath(resource: "sb://h:1/Hub1/").folded == ["hub1"])
        #expect(EntityPath(resource: "ns.servicebus.windows.net/hub").segments == ["hub"])
        #expect(EntityPath(resource: "ns.servicebus.windows.net").segments == [])
        let hub = EntityPath(resource: "amqps://a/hub")
        #expect(hub.covers(EntityPath(resource: "sb://b/HUB/consumergroups/g")))
        #expect(!hub.covers(EntityPath(resource: "sb://b/hub2")))
        #expect(EntityPath(resource: "http://a").covers(hub))
        #expect(!EntityPath(resource: "sb://b/hub/x").covers(hub))
    }
}
