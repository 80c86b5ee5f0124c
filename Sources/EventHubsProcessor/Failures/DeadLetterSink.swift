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

/// Where events go that cannot be processed: see ``FailureAction/park(_:)``.
///
/// A sink is shared by all partitions of a host and called from their tasks. The same events may come again, when the host ends
/// before it has stored a checkpoint behind them.
public protocol DeadLetterSink: Sendable {
    /// Keeps the events of a failure. They are safe when this returns: the host goes on behind them.
    ///
    /// - Parameter failure: The events, and why they come here.
    /// - Throws: What kept them from being safe. The batch is processed again then.
    func park(_ failure: BatchFailure) async throws
}
