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
import Logging

/// Asks an issuer over HTTP: a limited time, and again when that can help.
struct TokenService: Sendable {
    /// The credential's name, for errors.
    let name: String
    let environment: CredentialEnvironment
    let logger: Logger?

    /// How long one attempt may take.
    var tryTimeout: Duration = .seconds(10)
    var maximumRetries = 3
    /// The pauses between attempts.
    var pauses = RetryPolicy(maximumRetries: nil, delay: .milliseconds(800), maximumDelay: .seconds(30), jitter: 0.2)
    /// Statuses, besides 408, 429 and those above 500, that mean "later".
    var busyStatuses: Set<Int> = []
    /// The shortest pause after a status.
    var minimumPauses: [Int: Duration] = [:]

    /// A longer wait than this is not waited for, but left to who asks again.
    private static let longestPause: Duration = .seconds(60)

    /// Sends `request` and reads the token in the answer.
    ///
    /// - Parameters:
    ///   - request: What to send.
    ///   - secrets: What must not show in an error, should the answer repeat it.
    /// - Returns: The token.
    /// - Throws: `CredentialError`
    func ask(_ request: HTTPRequest, hiding secrets: [Secret] = []) async throws(CredentialError) -> IssuedToken {
        var attempt = 0
        while true {
            let failure: CredentialError
            var pause = pauses.nominalDelay(attempt, random: environment.client.random())
            do throws(CredentialError) {
                let response = try await once(request)
                if response.status == 200 { return try read(response) }
                failure = refusal(response, hiding: secrets)
                pause = max(pause, minimumPauses[response.status] ?? .zero, Self.pauseAskedFor(by: response))
            } catch {
                failure = error
            }
            guard failure.isTransient, attempt < maximumRetries, pause <= Self.longestPause else { throw failure }
            logger?.info(
                "no token yet, asking again",
                metadata: ["credential": "\(name)", "error": "\(failure)", "delay": "\(pause)"]
            )
            do {
                try await environment.client.sleep(pause)
            } catch {
                throw failure
            }
            attempt += 1
        }
    }

    /// Sends `request` once and returns whatever is answered.
    func once(_ request: HTTPRequest) async throws(CredentialError) -> HTTPResponse {
        let transport = environment.transport
        let result: Result<HTTPResponse, HTTPFailure>
        do throws(EventHubsError) {
            // A guard against a network that says nothing: by the system's clock, whatever ours is.
            result = try await Retrier(.none, environment: .system).deadline(tryTimeout, of: name) {
                () async throws(EventHubsError) in
                do throws(HTTPFailure) {
                    return .success(try await transport.send(request))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            result = .failure(.timedOut)
        }
        switch result {
        case .success(let response): return response
        case .failure(.invalidURL), .failure(.invalidRequest):
            throw CredentialError(.invalidConfiguration, of: name, "the address of the token endpoint makes no URL")
        case .failure(.untrusted(let reason)):
            throw CredentialError(
                .invalidConfiguration,
                of: name,
                "\(Self.host(of: request)) is not trusted: \(reason)"
            )
        case .failure(.responseTooLarge(let limit)):
            throw CredentialError(.invalidResponse, of: name, "the answer is larger than \(limit) bytes")
        case .failure(.malformed(let error)):
            throw CredentialError(.invalidResponse, of: name, "the answer is not as HTTP/1.1 has it: \(error)")
        case .failure(let failure):
            throw CredentialError(.unreachable, of: name, "\(Self.host(of: request)) is not reached: \(failure)")
        }
    }

    private func read(_ response: HTTPResponse) throws(CredentialError) -> IssuedToken {
        let now = environment.client.wallClock.now()
        guard let token = TokenResponse.token(in: response.body, at: now) else {
            throw CredentialError(.invalidResponse, of: name, "the answer holds no token with a life", status: 200)
        }
        return token
    }

    private func refusal(_ response: HTTPResponse, hiding secrets: [Secret]) -> CredentialError {
        let status = response.status
        let isBusy = status == 408 || status == 429 || status >= 500 || busyStatuses.contains(status)
        return CredentialError(
            isBusy ? .busy : .refused,
            of: name,
            Refusal.text(in: response.body, hiding: secrets),
            status: status
        )
    }

    private static func pauseAskedFor(by response: HTTPResponse) -> Duration {
        response.headers["retry-after"].flatMap { Int($0) }.map { .seconds(max($0, 0)) } ?? .zero
    }

    /// Where a request goes, without what it asks for.
    private static func host(of request: HTTPRequest) -> String {
        guard let scheme = request.url.firstRange(of: "://") else { return "the token endpoint" }
        return String(request.url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" })
    }
}
