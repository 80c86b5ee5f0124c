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

/// From AMQP conditions and status codes to errors of event hubs. A table: pure and without state.
package enum ErrorMapping {
    /// What a condition means for a client.
    package struct Verdict: Sendable, Hashable {
        package var code: EventHubsError.Code
        package var retry: RetryAdvice
        package var recovery: RecoveryScope

        package init(_ code: EventHubsError.Code, _ retry: RetryAdvice, _ recovery: RecoveryScope = .nothing) {
            self.code = code
            self.retry = retry
            self.recovery = recovery
        }
    }

    /// What `condition` means. Some conditions are told apart by the service's text only; the texts are the service's
    /// published ones. A condition that nobody knows is transient and asks for a new connection.
    package static func verdict(on condition: ErrorCondition, description: String?) -> Verdict {
        switch condition {
        case .serverBusy: Verdict(.serverBusy, .notBefore(RetryPolicy.minimumServerBusyDelay))
        case .timeout: Verdict(.timeout, .later)
        case .operationCancelled: Verdict(.operationCancelled, .immediately)
        case .containerClose: Verdict(.linkDetached, .notBefore(.seconds(4)), .link)
        case .internalError: Verdict(.internalError, .later, .connection)
        case .detachForced where isTokenExpiry(description): Verdict(.unauthorized, .afterAuthorization, .link)
        case .detachForced, .partitionNotOwned, .storeLockLost: Verdict(.linkDetached, .later, .link)
        case .transferLimitExceeded: Verdict(.protocolViolation, .later, .link)
        case .connectionForced, .framingError, .protonIO, .connectionRedirect:
            Verdict(.connectionLost, .later, .connection)
        case .linkRedirect: Verdict(.linkDetached, .later, .connection)
        case .linkStolen: Verdict(.ownershipLost, .never)
        case .producerEpochStolen: Verdict(.producerFenced, .never)
        case .outOfOrderSequence: Verdict(.outOfOrderSequence, .never)
        case .resourceLimitExceeded: Verdict(.quotaExceeded, .never)
        case .messageSizeExceeded: Verdict(.messageTooLarge, .never)
        case .unauthorizedAccess: Verdict(.unauthorized, .afterAuthorization, .link)
        case .authFailed, .publisherRevoked: Verdict(.unauthorized, .never)
        case .notFound: isEntityMissing(description) ? Verdict(.notFound, .never) : Verdict(.notFound, .later, .link)
        case .resourceDeleted: Verdict(.notFound, .never)
        case .entityDisabled: Verdict(.entityDisabled, .never)
        case .argumentError where isPosition(description), .georeplicationInvalidOffset:
            Verdict(.invalidPosition, .never)
        case .argumentError, .argumentOutOfRange: Verdict(.invalidArgument, .never)
        case .servicePreconditionFailed, .preconditionFailed: Verdict(.preconditionFailed, .never)
        case .notAllowed: Verdict(.notAllowed, .never)
        case .notImplemented: Verdict(.notImplemented, .never)
        case .illegalState: Verdict(.protocolViolation, .later, .connection)
        case .decodeError, .invalidField, .frameSizeTooSmall: Verdict(.protocolViolation, .never, .connection)
        case .errantLink, .unattachedHandle, .windowViolation, .handleInUse:
            Verdict(.protocolViolation, .later, .session)
        default: Verdict(.unknown, .later, .connection)
        }
    }

    /// What a status code of `$cbs` or `$management` means. A condition that comes with it is more exact, except where
    /// the status is final.
    package static func verdict(onStatus status: Int, condition: ErrorCondition?, description: String?) -> Verdict {
        switch (status, condition) {
        case (404, _): Verdict(.notFound, .never)
        case (410, _): Verdict(.ownershipLost, .never)
        case (401, _): Verdict(.unauthorized, .afterAuthorization)
        case (_, let condition?):
            {
                var verdict = verdict(on: condition, description: description)
                verdict.recovery = .nothing
                return verdict
            }()
        case (400, nil): Verdict(.invalidArgument, .never)
        case (403, nil): Verdict(.quotaExceeded, .never)
        case (408, nil): Verdict(.timeout, .later)
        case (501, nil): Verdict(.notImplemented, .never)
        case (503, nil): Verdict(.serverBusy, .notBefore(RetryPolicy.minimumServerBusyDelay))
        case (500...599, nil): Verdict(.internalError, .later)
        default: Verdict(.unknown, .never)
        }
    }

    /// The error for what a peer said with a detach, an end, a close or a rejected outcome.
    package static func error(for info: AMQPErrorInfo, underlying: (any Error)? = nil) -> EventHubsError {
        let verdict = verdict(on: info.condition, description: info.description)
        return error(
            verdict,
            condition: info.condition,
            description: info.description,
            trackingID: info.info?[symbol: "com.microsoft:tracking-id"]?.textValue,
            underlying: underlying
        )
    }

    /// The error for a reply of `$cbs` or `$management`.
    package static func error(
        forStatus status: Int,
        condition: ErrorCondition?,
        description: String?,
        of operation: String
    ) -> EventHubsError {
        let verdict = verdict(onStatus: status, condition: condition, description: description)
        return error(
            verdict,
            condition: condition,
            description: "\(operation) was answered with status \(status): \(description ?? "no text")",
            trackingID: nil,
            underlying: nil
        )
    }

    /// The error for `verdict`, in the service's words or, where it has none, in ours.
    private static func error(
        _ verdict: Verdict,
        condition: ErrorCondition?,
        description: String?,
        trackingID: String?,
        underlying: (any Error)?
    ) -> EventHubsError {
        let text = Redaction.scrub(description ?? "The service gave no reason.")
        let tracking = TrackingDetails(parsing: text)
        return EventHubsError(
            verdict.code,
            [text, verdict.code.advice].compactMap { $0 }.joined(separator: " "),
            retryAdvice: verdict.retry,
            recoveryScope: verdict.recovery,
            condition: condition,
            trackingID: trackingID ?? tracking.trackingID,
            reference: tracking.reference,
            underlying: underlying
        )
    }

    /// `amqp:not-found` is to be believed only with this text; without it, it may be a passing routing miss.
    private static func isEntityMissing(_ description: String?) -> Bool {
        guard let start = description?.range(ofSubstring: "The messaging entity "), let description else {
            return false
        }
        return description[start.upperBound...].range(ofSubstring: "could not be found") != nil
    }

    private static func isTokenExpiry(_ description: String?) -> Bool {
        guard let description else { return false }
        return ["Code: RenewToken", "Unauthorized access", "ExpiredToken"].contains {
            description.range(ofSubstring: $0) != nil
        }
    }

    private static func isPosition(_ description: String?) -> Bool {
        guard let description else { return false }
        return ["The supplied offset", "The supplied sequence number"].contains {
            description.range(ofSubstring: $0) != nil
        }
    }
}

extension EventHubsError.Code {
    /// What a person can do about it, where that is not plain.
    var advice: String? {
        switch self {
        case .unauthorized: "Check the policy's name and key, its claims (Send, Listen) and this machine's clock."
        case .ownershipLost: "Another receiver owns the partition now; a higher owner level would take it back."
        case .quotaExceeded: "Close receivers that are not needed, or use a consumer group of their own."
        case .invalidPosition: "The position belongs to another stream or lies after its end: begin at another one."
        case .messageTooLarge: "Send fewer or smaller events at once."
        default: nil
        }
    }
}
