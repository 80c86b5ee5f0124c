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
import Testing

@testable import HTTPExchange

/// Against a server that nobody here wrote.
@Suite(.timeLimit(.minutes(5))) struct HTTPClientFlyingFoxTests {
    private func withServer(
        _ handler: @escaping @Sendable (FlyingFox.HTTPRequest) async throws -> FlyingFox.HTTPResponse,
        _ body: @Sendable (String) async throws -> Void
    ) async throws {
        let server = HTTPServer(
            address: try .inet(ip4: "127.0.0.1", port: 0),
            timeout: 30,
            logger: .disabled,
            handler: ClosureHTTPHandler(handler)
        )
        let serving = Task { try await server.run() }
        try await server.waitUntilListening(timeout: 30)
        let port: UInt16
        switch await server.listeningAddress {
        case .ip4(_, let number), .ip6(_, let number): port = number
        default: port = 0
        }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body("http://localhost:\(port)"))
        } catch {
            result = .failure(error)
        }
        await server.stop()
        serving.cancel()
        try result.get()
    }

    private let client = HTTPClient(.init(maximumResponseSize: 4_000_000, maximumConnections: 8))

    @Test func whatIsSentArrivesAndComesBack() async throws {
        try await withServer({ request in
            FlyingFox.HTTPResponse(
                statusCode: .created,
                headers: [
                    HTTPHeader("X-Method"): request.method.rawValue,
                    HTTPHeader("X-Target"): request.target.rawValue,
                    HTTPHeader("X-Given"): request.headers[HTTPHeader("x-given")] ?? "",
                ],
                body: try await request.bodyData
            )
        }) { url in
            for size in [0, 1, 100_000, 2_000_000] {
                let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
                let response = try await client.send(
                    HTTPRequest("PUT", url + "/a/%24b?c=d%20e", headers: [.init("x-Given", "a, b")], body: body)
                )
                #expect(response.status == 201)
                #expect(response.headers["x-method"] == "PUT")
                #expect(response.headers["x-target"] == "/a/%24b?c=d%20e")
                #expect(response.headers["x-given"] == "a, b")
                #expect(response.body == body)
            }
        }
    }

    @Test func bodyInChunks() async throws {
        try await withServer({ _ in
            FlyingFox.HTTPResponse(statusCode: .ok, body: HTTPBodySequence(from: Chunks()))
        }) { url in
            let response = try await client.send(HTTPRequest("GET", url))
            #expect(response.headers["transfer-encoding"] == "chunked")
            let expected = (0..<50).map { String(repeating: "\($0),", count: $0) }.joined()
            #expect(String(decoding: response.body, as: UTF8.self) == expected)
        }
    }

    @Test func manyAtOnce() async throws {
        try await withServer({ request in
            FlyingFox.HTTPResponse(statusCode: .ok, body: Data(request.path.utf8))
        }) { url in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let response = try await client.send(HTTPRequest("GET", url + "/\(number)"))
                        #expect(response.body == Array("/\(number)".utf8))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func headHasNoBody() async throws {
        try await withServer({ _ in FlyingFox.HTTPResponse(statusCode: .ok, body: Data("12345".utf8)) }) { url in
            for _ in 0..<3 {
                let response = try await client.send(HTTPRequest("HEAD", url))
                #expect(response.status == 200)
                #expect(response.body.isEmpty)
            }
        }
    }
}

/// Pieces of a body whose length is not known beforehand: "", "1,", "2,2,", and so on.
private struct Chunks: AsyncBufferedSequence {
    struct Iterator: AsyncBufferedIteratorProtocol {
        private var number = 1

        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            guard number < 50 else { return nil }
            defer { number += 1 }
            return Array(String(repeating: "\(number),", count: number).utf8)
        }

        mutating func next() async throws -> UInt8? { nil }
    }

    typealias Element = UInt8

    func makeAsyncIterator() -> Iterator { Iterator() }
}
