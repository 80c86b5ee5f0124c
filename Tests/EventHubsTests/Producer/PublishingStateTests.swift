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

@testable import EventHubs

@Suite("State of idempotent publishing")
struct PublishingStateTests {
    /// Encoded by hand from the specification: number, id and epoch as int, long and short.
    @Test("The envelope of a batch")
    func envelope() {
        #expect(
            PublishingState(producerGroupID: 7, ownerLevel: 0).envelope(first: 1)
                == bytes(
                    """
                    005372c16906a326636f6d2e6d6963726f736f66743a70726f64756365722d73657175656e63652d6e756d6265725401a319636f6d2e\
                    6d6963726f736f66743a70726f64756365722d69645507a31c636f6d2e6d6963726f736f66743a70726f64756365722d65706f636861\
                    0000
                    """
                )
        )
        #expect(
            PublishingState(producerGroupID: .max, ownerLevel: -2).envelope(first: .max)
                == bytes(
                    """
                    005372c17306a326636f6d2e6d6963726f736f66743a70726f64756365722d73657175656e63652d6e756d626572717fffffffa31963\
                    6f6d2e6d6963726f736f66743a70726f64756365722d6964817fffffffffffffffa31c636f6d2e6d6963726f736f66743a70726f6475\
                    6365722d65706f636861fffe
                    """
                )
        )
        #expect(PublishingState.maximumEnvelopeSize == 120)
    }

    @Test("An attach says all three, or nothing")
    func properties() {
        #expect(PublishingState().properties == nil)
        #expect(
            PublishingState(producerGroupID: 5, ownerLevel: 2).properties == [
                .symbol("com.microsoft:producer-sequence-number"): .null,
                .symbol("com.microsoft:producer-id"): .long(5),
                .symbol("com.microsoft:producer-epoch"): .short(2),
            ]
        )
        let full = PublishingState(producerGroupID: 5, ownerLevel: 2, lastSequenceNumber: 9)
        #expect(PublishingState(full.properties) == full)
        #expect(PublishingState(nil) == nil)
        #expect(PublishingState([.symbol("com.microsoft:timeout"): .int(1)]) == nil)
    }

    @Test("Numbers are never negative: 0 follows the largest")
    func numbers() {
        #expect(PublishingState.number(0, plus: 1) == 1)
        #expect(PublishingState.number(.max, plus: 1) == 0)
        #expect(PublishingState.number(.max - 1, plus: 4) == 2)
    }
}
