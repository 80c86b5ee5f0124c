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

internal import AMQPTransport

extension ErrorMapping {
    /// The error for what the AMQP client reports. A condition of the service decides where there is one, else the
    /// client's code; what the failure has destroyed is never less than the client says.
    package static func error(for error: AMQPError) -> EventHubsError {
        let scope = recoveryScope(error)
        if error.initiator == .remote, let condition = error.condition {
            let info = AMQPErrorInfo(condition: condition, description: error.message, info: error.info)
            let mapped = self.error(for: info, underlying: error)
            return mapped.recoveryScope >= scope ? mapped : mapped.destroying(scope)
        }
        let (code, retry) = verdict(on: error)
        return EventHubsError(
            code,
            Redaction.scrub(error.message),
            retryAdvice: retry,
            recoveryScope: scope,
            condition: error.condition,
            underlying: error
        )
    }

    private static func recoveryScope(_ error: AMQPError) -> RecoveryScope {
        switch error.scope {
        case .delivery: .nothing
        case .link: .link
        case .session: .session
        case .connection, .transport: .connection
        }
    }

    private static func verdict(on error: AMQPError) -> (EventHubsError.Code, RetryAdvice) {
        switch error.code {
        case .connectFailed: (.connectionLost, isPermanent(error.underlying) ? .never : .later)
        case .authenticationFailed: (.unauthorized, .never)
        case .connectionClosed where error.initiator == .application: (.closed, .never)
        case .connectionLost, .connectionClosed: (.connectionLost, .later)
        case .sessionEnded, .linkRefused, .requestRefused, .linkDetached: (.linkDetached, .later)
        case .messageTooLarge: (.messageTooLarge, .never)
        case .unknownOutcome: (.rejected, .later)
        case .malformedMessage: (.invalidResponse, .never)
        case .protocolViolation: (.protocolViolation, .later)
        case .limitReached: (.quotaExceeded, .later)
        case .invalidUse: (.protocolViolation, .later)
        case .timedOut: (.timeout, .later)
        case .cancelled: (.cancelled, .never)
        @unknown default: (.unknown, .later)
        }
    }

    /// Failures that stay until somebody changes a certificate or a setting.
    private static func isPermanent(_ error: (any Error)?) -> Bool {
        guard let error = error as? TransportError else { return false }
        switch error.code {
        case .untrustedCertificate, .expiredCertificate, .hostNameMismatch, .invalidConfiguration,
            .handshakeRefused:
            return true
        default: return false
        }
    }

    /// The error for an outcome; nil for accepted.
    package static func error(for outcome: Outcome) -> EventHubsError? {
        switch outcome {
        case .accepted: nil
        case .rejected(let info?): error(for: info)
        case .rejected(nil): EventHubsError(.rejected, "The service rejected the events and gave no reason.")
        case .released:
            EventHubsError(.rejected, "The service released the events: it did not take them.", retryAdvice: .later)
        case .modified:
            EventHubsError(.rejected, "The service gave the events back, modified.", retryAdvice: .later)
        }
    }
}

extension EventHubsError {
    /// The same error with a larger scope of destruction.
    fileprivate func destroying(_ scope: RecoveryScope) -> EventHubsError {
        EventHubsError(
            code,
            message,
            retryAdvice: retryAdvice,
            recoveryScope: scope,
            eventHub: eventHub,
            partition: partition,
            condition: condition,
            trackingID: trackingID,
            reference: reference,
            underlying: underlying
        )
    }
}
