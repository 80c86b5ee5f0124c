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

@Suite("Owner levels")
struct OwnerLevelsTests {
    private func receiver(_ id: UInt64, _ name: String? = nil, level: Int64? = nil) -> OwnerLevels.Receiver {
        OwnerLevels.Receiver(id: OwnerLevels.ReceiverID(rawValue: id), name: name, ownerLevel: level)
    }

    @Test("five receivers share a partition, the sixth is refused")
    func fiveReaders() {
        var levels = OwnerLevels()
        for (id, name) in ["a", "b", "c", "d", nil].enumerated() {
            #expect(levels.open(receiver(UInt64(id), name)) == .accepted(displacing: []))
        }
        #expect(
            levels.open(receiver(9))
                == .refused(
                    ServiceError(
                        .resourceLimitExceeded,
                        "Exceeded the maximum number of allowed receivers per partition in a consumer group which is 5. "
                            + "List of connected receivers - a, b, c, d, nil."
                    )
                )
        )
        levels.close(OwnerLevels.ReceiverID(rawValue: 2))
        #expect(levels.open(receiver(9)) == .accepted(displacing: []))
    }

    @Test("a receiver without a level is refused beside one with a level")
    func sharedBesideOwner() {
        var levels = OwnerLevels()
        #expect(levels.open(receiver(1, level: 7)) == .accepted(displacing: []))
        #expect(
            levels.open(receiver(2))
                == .refused(
                    ServiceError(
                        .stolen,
                        "At least one receiver for the endpoint is created with epoch of '7', and so non-epoch receiver "
                            + "is not allowed. Either reconnect with a higher epoch, or make sure all epoch receivers "
                            + "are closed or disconnected."
                    )
                )
        )
        levels.close(OwnerLevels.ReceiverID(rawValue: 1))
        #expect(levels.open(receiver(2)) == .accepted(displacing: []))
    }

    @Test("a lower level is refused")
    func lowerLevel() {
        var levels = OwnerLevels()
        _ = levels.open(receiver(1, level: 1))
        #expect(
            levels.open(receiver(2, "late", level: 0))
                == .refused(
                    ServiceError(
                        .stolen,
                        "Receiver 'nil' with a higher epoch '1' already exists. Receiver 'late' with epoch 0 cannot be "
                            + "created. Make sure you are creating receiver with increasing epoch value to ensure "
                            + "connectivity, or ensure all old epoch receivers are closed or disconnected."
                    )
                )
        )
        #expect(levels.receivers.map(\.id.rawValue) == [1])
    }

    @Test("an equal or higher level displaces everybody", arguments: [5, 6, Int64.max])
    func steal(_ level: Int64) {
        var levels = OwnerLevels()
        _ = levels.open(receiver(1, "old", level: 5))
        #expect(
            levels.open(receiver(2, "new", level: level))
                == .accepted(
                    displacing: [
                        OwnerLevels.Displacement(
                            receiver: OwnerLevels.ReceiverID(rawValue: 1),
                            error: ServiceError(
                                .stolen,
                                "New receiver 'new' with higher epoch of '\(level)' is created hence current receiver "
                                    + "'old' with epoch '5' is getting disconnected. If you are recreating the "
                                    + "receiver, make sure a higher epoch is used."
                            )
                        )
                    ]
                )
        )
        #expect(levels.receivers.map(\.id.rawValue) == [2])
    }

    @Test("level 0 displaces receivers without a level")
    func ownerDisplacesShared() {
        var levels = OwnerLevels()
        _ = levels.open(receiver(1))
        _ = levels.open(receiver(2))
        guard case .accepted(let displaced) = levels.open(receiver(3, level: 0)) else {
            Issue.record("refused")
            return
        }
        #expect(displaced.map(\.receiver.rawValue) == [1, 2])
        #expect(displaced.allSatisfy { $0.error.condition == .stolen && $0.error.message.contains("with epoch '-1'") })
    }
}
