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
import EventHubsProcessor
import HTTPExchange
import Synchronization

// How a request is authorised, limited in time, repeated, and what its failure means.
extension BlobContainerClient {
    /// An answer, and how many attempts it took.
    struct Answer {
        let response: HTTPResponse
        let attempts: Int
    }

    /// How long a credential may take.
    private static let credentialPatience: Duration = .seconds(60)

    /// Makes a request and repeats it if that can help.
    func perform(
        _ method: String,
        blob: String? = nil,
        query: [HTTPRequest.Field] = [],
        headers: [HTTPRequest.Field] = [],
        body: [UInt8] = []
    ) async throws(BlobStoreError) -> Answer {
        let path =
            "\(location.accountPath)/\(location.container)" + (blob.map { "/" + $0.percentEncoded(keeping: "/") } ?? "")
        let parameters = query.isEmpty ? "" : "?" + query.queryText
        var attempts = 0
        var refusedToken: AccessToken?
        while true {
            let token = try await bearerToken()
            attempts += 1
            let request = authorized(
                HTTPRequest(
                    method,
                    location.origin + path + parameters,
                    headers: headers,
                    body: method == "PUT" ? body : nil
                ),
                by: token
            )
            let pause: Duration
            do {
                let response = try await attempt(request, "\(method) \(path)")
                if response.status == 401, refusedToken == nil, let token, try await bearerToken() != token {
                    // It has been replaced meanwhile. What was refused has done nothing.
                    refusedToken = token
                    attempts -= 1
                    continue
                }
                guard Self.isWorthRepeating(response.status), attempts <= configuration.maximumRetries else {
                    return Answer(response: response, attempts: attempts)
                }
                pause = max(backOff(attempts), Self.pauseAskedFor(response))
            } catch {
                let canRepeat = error.code == .timedOut || error.code == .connectionFailed
                guard canRepeat, attempts <= configuration.maximumRetries, !Task.isCancelled else { throw error }
                pause = backOff(attempts)
            }
            do {
                try await configuration.clock.sleep(for: pause)
            } catch {
                throw BlobStoreError(.timedOut, "the request was cancelled between two attempts", underlying: error)
            }
        }
    }

    private func attempt(_ request: HTTPRequest, _ name: String) async throws(BlobStoreError) -> HTTPResponse {
        guard await slots.enter() else {
            throw BlobStoreError(.timedOut, "the request was cancelled before it was its turn")
        }
        defer { slots.leave() }
        let transport = transport
        do {
            return try await withDeadline(configuration.tryTimeout, on: configuration.clock) {
                try await transport.send(request)
            }
        } catch let failure as HTTPFailure {
            throw BlobStoreError(failure, name)
        } catch {
            throw BlobStoreError(.timedOut, name, underlying: error)
        }
    }

    /// A token, when requests are authorised by tokens.
    private func bearerToken() async throws(BlobStoreError) -> AccessToken? {
        guard case .tokens(let tokens) = location.credential else { return nil }
        do {
            return try await withDeadline(Self.credentialPatience, on: configuration.clock) {
                try await tokens.token()
            }
        } catch let error as BlobStoreError {
            throw error
        } catch {
            throw BlobStoreError(.timedOut, "the credential has no token", underlying: error)
        }
    }

    private func authorized(_ request: HTTPRequest, by token: AccessToken?) -> HTTPRequest {
        var request = request
        let seconds = wallClock.now().millisecondsSinceEpoch / 1_000
        request.headers.append(.init("x-ms-date", HTTPDate.text(secondsSinceEpoch: seconds)))
        request.headers.append(.init("x-ms-version", Self.apiVersion))
        switch location.credential {
        case .sharedKey(let key):
            request.headers.append(.init("Authorization", key.authorization(of: request)))
        case .sharedAccessSignature(let signature):
            request.url += (request.url.contains("?") ? "&" : "?") + signature.revealed
        case .tokens:
            request.headers.append(.init("Authorization", "Bearer \(token?.value ?? "")"))
        }
        return request
    }

    private func backOff(_ failures: Int) -> Duration {
        generator.withLock { configuration.backOff.delay(afterFailures: failures, using: &$0) }
    }

    private static func isWorthRepeating(_ status: Int) -> Bool {
        [408, 429, 500, 502, 503, 504].contains(status)
    }

    private static func pauseAskedFor(_ response: HTTPResponse) -> Duration {
        guard let seconds = response.headers["retry-after"].flatMap({ Int($0) }) else { return .zero }
        return .seconds(min(max(seconds, 0), 30))
    }

    /// What to look at when the service does not let a request in.
    private static func advice(on serviceCode: String?) -> String {
        switch serviceCode {
        case "AuthorizationPermissionMismatch":
            "its identity needs the role Storage Blob Data Contributor, or its signature the rights read, list, create and write"
        case "InvalidAuthenticationInfo":
            "the token is not accepted: is it of the account's tenant, and is this machine's clock right?"
        case "AuthorizationFailure", "AuthorizationSourceIPMismatch":
            "the account's network rules may shut this machine out"
        case "KeyBasedAuthenticationNotPermitted":
            "the account takes tokens of Microsoft Entra ID only"
        default:
            "is the key, signature or token the right one and still valid, and is this machine's clock right?"
        }
    }

    /// What an answer means that is no success.
    func failure(_ response: HTTPResponse, _ action: String) -> BlobStoreError {
        let serviceCode = response.serviceCode
        let code: BlobStoreError.Code
        let message: String
        switch (response.status, serviceCode) {
        case (404, "ContainerNotFound"):
            code = .containerNotFound
            message = "the container \(location) does not exist: create it, or tell the store to"
        case (401, _), (403, _):
            code = .accessDenied
            message = "the credential does not allow to \(action) in \(location): \(Self.advice(on: serviceCode))"
        case (let status, _) where Self.isWorthRepeating(status):
            code = .unavailable
            message = "the service could not \(action)"
        default:
            code = .refused
            message = "the service refused to \(action)"
        }
        return BlobStoreError(
            code,
            message,
            status: response.status,
            serviceCode: serviceCode,
            requestID: response.headers["x-ms-request-id"]
        )
    }
}
