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

@testable import EventHubsProcessor

@Suite struct InvalidCheckpointPolicyTests {
    let full = Checkpoint(
        partition: "0",
        offset: "4096",
        sequenceNumber: 7,
        enqueuedTime: Timestamp(millisecondsSinceEpoch: 1_700_000_000_123)
    )
    let bare = Checkpoint(partition: "0", offset: "4096", sequenceNumber: nil)

    @Test func saysWhereToGoOn() {
        #expect(InvalidCheckpointPolicy.fail.position(insteadOf: full) == nil)
        #expect(InvalidCheckpointPolicy.earliest.position(insteadOf: full) == .earliest)
        #expect(InvalidCheckpointPolicy.latest.position(insteadOf: full) == .latest)
        #expect(InvalidCheckpointPolicy.sequenceNumber.position(insteadOf: full) == .sequenceNumber(7))
        #expect(
            InvalidCheckpointPolicy.enqueuedTime.position(insteadOf: full)
                == .enqueuedTime(Timestamp(millisecondsSinceEpoch: 1_700_000_000_123))
        )
        let custom = InvalidCheckpointPolicy.custom { .offset(($0.offset ?? "") + "0") }
        #expect(custom.position(insteadOf: full) == .offset("40960"))
    }

    @Test func whatTheCheckpointDoesNotTellIsNotGuessed() {
        #expect(InvalidCheckpointPolicy.sequenceNumber.position(insteadOf: bare) == nil)
        #expect(InvalidCheckpointPolicy.enqueuedTime.position(insteadOf: bare) == nil)
    }
}
