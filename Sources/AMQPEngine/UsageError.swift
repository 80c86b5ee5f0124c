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

/// What the caller of an engine did wrong; the peer has no part in it.
package enum UsageError: Error, Equatable, Sendable {
    /// The connection is not open, or not any more.
    case notOpen
    /// No such session, or it has ended.
    case unknownSession
    /// No such link, or it has been detached.
    case unknownLink
    /// The session is not mapped at both ends.
    case sessionNotMapped
    /// The link is not attached at both ends.
    case linkNotAttached
    /// There is nothing of the peer's to answer.
    case nothingToAccept
    /// A live link of the same direction has this name.
    case linkNameInUse
    /// All channels up to channel-max are in use.
    case noFreeChannel
    /// All handles up to handle-max, or as many links as the limits allow, are in use.
    case noFreeHandle
    /// The message exceeds the peer's max-message-size.
    case messageTooLarge(limit: UInt64)
    /// A delivery tag has 1 to 32 bytes.
    case invalidDeliveryTag
    /// Too much waits on this link already.
    case tooManyPendingDeliveries
    /// The performative does not fit the peer's max-frame-size.
    case frameTooLarge
}
