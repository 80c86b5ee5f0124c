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

@Suite("Error mapping")
struct ErrorMappingTests {
    typealias Row = (condition: ErrorCondition, code: EventHubsError.Code, retry: RetryAdvice, recovery: RecoveryScope)

    /// The table of the wire contract, one row a condition.
    static let table: [Row] = [
        ("com.microsoft:server-busy", .serverBusy, .notBefore(.seconds(4)), .nothing),
        ("com.microsoft:timeout", .timeout, .later, .nothing),
        ("com.microsoft:operation-cancelled", .operationCancelled, .immediately, .nothing),
        ("com.microsoft:container-close", .linkDetached, .notBefore(.seconds(4)), .link),
        ("amqp:internal-error", .internalError, .later, .connection),
        ("amqp:link:detach-forced", .linkDetached, .later, .link),
        ("amqp:link:transfer-limit-exceeded", .protocolViolation, .later, .link),
        ("amqp:connection:forced", .connectionLost, .later, .connection),
        ("amqp:connection:framing-error", .connectionLost, .later, .connection),
        ("proton:io", .connectionLost, .later, .connection),
        ("amqp:link:stolen", .ownershipLost, .never, .nothing),
        ("com.microsoft:producer-epoch-stolen", .producerFenced, .never, .nothing),
        ("com.microsoft:out-of-order-sequence", .outOfOrderSequence, .never, .nothing),
        ("amqp:resource-limit-exceeded", .quotaExceeded, .never, .nothing),
        ("amqp:link:message-size-exceeded", .messageTooLarge, .never, .nothing),
        ("amqp:unauthorized-access", .unauthorized, .afterAuthorization, .link),
        ("com.microsoft:auth-failed", .unauthorized, .never, .nothing),
        ("amqp:not-found", .notFound, .later, .link),
        ("com.microsoft:entity-disabled", .entityDisabled, .never, .nothing),
        ("com.microsoft:argument-error", .invalidArgument, .never, .nothing),
        ("com.microsoft:argument-out-of-range", .invalidArgument, .never, .nothing),
        ("com.microsoft:georeplication:invalid-offset", .invalidPosition, .never, .nothing),
        ("com.microsoft:precondition-failed", .preconditionFailed, .never, .nothing),
        ("amqp:not-allowed", .notAllowed, .never, .nothing),
        ("amqp:not-implemented", .notImplemented, .never, .nothing),
        ("amqp:illegal-state", .protocolViolation, .later, .connection),
        ("amqp:decode-error", .protocolViolation, .never, .connection),
        ("amqp:invalid-field", .protocolViolation, .never, .connection),
        ("amqp:precondition-failed", .preconditionFailed, .never, .nothing),
        ("amqp:frame-size-too-small", .protocolViolation, .never, .connection),
        ("amqp:session:errant-link", .protocolViolation, .later, .session),
        ("amqp:session:unattached-handle", .protocolViolation, .later, .session),
        ("amqp:session:window-violation", .protocolViolation, .later, .session),
        ("amqp:session:handle-in-use", .protocolViolation, .later, .session),
        ("com.microsoft:partition-not-owned", .linkDetached, .later, .link),
        ("com.microsoft:store-lock-lost", .linkDetached, .later, .link),
        ("com.microsoft:publisher-revoked", .unauthorized, .never, .nothing),
        ("com.example:never-heard-of", .unknown, .later, .connection),
    ]

    @Test("Every condition", arguments: table)
    func conditions(row: Row) {
        let error = ErrorMapping.error(for: AMQPErrorInfo(condition: row.condition, description: "text"))
        #expect(error.code == row.code)
        #expect(error.retryAdvice == row.retry)
        #expect(error.recoveryScope == row.recovery)
        #expect(error.condition == row.condition)
        #expect(error.message.hasPrefix("text"))
        #expect(error.isTransient == (row.retry != .never && row.retry != .afterAuthorization))
    }

    @Test("Not found is believed only when the text says that the entity is missing")
    func notFound() {
        let text =
            "The messaging entity 'sb://ns/hub' could not be found. To know more visit https://aka.ms/sbResourceMgrExceptions."
        let missing = ErrorMapping.verdict(on: .notFound, description: text)
        #expect(missing == .init(.notFound, .never))
        #expect(ErrorMapping.verdict(on: .notFound, description: nil).retry == .later)
        #expect(ErrorMapping.verdict(on: .notFound, description: "could not be found").retry == .later)
    }

