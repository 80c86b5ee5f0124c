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

@Suite struct PartitionStatusTests {
    private func status(
        last: Int64?,
        processed: Int64?,
        checkpoint: Int64?,
        lastTime: Int64? = nil,
        processedTime: Int64? = nil
    ) -> PartitionStatus {
        PartitionStatus(
            partition: "0",
            phase: .processing,
            isHandlerSlow: false,
            lease: .unclaimed("0"),
            processedEvents: 0,
            parkedEvents: 0,
            skippedEvents: 0,
            processedSequenceNumber: processed,
            processedEnqueuedTime: processedTime.map { Timestamp(millisecondsSinceEpoch: $0) },
            checkpointSequenceNumber: checkpoint,
            checkpointAge: .zero,
            lastEnqueuedSequenceNumber: last,
            lastEnqueuedTime: lastTime.map { Timestamp(millisecondsSinceEpoch: $0) },
            bufferedBytes: 0
        )
    }

    @Test func lagInEvents() {
        #expect(status(last: 100, processed: 40, checkpoint: 10).lag == 60)
        #expect(status(last: 100, processed: nil, checkpoint: 10).lag == 90)
        #expect(status(last: 39, processed: 40, checkpoint: nil).lag == 0)
        #expect(status(last: nil, processed: 40, checkpoint: nil).lag == nil)
        #expect(status(last: 100, processed: nil, checkpoint: nil).lag == nil)
        #expect(status(last: .max, processed: .min, checkpoint: nil).lag == nil)
    }

    @Test func lagInTimeIsThatOfTheServicesClock() {
        let behind = status(last: 100, processed: 40, checkpoint: nil, lastTime: 9_000, processedTime: 7_500)
        #expect(behind.lagTime == .milliseconds(1_500))
        let even = status(last: 40, processed: 40, checkpoint: nil, lastTime: 9_000, processedTime: 7_500)
        #expect(even.lagTime == .zero, "what is processed is not behind, however old it is")
        #expect(status(last: 100, processed: 40, checkpoint: nil, lastTime: 9_000).lagTime == nil)
        #expect(status(last: nil, processed: 40, checkpoint: nil, processedTime: 1).lagTime == nil)
        let strange = status(last: 100, processed: 40, checkpoint: nil, lastTime: .max, processedTime: .min)
        #expect(strange.lagTime == nil)
    }
}
