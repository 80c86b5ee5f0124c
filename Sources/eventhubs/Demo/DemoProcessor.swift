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
import EventHubsProcessor

/// What the demo's hosts run for each partition: takes every event down in the ledger.
final class DemoProcessor: EventProcessor {
    private let ledger: DemoLedger
    private var run = DemoLedger.Run()

    init(ledger: DemoLedger) { self.ledger = ledger }

    func process(_ events: EventBatch, in context: PartitionContext) async throws {
        ledger.processed(events, of: context.partitionID, in: &run)
    }
}
