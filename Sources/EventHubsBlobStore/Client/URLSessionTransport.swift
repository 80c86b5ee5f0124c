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

import HTTPExchange

/// Carries requests by `URLSession`.
final class URLSessionTransport: BlobTransport {
    private let http: URLSessionHTTPTransport

    init(maximumResponseSize: Int) {
        http = URLSessionHTTPTransport(maximumResponseSize: maximumResponseSize, maximumConnectionsPerHost: 32)
    }

    func send(_ request: BlobHTTPRequest) async throws(BlobStoreError) -> BlobHTTPResponse {
        let response: HTTPResponse
        do throws(HTTPFailure) {
            response = try await http.send(
                HTTPRequest(
                    request.method.rawValue,
                    request.url,
                    headers: request.headers.map { HTTPRequest.Field($0.name, $0.value) },
                    body: request.method == .put ? request.body : nil
                )
            )
        } catch {
            throw Self.error(for: error, request)
        }
        return BlobHTTPResponse(status: response.status, headers: response.headers, body: response.body)
    }

    private static func error(for failure: HTTPFailure, _ request: BlobHTTPRequest) -> BlobStoreError {
        switch failure {
        case .invalidURL: BlobStoreError(.invalidName, "the request for \(request.path) makes no URL")
        case .timedOut: BlobStoreError(.timedOut, "\(failure)")
        case .connectionFailed: BlobStoreError(.connectionFailed, "\(failure)")
        case .responseTooLarge: BlobStoreError(.responseTooLarge, "\(failure)")
        case .notHTTP: BlobStoreError(.invalidResponse, "\(failure)")
        }
    }
}
