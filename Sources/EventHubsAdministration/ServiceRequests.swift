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
import HTTPExchange

/// Requests to a namespace over HTTP: authorised, limited in time, repeated where that can help and do no harm.
struct ServiceRequests: Sendable {
    /// Scheme, host and port, without a slash at the end.
    let endpoint: String
    let namespace: String
    let credential: any TokenCredential
    let transport: any HTTPTransport
    let retrier: Retrier

    private static let version = "api-version=2014-01"
    /// What Microsoft's documentation gives all requests.
    static let contentType = "application/atom+xml;type=entry;charset=utf-8"

    /// A hundred hubs of 1,024 partitions fit in.
    private static let maximumResponseSize = 8 * 1_024 * 1_024
    /// The most that is read of an answer that is no success.
    private static let maximumErrorSize = 65_536
    private static let contentTypeField = HTTPRequest.Field("Content-Type", contentType)

    /// Requests over connections of their own, which are closed with the last copy of this.
    init(
        _ namespace: String,
        _ credential: any TokenCredential,
        _ configuration: AdministrationConfiguration,
        transport: (any HTTPTransport)? = nil,
        environment: ClientEnvironment = .system
    ) {
        var endpoint = configuration.endpoint ?? "https://\(namespace)"
        while endpoint.hasSuffix("/") { endpoint.removeLast() }
        self.endpoint = endpoint
        self.namespace = namespace
        self.credential = credential
        self.transport =
            transport ?? HTTPClient(.init(maximumResponseSize: Self.maximumResponseSize, maximumConnections: 8))
        retrier = Retrier(configuration.retryPolicy, environment: environment, logger: configuration.logger)
    }

    init(
        _ connectionString: EventHubsConnectionString,
        _ configuration: AdministrationConfiguration
    ) throws(EventHubsError) {
        guard !connectionString.usesDevelopmentEmulator || configuration.endpoint != nil else {
            throw EventHubsError(
                .invalidConnectionString,
                "An emulator's connection string does not name its HTTP port: give it as the configuration's 'endpoint'."
            )
        }
        self.init(connectionString.host, try connectionString.credential(), configuration)
    }

    /// Makes an entity. Asked for once: an answer that is lost must not become "it exists already".
    func create(_ path: [String], _ entry: String, _ userMetadata: String?) async throws(EventHubsError) -> HTTPResponse
    {
        try checked(userMetadata)
        var once = retrier
        once.policy.maximumRetries = 0
        return try await perform("PUT", path, headers: [Self.contentTypeField], body: Array(entry.utf8), retrier: once)
    }

    func replace(_ path: [String], _ entry: String, _ userMetadata: String?) async throws(EventHubsError)
        -> HTTPResponse
    {
        try checked(userMetadata)
        return try await perform(
            "PUT",
            path,
            headers: [.init("If-Match", "*"), Self.contentTypeField],
            body: Array(entry.utf8)
        )
    }

    /// Nil: there is none.
    func read(_ path: [String]) async throws(EventHubsError) -> HTTPResponse? {
        try await orNil { () async throws(EventHubsError) in try await perform("GET", path) }
    }

    /// Nil: there is no such list.
    func read(_ path: [String], skipping count: Int, limit: Int) async throws(EventHubsError) -> HTTPResponse? {
        try await orNil { () async throws(EventHubsError) in
            try await perform("GET", path, query: "&$skip=\(count)&$top=\(limit)")
        }
    }

    func delete(_ path: [String]) async throws(EventHubsError) {
        _ = try await orNil { () async throws(EventHubsError) in try await perform("DELETE", path) }
    }

    /// Hands something to an entity.
    func post(_ path: [String], headers: [HTTPRequest.Field], body: [UInt8]) async throws(EventHubsError) {
        _ = try await perform("POST", path, headers: headers, body: body)
    }

