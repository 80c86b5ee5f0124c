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

/// What a wait for events came to.
package enum EventReception: Sendable {
    case events(EventBatch)
    /// Nothing came in the time given.
    case nothing
    /// The link has ended without an error.
    case ended
}

/// An attached link that events of one partition come over. Tests script their own.
package protocol EventLink: Sendable {
    /// What has arrived, or arrives within `maximumWait`. A cancelled wait throws code `cancelled` and loses nothing.
    func next(maximumCount: Int, maximumWait: Duration?) async throws(EventHubsError) -> EventReception

    /// Detaches and drops what has not been taken; a wait under way ends.
    func close() async

    /// The size of what has been received and not consumed, the batch last given out included.
    var bufferedBytes: Int { get }
}
