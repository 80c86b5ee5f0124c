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

/// Why a credential has no token.
///
/// A ``TokenCredential`` that throws one lets the library tell what time mends from what somebody has to mend: after an
/// error that ``isTransient`` the operation is tried again as its retry policy says.
public struct CredentialError: Error, Sendable {
    /// What kind of failure it is.
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The credential is not set up on this machine. A chain goes on to its next member.
        case unavailable
        /// It is set up, but not in a way that can work: a file cannot be read, an identifier is none.
        case invalidConfiguration
        /// Who issues tokens refused to: the secret, the certificate or the identity is not accepted.
        case refused
        /// Who issues tokens is throttling or out of order; repeating did not help.
        case busy
        /// Who issues tokens could not be reached, or did not answer in time.
        case unreachable
        /// What came back is no token.
        case invalidResponse
    }

    /// What kind of failure it is.
    public let code: Code

    /// The credential concerned, for example `ClientSecretCredential`.
    public let credential: String

    /// What happened and what to do about it, for people. Holds no secrets.
    public let message: String

    /// The HTTP status, if there was an answer.
    public let status: Int?

    /// An error.
    /// - Parameters:
    ///   - code: what kind of failure it is.
    ///   - credential: the credential's name.
    ///   - message: what happened and what to do about it. It is logged: put no secrets in.
    ///   - status: the HTTP status, if there was an answer.
    public init(_ code: Code, of credential: String, _ message: String, status: Int? = nil) {
        self.code = code
        self.credential = credential
        self.message = message
        self.status = status
    }

    /// Whether asking again later can succeed without anybody changing anything.
    public var isTransient: Bool {
        switch code {
        case .busy, .unreachable: true
        case .unavailable, .invalidConfiguration, .refused, .invalidResponse: false
        }
    }
}

extension CredentialError: Equatable {
    /// Errors are equal when their codes are.
    public static func == (left: CredentialError, right: CredentialError) -> Bool { left.code == right.code }
}

extension CredentialError: CustomStringConvertible {
    /// The credential, the message and the status.
    public var description: String { "\(credential): \(message)" + (status.map { " [HTTP status \($0)]" } ?? "") }
}
