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

import AMQPCodec
import AMQPEngine
import AMQPTransport

/// What happens to one link after it was attached.
enum LinkEvent {
    case credit(UInt32)
    case updated(SendID, SendID, DeliveryState?, settled: Bool)
    case deliveries(DeliveryBatch)
    case drained
    case aborted
}

/// One link's part of a connection; confined to the loop but for what says otherwise.
protocol LinkCore: AnyObject, Sendable {
    /// Answered once the peer has attached, or did not.
    var attached: Waiter<Attach> { get }
    /// Answered once the link is gone after this side has asked for it.
    var detached: Waiter<Void> { get }

    var connection: ConnectionCore { get }
    /// The engine's name for the link, from `begin(_:)` on.
    var id: LinkID? { get }

    func begin(_ id: LinkID)
    func handle(_ event: LinkEvent)
    /// The link is gone; nil when the end was clean.
    func ended(_ error: AMQPError?)
}

extension LinkCore {
    /// Detaches the link if nobody has; from any thread.
    func abandon() {
        connection.loop.execute { _ = self.connection.detach(self) }
    }
}
