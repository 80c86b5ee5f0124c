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

/// What becomes of events that were not processed.
@nonexhaustive
public enum FailureAction: Sendable {
    /// Close the processor with ``CloseReason/processorFailed``; after a pause a new one begins at the last checkpoint. Nothing is
    /// skipped; what was processed since that checkpoint is processed again.
    case restart

    /// Call the same processor with the same batch again, after a pause. Nothing is skipped, nothing else is repeated.
    case retry

    /// Hand the events to the sink and go on behind them. If the sink throws, or does not return within
    /// ``HostConfiguration/storeDeadline``, it is as after ``retry``.
    case park(any DeadLetterSink)

    /// Go on behind the events. They are lost to this consumer group: their sequence numbers are logged as a warning.
    case skip

    /// Close the processor with ``CloseReason/givenUp`` and release the lease, so that another host may have the partition. This
    /// host does not claim it again before the time has passed; nil means before it is started anew.
    case stop(for: Duration?)
}
