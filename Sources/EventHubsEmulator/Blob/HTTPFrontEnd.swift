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

import FlyingFox
import FlyingSocks
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The HTTP port of the emulator: `/health` and the Blob service.
struct HTTPFrontEnd: Sendable {
    let blobs: BlobService
    let faults: FaultInjector

    /// Makes a server for a numeric address; port 0 takes any free one.
    static func makeServer(host: String, port: UInt16, handler: HTTPFrontEnd) throws -> HTTPServer {
        let configuration =
            if host.contains(":") {
                HTTPServer.Configuration(
                    address: try sockaddr_in6.inet6(ip6: host, port: port),
                    timeout: 60,
                    pool: PromptSocketPool(HTTPServer.defaultPool()),
                    logger: .disabled
                )
            } else {
                HTTPServer.Configuration(
                    address: try sockaddr_in.inet(ip4: host, port: port),
                    timeout: 60,
                    pool: PromptSocketPool(HTTPServer.defaultPool()),
                    logger: .disabled
                )
            }
        return HTTPServer(config: configuration, handler: handler)
    }
}

extension HTTPFrontEnd: HTTPHandler {
    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        if request.target.path() == "/health" {
            return HTTPResponse(
                statusCode: .ok,
                headers: [.contentType: "application/json"],
                body: Data(#"{"status":"healthy","message":"Service is healthy."}"#.utf8)
            )
        }
        var headers: [String: String] = [:]
        for header in request.headers.keys {
            headers[header.rawValue] = request.headers[header]
        }
        let blobRequest = BlobRequest(
            method: request.method.rawValue,
            // As sent: decoded paths would not match what the client signed.
            path: request.target.path(percentEncoded: true),
            query: request.target.query(percentEncoded: true),
            headers: headers,
            body: try await body(of: request)
        )
        switch faults.strike(.blob, FaultSite(method: blobRequest.method, path: blobRequest.path)) {
        case .answer(let status, let code):
            return Self.response(blobs.refuse(blobRequest, status: status, code: code))
        case .delay(let time):
            try await Task.sleep(for: time)
            return Self.response(blobs.respond(to: blobRequest))
        case .cut:
            return Self.cutResponse(blobs.respond(to: blobRequest))
        default:
            return Self.response(blobs.respond(to: blobRequest))
        }
    }

    /// The body, cut off one byte past what the service takes; the rest is read and thrown away.
    private func body(of request: HTTPRequest) async throws -> [UInt8] {
        var body: [UInt8] = []
        for try await chunk in request.bodySequence {
            let room = blobs.maximumBodySize + 1 - body.count
            body.append(contentsOf: chunk.prefix(max(room, 0)))
        }
        return body
    }

    private static func response(_ response: BlobResponse) -> HTTPResponse {
        Self.response(response, body: HTTPBodySequence(data: Data(response.body)))
    }

    /// A response whose connection ends in the middle of the body.
    private static func cutResponse(_ response: BlobResponse) -> HTTPResponse {
        let half = CutBody(bytes: Data(response.body.prefix(response.body.count / 2)))
        return Self.response(response, body: HTTPBodySequence(from: half, count: response.body.count + 1))
    }

    private static func response(_ response: BlobResponse, body: HTTPBodySequence) -> HTTPResponse {
        var headers = HTTPHeaders()
        for (name, value) in response.headers { headers.setValues([value], for: HTTPHeader(name)) }
        return HTTPResponse(
            statusCode: HTTPStatusCode(response.status, phrase: phrases[response.status] ?? "Status"),
            headers: headers,
            body: body
        )
    }

    private static let phrases = [
        200: "OK", 201: "Created", 202: "Accepted", 206: "Partial Content", 304: "Not Modified", 400: "Bad Request",
        401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict",
        412: "Precondition Failed", 413: "Payload Too Large", 416: "Range Not Satisfiable",
        500: "Internal Server Error", 501: "Not Implemented", 503: "Service Unavailable",
    ]
}