    @Test("An invalid position is told apart from other arguments")
    func positions() {
        let offset = "The supplied offset '99999' is invalid. The last offset in the system is '1304024'"
        let sequence = "The supplied sequence number '7' is invalid. The last sequence number in the system is '3'"
        #expect(ErrorMapping.verdict(on: .argumentError, description: offset).code == .invalidPosition)
        #expect(ErrorMapping.verdict(on: .argumentError, description: sequence).code == .invalidPosition)
        #expect(ErrorMapping.verdict(on: .argumentError, description: "other").code == .invalidArgument)
    }

    @Test("A link detached because its token lapsed needs a new token")
    func renewToken() {
        let text =
            "The link 'x' is force detached. Code: RenewToken. Details: Unauthorized access. 'Listen' claim(s) are required "
            + "to perform this operation. Resource: 'sb://ns/hub'."
        #expect(
            ErrorMapping.verdict(on: .detachForced, description: text)
                == .init(.unauthorized, .afterAuthorization, .link)
        )
        let idle = "Idle link tracker, link x has been idle for 1800000ms"
        #expect(ErrorMapping.verdict(on: .detachForced, description: idle) == .init(.linkDetached, .later, .link))
    }

    @Test(
        "Status codes",
        arguments: [
            (400, nil, .invalidArgument, .never),
            (401, nil, .unauthorized, .afterAuthorization),
            (403, nil, .quotaExceeded, .never),
            (404, .notFound, .notFound, .never),
            (408, nil, .timeout, .later),
            (410, nil, .ownershipLost, .never),
            (500, nil, .internalError, .later),
            (501, nil, .notImplemented, .never),
            (503, nil, .serverBusy, .notBefore(.seconds(4))),
            (503, .serverBusy, .serverBusy, .notBefore(.seconds(4))),
            (400, .argumentOutOfRange, .invalidArgument, .never),
            (599, nil, .internalError, .later),
            (302, nil, .unknown, .never),
        ] as [(Int, ErrorCondition?, EventHubsError.Code, RetryAdvice)]
    )
    func statusCodes(status: Int, condition: ErrorCondition?, code: EventHubsError.Code, retry: RetryAdvice) {
        let error = ErrorMapping.error(forStatus: status, condition: condition, description: "text", of: "put-token")
        #expect(error.code == code)
        #expect(error.retryAdvice == retry)
        #expect(error.message.contains("status \(status): text"))
    }

    @Test("Tracking identifiers come from the text or from the info map")
    func tracking() {
        let text =
            "busy [Reference:x,] TrackingId:0123456789abcdef0123456789abcdef_G4, SystemTracker:ns:eventhub:hub~1|$default, "
            + "Timestamp:2019-03-12T20:30:59"
        let details = TrackingDetails(parsing: text)
        #expect(details.trackingID == "0123456789abcdef0123456789abcdef_G4")
        #expect(details.systemTracker == "ns:eventhub:hub~1|$default")
        #expect(details.timestamp == "2019-03-12T20:30:59")
        #expect(TrackingDetails(parsing: "TrackingId:").trackingID == nil)
        #expect(TrackingDetails(parsing: "nothing").trackingID == nil)

        let fromText = ErrorMapping.error(for: AMQPErrorInfo(condition: .serverBusy, description: text))
        #expect(fromText.trackingID == "0123456789abcdef0123456789abcdef_G4")
        let info: AMQPMap = [.symbol("com.microsoft:tracking-id"): "from-info"]
        let fromInfo = ErrorMapping.error(for: AMQPErrorInfo(condition: .serverBusy, description: text, info: info))
        #expect(fromInfo.trackingID == "from-info")
    }

    @Test("An error says what, where and which condition")
    func description() {
        let error = ErrorMapping.error(for: AMQPErrorInfo(condition: .linkStolen, description: "New receiver 'a'"))
            .about("hub1", "3")
        #expect(
            error.description
                == "ownershipLost (event hub 'hub1', partition 3): New receiver 'a' Another receiver owns the partition "
                + "now; a higher owner level would take it back. [amqp:link:stolen]"
        )
        #expect(ErrorMapping.error(for: AMQPErrorInfo(condition: .linkStolen)).message.contains("gave no reason"))
    }
}
