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

public import EventHubs

/// What went wrong with the blob store.
public struct BlobStoreError: Error, Sendable {
    /// What kind of failure this is: the part of the error that programs decide by.
    @nonexhaustive
    public enum Code: Hashable, Sendable {
        /// The connection string or URL is not one.
        case invalidConnectionString
        /// A name cannot stand in a request: a container, a host.
        case invalidName
        /// The container does not exist. The store creates it only when told to.
        case containerNotFound
        /// The credential is wrong, expired, or lacks a permission: read, list, create and write are needed.
        case accessDenied
        /// Others changed the blob again and again while it was being written.
        case conflict
        /// The service did not answer in time.
        case timedOut
        /// The service could not be reached.
        case connectionFailed
        /// The server's certificate is not for its host, not of a known authority, or expired.
        case untrustedServer
        /// The service is busy or broken; repeating did not help.
        case unavailable
        /// The answer is larger than the limit.
        case responseTooLarge
        /// The answer makes no sense.
        case invalidResponse
        /// The service refused the request for another reason.
        case refused
    }

    /// The kind of failure.
    public let code: Code
    /// What happened, for people. Holds no secrets.
    public let message: String
    /// The HTTP status, if there was an answer.
    public let status: Int?
    /// The service's own error code, for example `ConditionNotMet`.
    public let serviceCode: String?
    /// The service's number of the request, for its support.
    public let requestID: String?
    /// The error that caused this one.
    public let underlying: (any Error)?

    init(
        _ code: Code,
        _ message: String,
        status: Int? = nil,
        serviceCode: String? = nil,
        requestID: String? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.serviceCode = serviceCode
        self.requestID = requestID
        self.underlying = underlying
    }
}

extension BlobStoreError: RetryableError {
    /// Whether trying again later can help without a change of anything: the service does not answer, is busy, or others
    /// were faster. False when a person has to act, as on a wrong credential, a missing container or a wrong name.
    public var isTransient: Bool {
        switch code {
        case .timedOut, .connectionFailed, .unavailable, .conflict: true
        case .invalidConnectionString, .invalidName, .containerNotFound, .accessDenied, .untrustedServer,
            .responseTooLarge, .invalidResponse, .refused:
            false
        }
    }
}

extension BlobStoreError: Equatable {
    /// Errors are equal when their codes are: text is for people.
    public static func == (left: BlobStoreError, right: BlobStoreError) -> Bool {
        left.code == right.code
    }
}

extension BlobStoreError: CustomStringConvertible {
    /// The code, the message and what the service said, for logs.
    public var description: String {
        var text = "\(code): \(message)"
        if let status { text += ", HTTP status \(status)" }
        if let serviceCode { text += " \(serviceCode)" }
        if let requestID { text += ", request \(requestID)" }
        if let underlying { text += " (\(underlying))" }
        return text
    }
}
