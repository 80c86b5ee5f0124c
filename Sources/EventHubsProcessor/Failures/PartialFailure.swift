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

/// What a processor of ours throws when it has processed all of a batch but some events: the failure policy is asked about these
/// alone.
struct PartialFailure: Error {
    /// The events that were not processed, in their order.
    let events: [ReceivedEventData]
    /// Why.
    let error: any Error
    /// Tells the processor to leave the events out when it is called with the batch again.
    let setAside: @Sendable () -> Void
}
