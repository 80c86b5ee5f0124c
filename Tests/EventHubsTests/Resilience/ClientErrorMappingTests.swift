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

import AMQPTransport
import EventHubs
import Testing

@Suite("Errors of the AMQP client and outcomes")
struct ClientErrorMappingTests {
    typealias Row = (
        code: AMQPError.Code, initiator: AMQPError.Initiator, expected: EventHubsError.Code, retry: RetryAdvice
    )

    static let table: [Row] = [
        (.connectFailed, .library, .connectionLost, .later),
        (.authenticationFailed, .remote, .unauthorized, .never),
        (.connectionLost, .remote, .connectionLost, .later),
        (.connectionClosed, .remote, .connectionLost, .later),
        (.connectionClosed, .application, .closed, .never),
        (.sessionEnded, .remote, .linkDetached, .later),
        (.linkRefused, .remote, .linkDetached, .later),
        (.requestRefused, .remote, .linkDetached, .later),
        (.linkDetached, .remote, .linkDetached, .later),
        (.messageTooLarge, .application, .messageTooLarge, .never),
        (.unknownOutcome, .remote, .rejected, .later),
        (.malformedMessage, .remote, .invalidResponse, .never),
        (.protocolViolation, .remote, .protocolViolation, .later),
        (.limitReached, .library, .quotaExceeded, .later),
        (.timedOut, .library, .timeout, .later),
        (.cancelled, .application, .cancelled, .never),
    ]

    @Test("Every code without a condition", arguments: table)
    func codes(row: Row) {
        let error = AMQPError(code: row.code, scope: .session, initiator: row.initiator, message: "text")
        let mapped = ErrorMapping.error(for: error)
        #expect(mapped.code == row.expected)
        #expect(mapped.retryAdvice == row.retry)
        #expect(mapped.recoveryScope == .session)
        #expect(mapped.message == "text")
        #expect(mapped.underlying as? AMQPError == error)
    }

    @Test("A condition of the service decides; what is destroyed is never less than the client says")
    func conditions() {
        let stolen = AMQPError(
            code: .linkDetached,
            scope: .link,
            initiator: .remote,
            condition: .linkStolen,
            message: "New receiver"
        )
        #expect(ErrorMapping.error(for: stolen).code == .ownershipLost)
        #expect(ErrorMapping.error(for: stolen).recoveryScope == .link)
        let forced = AMQPError(
            code: .connectionClosed,
            scope: .connection,
            initiator: .remote,
            condition: .connectionForced,
            message: "idle"
        )
        #expect(ErrorMapping.error(for: forced).recoveryScope == .connection)
        #expect(ErrorMapping.error(for: forced).isTransient)
        let bug = AMQPError(
            code: .linkDetached,
            scope: .link,
            initiator: .remote,
            condition: .internalError,
            message: "bug"
        )
        #expect(ErrorMapping.error(for: bug).recoveryScope == .connection)
    }

    @Test("A certificate that is not trusted does not become so by trying again")
    func certificates() {
        func mapped(_ code: TransportError.Code) -> EventHubsError {
            let cause = TransportError(code: code, operation: .handshake, reason: "x")
            return ErrorMapping.error(
                for: AMQPError(
                    code: .connectFailed,
                    scope: .transport,
                    initiator: .library,
                    message: "x",
                    underlying: cause
                )
            )
        }
        for code in [.untrustedCertificate, .expiredCertificate, .hostNameMismatch] as [TransportError.Code] {
            #expect(!mapped(code).isTransient)
        }
        #expect(mapped(.connectionRefused).isTransient)
        #expect(mapped(.connectionRefused).recoveryScope == .connection)
    }

    @Test("Outcomes")
    func outcomes() {
        #expect(ErrorMapping.error(for: .accepted) == nil)
        let busy = AMQPErrorInfo(condition: .serverBusy, description: "50002")
        #expect(ErrorMapping.error(for: .rejected(busy))?.code == .serverBusy)
        #expect(ErrorMapping.error(for: .rejected(nil))?.isTransient == false)
        #expect(ErrorMapping.error(for: .released)?.isTransient == true)
        #expect(ErrorMapping.error(for: .modified(.init()))?.isTransient == true)
    }
}
