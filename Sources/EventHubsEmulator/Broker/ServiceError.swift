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

/// The error conditions with which the service answers.
package enum ServiceCondition: String, Sendable {
    case argumentError = "com.microsoft:argument-error"
    case argumentOutOfRange = "com.microsoft:argument-out-of-range"
    case connectionForced = "amqp:connection:forced"
    case decodeError = "amqp:decode-error"
    case detachForced = "amqp:link:detach-forced"
    case entityDisabled = "com.microsoft:entity-disabled"
    case internalError = "amqp:internal-error"
    case invalidOffset = "com.microsoft:georeplication:invalid-offset"
    case messageSizeExceeded = "amqp:link:message-size-exceeded"
    case notAllowed = "amqp:not-allowed"
    case notFound = "amqp:not-found"
    case notImplemented = "amqp:not-implemented"
    case outOfOrderSequence = "com.microsoft:out-of-order-sequence"
    case producerEpochStolen = "com.microsoft:producer-epoch-stolen"
    case resourceLimitExceeded = "amqp:resource-limit-exceeded"
    case serverBusy = "com.microsoft:server-busy"
    case stolen = "amqp:link:stolen"
    case unauthorizedAccess = "amqp:unauthorized-access"

    /// The status code that stands for this condition in a reply of `$cbs` or `$management`.
    package var statusCode: Int32 {
        switch self {
        case .argumentError, .argumentOutOfRange, .decodeError, .invalidOffset, .messageSizeExceeded,
            .outOfOrderSequence:
            400
        case .unauthorizedAccess: 401
        case .entityDisabled, .notAllowed, .resourceLimitExceeded: 403
        case .notFound: 404
        case .stolen, .producerEpochStolen: 410
        case .connectionForced, .detachForced, .internalError: 500
        case .notImplemented: 501
        case .serverBusy: 503
        }
    }
}

/// A refusal by the service: a condition and the text that goes with it, without the tracking suffix.
package struct ServiceError: Error, Equatable, Sendable {
    package var condition: ServiceCondition
    package var message: String

    package init(_ condition: ServiceCondition, _ message: String) {
        self.condition = condition
        self.message = message
    }

    /// The answer to a name that the namespace does not hold.
    package static func entityNotFound(_ path: String, in namespace: String) -> ServiceError {
        ServiceError(
            .notFound,
            "The messaging entity 'sb://\(namespace)/\(path)' could not be found. "
                + "To know more visit https://aka.ms/sbResourceMgrExceptions."
        )
    }

    /// The answer to a sender or a receiver of a hub whose status does not let it.
    static func entityDisabled(_ path: String, in namespace: String) -> ServiceError {
        ServiceError(.entityDisabled, "Messaging entity 'sb://\(namespace)/\(path)' is currently disabled.")
    }

    /// The answer to whoever asks for more than the namespace's throughput units give.
    package static func throttled(_ namespace: String) -> ServiceError {
        ServiceError(
            .serverBusy,
            "The request was terminated because the namespace '\(namespace)' is being throttled. Error code : 50009. "
                + "Please wait 2 seconds and try again."
        )
    }

    /// The answer to a connection beyond the namespace's quota.
    package static func tooManyConnections(_ limit: Int, in namespace: String) -> ServiceError {
        ServiceError(
            .resourceLimitExceeded,
            "Cannot allocate more connections to the namespace '\(namespace)'. The maximum of \(limit) is in use."
        )
    }

    /// The answer to a partition id outside the hub's range.
    package static func partitionOutOfRange(partitionCount: Int) -> ServiceError {
        ServiceError(
            .argumentOutOfRange,
            "The specified partition is invalid for an EventHub partition sender or receiver. "
                + "It should be between 0 and \(partitionCount - 1)."
        )
    }
}
