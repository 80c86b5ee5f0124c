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

/// Why a connection could not be made, or was lost, below the protocol.
///
/// Two errors are equal when their codes are.
package struct TransportError: Error, Sendable, Equatable {
    /// What went wrong, for decisions.
    package enum Code: Sendable, Hashable {
        case resolutionFailed
        case connectionRefused
        case unreachable
        case timedOut
        case connectionReset
        case closed
        case cancelled
        case handshakeFailed
        /// A proxy or a server has answered the handshake with a refusal that stays.
        case handshakeRefused
        case untrustedCertificate
        case expiredCertificate
        case hostNameMismatch
        case protocolViolation
        case invalidConfiguration
        case addressInUse
        case permissionDenied
        case resourcesExhausted
        case other
    }

    /// What was being done.
    package enum Operation: String, Sendable, Hashable {
        case resolve
        case connect
        case handshake
        case read
        case write
        case bind
        case accept
        case configure
        case poll
    }

    package var code: Code
    package var operation: Operation
    /// The peer's host name or address, where known.
    package var host: String?
    /// The peer's port, where known.
    package var port: Int?
    /// The system's error number, for errors of the system.
    package var errorNumber: Int32?
    /// The system's or OpenSSL's words.
    package var reason: String

    package init(
        code: Code,
        operation: Operation,
        host: String? = nil,
        port: Int? = nil,
        errorNumber: Int32? = nil,
        reason: String
    ) {
        self.code = code
        self.operation = operation
        self.host = host
        self.port = port
        self.errorNumber = errorNumber
        self.reason = reason
    }

    package static func == (left: TransportError, right: TransportError) -> Bool {
        left.code == right.code
    }
}

extension TransportError: CustomStringConvertible {
    package var description: String {
        var text = operation.rawValue
        if let host {
            text += " " + (host.contains(":") ? "[\(host)]" : host)
            if let port { text += ":\(port)" }
        }
        text += ": \(reason)"
        if let errorNumber { text += " (errno \(errorNumber))" }
        return text
    }
}
