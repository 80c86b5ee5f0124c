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

/// What kind of error a peer reports: an open vocabulary of symbols.
public struct ErrorCondition: RawRepresentable, Sendable, Hashable {
    /// The symbol's text.
    public var rawValue: String

    /// Makes a condition from the text of its symbol.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }
}

extension ErrorCondition: ExpressibleByStringLiteral {
    /// Makes a condition from a literal.
    public init(stringLiteral value: String) {
        self.rawValue = value
    }
}

extension ErrorCondition: CustomStringConvertible {
    /// The symbol's text.
    public var description: String { self.rawValue }
}

/// The conditions of the specification (part 2, sections 2.8.15 to 2.8.18, and part 4, section 4.5.8).
extension ErrorCondition {
    /// The peer failed in a way it did not expect.
    public static let internalError: ErrorCondition = "amqp:internal-error"

    /// The node does not exist.
    public static let notFound: ErrorCondition = "amqp:not-found"

    /// The peer may not do this.
    public static let unauthorizedAccess: ErrorCondition = "amqp:unauthorized-access"

    /// Data could not be decoded.
    public static let decodeError: ErrorCondition = "amqp:decode-error"

    /// The peer has used up what it was allotted.
    public static let resourceLimitExceeded: ErrorCondition = "amqp:resource-limit-exceeded"

    /// The operation is not allowed as it was tried.
    public static let notAllowed: ErrorCondition = "amqp:not-allowed"

    /// A field of a frame has an impossible value.
    public static let invalidField: ErrorCondition = "amqp:invalid-field"

    /// The operation is not implemented.
    public static let notImplemented: ErrorCondition = "amqp:not-implemented"

    /// The resource is in use by somebody else.
    public static let resourceLocked: ErrorCondition = "amqp:resource-locked"

    /// A precondition does not hold.
    public static let preconditionFailed: ErrorCondition = "amqp:precondition-failed"

    /// A resource that was in use has been deleted.
    public static let resourceDeleted: ErrorCondition = "amqp:resource-deleted"

    /// The frame is not permitted in the current state.
    public static let illegalState: ErrorCondition = "amqp:illegal-state"

    /// The frame does not fit the peer's maximum frame size.
    public static let frameSizeTooSmall: ErrorCondition = "amqp:frame-size-too-small"

    /// An operator or the service closed the connection.
    public static let connectionForced: ErrorCondition = "amqp:connection:forced"

    /// Bytes are not a valid frame.
    public static let framingError: ErrorCondition = "amqp:connection:framing-error"

    /// The container is to be found elsewhere.
    public static let connectionRedirect: ErrorCondition = "amqp:connection:redirect"

    /// More frames came than the session window allows.
    public static let windowViolation: ErrorCondition = "amqp:session:window-violation"

    /// Input came for a link that had been detached with an error.
    public static let errantLink: ErrorCondition = "amqp:session:errant-link"

    /// An attach names a handle that is in use.
    public static let handleInUse: ErrorCondition = "amqp:session:handle-in-use"

    /// A frame names a handle that is not attached.
    public static let unattachedHandle: ErrorCondition = "amqp:session:unattached-handle"

    /// An operator or the service detached the link.
    public static let detachForced: ErrorCondition = "amqp:link:detach-forced"

    /// More deliveries came than there was link credit.
    public static let transferLimitExceeded: ErrorCondition = "amqp:link:transfer-limit-exceeded"

    /// A message is larger than the link allows.
    public static let messageSizeExceeded: ErrorCondition = "amqp:link:message-size-exceeded"

    /// The address is to be found elsewhere.
    public static let linkRedirect: ErrorCondition = "amqp:link:redirect"

    /// Another link has taken this one's place.
    public static let linkStolen: ErrorCondition = "amqp:link:stolen"

    /// The transaction does not exist.
    public static let transactionUnknownID: ErrorCondition = "amqp:transaction:unknown-id"

    /// The transaction was rolled back.
    public static let transactionRollback: ErrorCondition = "amqp:transaction:rollback"

    /// The transaction took too long.
    public static let transactionTimeout: ErrorCondition = "amqp:transaction:timeout"
}

/// The conditions of Azure Event Hubs.
extension ErrorCondition {
    /// The service throttles; wait before the next try.
    public static let serverBusy: ErrorCondition = "com.microsoft:server-busy"

    /// The service ran into a time-out.
    public static let timeout: ErrorCondition = "com.microsoft:timeout"

    /// The operation was cancelled in the service.
    public static let operationCancelled: ErrorCondition = "com.microsoft:operation-cancelled"

    /// The partition's container moves.
    public static let containerClose: ErrorCondition = "com.microsoft:container-close"

    /// A producer with a higher epoch took over.
    public static let producerEpochStolen: ErrorCondition = "com.microsoft:producer-epoch-stolen"

    /// An idempotent producer's sequence has a gap.
    public static let outOfOrderSequence: ErrorCondition = "com.microsoft:out-of-order-sequence"

    /// The service could not authenticate the peer.
    public static let authFailed: ErrorCondition = "com.microsoft:auth-failed"

    /// The event hub is disabled.
    public static let entityDisabled: ErrorCondition = "com.microsoft:entity-disabled"

    /// An argument is wrong, for example an offset.
    public static let argumentError: ErrorCondition = "com.microsoft:argument-error"

    /// An argument is out of range, for example a partition.
    public static let argumentOutOfRange: ErrorCondition = "com.microsoft:argument-out-of-range"

    /// The offset is not one of this replica.
    public static let georeplicationInvalidOffset: ErrorCondition = "com.microsoft:georeplication:invalid-offset"

    /// A precondition of the service does not hold.
    public static let servicePreconditionFailed: ErrorCondition = "com.microsoft:precondition-failed"

    /// The broker no longer owns the partition.
    public static let partitionNotOwned: ErrorCondition = "com.microsoft:partition-not-owned"

    /// The broker lost the lock on the partition's store.
    public static let storeLockLost: ErrorCondition = "com.microsoft:store-lock-lost"

    /// The publisher was revoked.
    public static let publisherRevoked: ErrorCondition = "com.microsoft:publisher-revoked"

    /// A client library lost its transport; sent by Proton.
    public static let protonIO: ErrorCondition = "proton:io"
}
