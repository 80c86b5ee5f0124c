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

/// The HTTP port of the emulator: `/health`, the Blob service below the name of its account, and everything else of the namespace.
struct HTTPFrontEnd: Sendable {
    let blobs: BlobService
    let atom: AtomService
    let posts: EventPostService
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
        // As sent: decoded paths would not match what the client signed.
        let path = request.target.path(percentEncoded: true)
        let segments = path.split(separator: "/")
        if let first = segments.first, first != StorageAccount.development.name {
            guard segments.last?.lowercased() != "messages" else {
                return Self.response(posts.respond(to: try await read(request, path, limit: posts.maximumBodySize)))
            }
            let request = try await read(request, path, limit: AtomService.maximumBodySize)
            return Self.response(await atom.respond(to: request))
        }
        return try await answerForBlobs(try await read(request, path, limit: blobs.maximumBodySize))
    }

    private func answerForBlobs(_ request: ServiceRequest) async throws -> HTTPResponse {
        switch faults.strike(.blob, FaultSite(method: request.method, path: request.path)) {
        case .answer(let status, let code):
            return Self.response(blobs.refuse(request, status: status, code: code))
        case .delay(let time):
            try await Task.sleep(for: time)
            return Self.response(blobs.respond(to: request))
        case .cut:
            return Self.cutResponse(blobs.respond(to: request))
        default:
            return Self.response(blobs.respond(to: request))
        }
    }

    /// Reads a request. The body is cut off one byte past the limit; the rest is thrown away.
    private func read(_ request: HTTPRequest, _ path: String, limit: Int) async throws -> ServiceRequest {
        var headers: [String: String] = [:]
        for header in request.headers.keys { headers[header.rawValue] = request.headers[header] }
        var body: [UInt8] = []
        for try await chunk in request.bodySequence {
            body.append(contentsOf: chunk.prefix(max(limit + 1 - body.count, 0)))
        }
        return ServiceRequest(
            method: request.method.rawValue,
            path: path,
            query: request.target.query(percentEncoded: true),
            headers: headers,
            body: body
        )
    }

    private static func response(_ response: ServiceResponse) -> HTTPResponse {
        Self.response(response, body: HTTPBodySequence(data: Data(response.body)))
    }

    /// A response whose connection ends in the middle of the body.
    private static func cutResponse(_ response: ServiceResponse) -> HTTPResponse {
        let half = CutBody(bytes: Data(response.body.prefix(response.body.count / 2)))
        return Self.response(response, body: HTTPBodySequence(from: half, count: response.body.count + 1))
    }

    private static func response(_ response: ServiceResponse, body: HTTPBodySequence) -> HTTPResponse {
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