    private func orNil(
        _ body: () async throws(EventHubsError) -> HTTPResponse
    ) async throws(EventHubsError) -> HTTPResponse? {
        do throws(EventHubsError) {
            return try await body()
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    private func checked(_ userMetadata: String?) throws(EventHubsError) {
        guard AtomText.canHold(userMetadata ?? "") else {
            throw EventHubsError(.invalidArgument, "The user metadata has control characters.")
        }
    }

    private func perform(
        _ method: String,
        _ segments: [String],
        query: String = "",
        headers: [HTTPRequest.Field] = [],
        body: [UInt8]? = nil,
        retrier: Retrier? = nil
    ) async throws(EventHubsError) -> HTTPResponse {
        let path = segments.joined(separator: "/")
        if let wrong = segments.first(where: { !Self.isSegment($0) }) {
            throw EventHubsError(.invalidArgument, "'\(wrong)' is no name of an entity.")
        }
        let (credential, transport) = (credential, transport)
        let audience = "https://\(namespace)/\(path)"
        let url = "\(endpoint)/\(path)?\(Self.version)\(query)"
        return try await (retrier ?? self.retrier).run("\(method) \(path)") { () async throws(EventHubsError) in
            let token: AccessToken
            do {
                token = try await credential.token(for: audience)
            } catch {
                throw Self.failure(ofCredential: error)
            }
            guard token.kind != .jwt || HTTPOrigin(of: url)?.isConfidential != false else {
                throw EventHubsError(
                    .invalidArgument,
                    "Tokens are not sent without TLS: the endpoint has to begin with https://."
                )
            }
            var request = HTTPRequest(method, url, headers: headers, body: body)
            request.headers.append(
                .init("Authorization", token.kind == .jwt ? "Bearer \(token.value)" : token.value)
            )
            let response: HTTPResponse
            do throws(HTTPFailure) {
                response = try await transport.send(request)
            } catch {
                throw Self.failure(error)
            }
            guard (200..<300).contains(response.status) else { throw Self.refusal(response) }
            return response
        }
    }

    /// What names are made of, so that none leads elsewhere.
    private static func isSegment(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-._$".utf8.contains(byte)
                }
            }
    }

    // MARK: Failures

    private static func failure(ofCredential error: any Error) -> EventHubsError {
        if error is CancellationError { return .cancelled }
        let isTransient = (error as? CredentialError)?.isTransient ?? true
        return EventHubsError(
            .unauthorized,
            "The credential has no token.",
            retryAdvice: isTransient ? .later : .never,
            underlying: error
        )
    }

    private static func failure(_ failure: HTTPFailure) -> EventHubsError {
        switch failure {
        case .cancelled: .cancelled
        case .invalidURL, .invalidRequest: EventHubsError(.invalidArgument, "\(failure).")
        case .untrusted: EventHubsError(.connectionLost, "\(failure).")
        case .timedOut: EventHubsError(.timeout, "\(failure).", retryAdvice: .later)
        case .unreachable, .connectionLost, .truncated:
            EventHubsError(.connectionLost, "\(failure).", retryAdvice: .later)
        case .responseTooLarge, .malformed: EventHubsError(.invalidResponse, "\(failure).")
        }
    }

    /// What an answer means that is no success.
    private static func refusal(_ response: HTTPResponse) -> EventHubsError {
        let detail = AtomDocument.errorDetail(in: Array(response.body.prefix(maximumErrorSize)))
        let text = "The service answered \(response.status)" + (detail.map { ": \(Redaction.scrub($0))" } ?? ".")
        let (code, retry): (EventHubsError.Code, RetryAdvice) =
            switch response.status {
            case 400: (.invalidArgument, .never)
            case 401: (.unauthorized, .never)
            case 403: (.quotaExceeded, .never)
            case 404, 410: (.notFound, .never)
            case 408: (.timeout, .later)
            case 409: (.alreadyExists, .never)
            case 412: (.preconditionFailed, .never)
            case 413: (.messageTooLarge, .never)
            case 429, 503: (.serverBusy, .notBefore(RetryPolicy.minimumServerBusyDelay))
            case 501: (.notImplemented, .never)
            case 500..<600: (.internalError, .later)
            default: (.unknown, .never)
            }
        let tracking = detail.map { TrackingDetails(parsing: $0) }
        return EventHubsError(
            code,
            text,
            retryAdvice: retry,
            trackingID: tracking?.trackingID,
            reference: tracking?.reference
        )
    }
}
