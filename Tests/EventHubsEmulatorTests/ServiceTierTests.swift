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

@Suite("Tiers")
struct ServiceTierTests {
    @Test("the quotas of the service", arguments: ServiceTier.allCases)
    func quotas(tier: ServiceTier) {
        var configuration = EmulatorConfiguration()
        configuration.retentionTime = .seconds(100 * 86_400)
        configuration.apply(tier)
        let expected: (partitions: Int, groups: Int, size: Int, connections: Int, days: Int) =
            switch tier {
            case .basic: (32, 1, 262_144, 100, 1)
            case .standard: (32, 20, 1_048_576, 5_000, 7)
            case .premium: (100, 100, 1_048_576, 10_000, 90)
            case .dedicated: (1_024, 1_000, 20_971_520, 100_000, 90)
            }
        #expect(configuration.retentionTime == .seconds(expected.days * 86_400))
        #expect(tier.maximumRetentionDays == expected.days)
        #expect(tier.allowsMorePartitions == (tier == .premium || tier == .dedicated))
        #expect(configuration.maximumMessageSize == expected.size)
        #expect(configuration.maximumConnections == expected.connections)
        #expect(tier.maximumPartitions == expected.partitions)
        #expect(tier.maximumConsumerGroups == expected.groups)
    }

    @Test("a configuration beyond its tier is refused, one at its limits is not")
    func limits() throws {
        func check(_ tier: ServiceTier, _ hubs: [EmulatorConfiguration.Hub]) throws {
            var configuration = EmulatorConfiguration(hubs: hubs)
            configuration.apply(tier)
            _ = try EventHubsEmulator(configuration)
        }
        func hubs(_ count: Int) -> [EmulatorConfiguration.Hub] { (0..<count).map { .init(name: "hub\($0)") } }
        func groups(_ count: Int) -> [String] { (0..<count).map { "group\($0)" } }
        try check(.standard, hubs(10))
        try check(.premium, hubs(11))
        try check(.basic, [.init(name: "a", partitionCount: 32, consumerGroups: ["$default"])])
        try check(.standard, [.init(name: "a", consumerGroups: groups(19))])
        for (tier, hubs, text) in [
            (.standard, hubs(11), "there are 11 event hubs: the tier 'standard' allows 10"),
            (.standard, [.init(name: "a", partitionCount: 33)], "has 33 partitions: the tier 'standard' allows 32"),
            (.basic, [.init(name: "a", consumerGroups: ["b"])], "has 2 consumer groups with $Default"),
            (.standard, [.init(name: "a", consumerGroups: groups(20))], "has 21 consumer groups with $Default"),
        ] as [(ServiceTier, [EmulatorConfiguration.Hub], String)] {
            let error = #expect(throws: EmulatorError.self) { try check(tier, hubs) }
            #expect(error?.message.contains(text) == true)
        }
    }
}
