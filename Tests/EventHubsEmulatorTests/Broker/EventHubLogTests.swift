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
import Synchronization
import Testing

@Suite("Event hub log")
struct EventHubLogTests {
    private let hub = EventHubLog(
        name: "Hub",
        partitionCount: 4,
        consumerGroups: ["cg1", "$default"],
        retention: Retention(maximumBytes: 1 << 20, maximumAge: 1_000_000),
        createdAt: 0
    )

    private final class Owner: DisplaceableReceiver {
        let errors = Mutex<[ServiceError]>([])
        func displaced(by error: ServiceError) { errors.withLock { $0.append(error) } }
    }

    @Test func partitions() {
        #expect(hub.partition("0")?.id == "0")
        #expect(hub.partition("3")?.id == "3")
        for id in ["4", "-1", "+1", "01", "", "x"] { #expect(hub.partition(id) == nil) }
    }

    @Test func groups() {
        #expect(hub.consumerGroup("$default") == "$Default")
        #expect(hub.consumerGroup("CG1") == "cg1")
        #expect(hub.consumerGroup("other") == nil)
        #expect(hub.consumerGroups == ["$Default", "cg1"])
    }

    @Test("deliveries without a key take turns, with a key they follow the hash")
    func routing() {
        #expect((0..<5).map { _ in hub.partition(for: nil).id } == ["0", "1", "2", "3", "0"])
        #expect(hub.partition(for: "key").id == "3")
        #expect(hub.partition(for: "device-2").id == "2")
    }

    @Test("owner levels hold per group and partition, and the displaced are told")
    func owners() throws {
        let first = Owner()
        let second = Owner()
        func receiver(_ id: UInt64, _ level: Int64?) -> OwnerLevels.Receiver {
            OwnerLevels.Receiver(id: OwnerLevels.ReceiverID(rawValue: id), name: nil, ownerLevel: level)
        }
        try hub.openReceiver(receiver(1, 0), group: "$Default", partition: "0", owner: first)
        try hub.openReceiver(receiver(2, 0), group: "$Default", partition: "1", owner: second)
        try hub.openReceiver(receiver(3, 0), group: "cg1", partition: "0", owner: second)
        #expect(first.errors.withLock { $0.isEmpty })
        try hub.openReceiver(receiver(4, 0), group: "$default", partition: "0", owner: second)
        #expect(first.errors.withLock { $0.map(\.condition) } == [.stolen])
        #expect(throws: ServiceError.self) {
            try hub.openReceiver(receiver(5, nil), group: "$Default", partition: "0", owner: first)
        }
        #expect(hub.receivers(of: "0").count == 2)
        // The displaced one closing late must not free its successor's place.
        hub.closeReceiver(OwnerLevels.ReceiverID(rawValue: 1), group: "$Default", partition: "0")
        #expect(hub.receivers(of: "0").count == 2)
        hub.closeReceiver(OwnerLevels.ReceiverID(rawValue: 4), group: "$Default", partition: "0")
        try hub.openReceiver(receiver(5, nil), group: "$Default", partition: "0", owner: first)
    }
}
