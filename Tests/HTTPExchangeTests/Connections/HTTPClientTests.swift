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

import AMQPTransport
import Synchronization
import Testing

@testable import HTTPExchange

/// Over sockets, against a server of raw bytes.
@Suite(.timeLimit(.minutes(5))) struct HTTPClientTests {
    private func client(connections: Int = 4, configure: (inout HTTPClient.Configuration) -> Void = { _ in })
        -> HTTPClient
    {
        var configuration = HTTPClient.Configuration(maximumResponseSize: 1_000, maximumConnections: connections)
        // No test waits that long, however slow its machine.
        configuration.idleLimit = .seconds(3_600)
        configure(&configuration)
        return HTTPClient(configuration)
    }

    private func withServer(
        tls: TLSConfiguration? = nil,
        answersHeads: Bool = false,
        _ script: @escaping ScriptedServer.Script,
        _ body: @Sendable (ScriptedServer) async throws -> Void
    ) async throws {
        let server = try await ScriptedServer(tls: tls, answersHeads: answersHeads, script: script)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(server))
        } catch {
            result = .failure(error)
        }
        await server.close()
        try result.get()
    }

    private func failure(_ body: () async throws(HTTPFailure) -> HTTPResponse) async -> HTTPFailure? {
        do throws(HTTPFailure) {
            _ = try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test func connectionIsKeptForTheNextRequest() async throws {
        try await withServer({ .ok("\($0.number)") }) { server async throws in
            let client = client()
            for number in 0..<3 {
                let response = try await client.send(HTTPRequest("GET", server.url))
                #expect(
                    response
                        == HTTPResponse(status: 200, headers: ["content-length": "1"], body: Array("\(number)".utf8))
                )
            }
            #expect(server.requests.map(\.connection) == [0, 0, 0])
            #expect(
                server.requests[2].text
                    == lines(
                        "GET / HTTP/1.1",
                        "Host: \(server.url.dropFirst("http://".count).dropLast())",
                        "User-Agent: swift-event-hubs",
                        ""
                    )
            )
        }
    }

    @Test func connectionThatTheServerDoesNotKeepIsNotUsedAgain() async throws {
        let answers = [
            lines("HTTP/1.1 200 OK", "Connection: close", "Content-Length: 0", ""),
            lines("HTTP/1.0 200 OK", "Content-Length: 0", ""),
            lines("HTTP/1.1 200 OK", "Content-Length: 0", "") + "HTTP/1.1 200 Not asked for\r\n",
        ]
        for answer in answers {
            try await withServer({ _ in .text(answer) }) { server async throws in
                let client = client()
                for _ in 0..<2 { #expect(try await client.send(HTTPRequest("GET", server.url)).status == 200) }
                #expect(server.requests.map(\.connection) == [0, 1])
                await server.wait { $0.openCount == 0 }
            }
        }
    }

    /// The answer of a store that goes down while it answers: cut at every byte, the connection ended in good order.
    @Test func answerCutAnywhereIsATypedError() async throws {
        let answer =
            Array(lines("HTTP/1.1 200 OK", "ETag: \"0x8D\"", "Content-Length: 4", "").utf8) + Array("body".utf8)
        let bodyStart = answer.count - 4
        try await withServer({ ScriptedServer.Reply(bytes: Array(answer.prefix($0.connection)), ends: true) }) {
            server async throws in
            let client = client()
            for length in answer.indices {
                let failure = await failure { () async throws(HTTPFailure) in
                    try await client.send(HTTPRequest("PUT", server.url))
                }
                switch failure {
                case .connectionLost where length == 0: break
                case .truncated(.head) where (1..<bodyStart).contains(length): break
                case .truncated(.body) where length >= bodyStart: break
                default: Issue.record("\(length) bytes: \(String(describing: failure))")
                }
            }
            #expect(try await client.send(HTTPRequest("PUT", server.url)).status == 200)
        }
    }

    @Test func bodyWithoutALengthEndsWithTheConnection() async throws {
        let answer = lines("HTTP/1.1 200 OK", "") + "all of it"
        try await withServer({ _ in .text(answer, ends: true) }) { server async throws in
            #expect(try await client().send(HTTPRequest("GET", server.url)).body == Array("all of it".utf8))
        }
    }

    // MARK: Repeating

    /// Answers once on the first connection, then closes it when asked again.
    private static let forgetful: ScriptedServer.Script = { $0.connection == 0 && $0.number == 1 ? .end : .ok() }

    @Test(arguments: ["GET", "HEAD"])
    func readIsRepeatedWhenItsConnectionHadJustBeenClosed(method: String) async throws {
        try await withServer(Self.forgetful) { server async throws in
            let client = client()
            for _ in 0..<2 { #expect(try await client.send(HTTPRequest(method, server.url)).status == 200) }
            #expect(server.requests.map(\.connection) == [0, 0, 1])
        }
    }

    @Test(arguments: ["PUT", "POST", "DELETE"])
    func writeIsForTheCallerToRepeat(method: String) async throws {
        try await withServer(Self.forgetful) { server async throws in
            let client = client()
            _ = try await client.send(HTTPRequest(method, server.url))
            let failure = await failure { () async throws(HTTPFailure) in
                try await client.send(HTTPRequest(method, server.url))
            }
            guard case .connectionLost = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(server.requests.map(\.connection) == [0, 0])
        }
    }

    @Test func readIsRepeatedOnceAndOnlyIfNothingWasAnswered() async throws {
        try await withServer({ $0.number == 1 ? .text("H", ends: true) : .ok() }) { server async throws in
            let client = client()
            _ = try await client.send(HTTPRequest("GET", server.url))
            let cut = await failure { () async throws(HTTPFailure) in
                try await client.send(HTTPRequest("GET", server.url))
            }
            #expect(cut == .truncated(.head))
            #expect(server.requests.count == 2)
        }
        try await withServer({ _ in .end }) { server async throws in
            let client = client()
            _ = await failure { () async throws(HTTPFailure) in try await client.send(HTTPRequest("GET", server.url)) }
            #expect(server.requests.count == 1, "a new connection was not closed for its age")
        }
    }

    /// Nothing is sent on a connection whose end has come already, so that a write need not be repeated.
    @Test func connectionThatTheServerHasClosedIsNotUsed() async throws {
        try await withServer({ _ in .ok() }) { server async throws in
            let client = client()
            for number in 0..<20 {
                #expect(try await client.send(HTTPRequest("POST", server.url)).status == 200)
                await server.send(.end, on: number)
            }
            #expect(server.requests.map(\.connection) == Array(0..<20))
        }
    }

    @Test func unusedConnectionIsClosed() async throws {
        try await withServer({ _ in .ok() }) { server async throws in
            let client = client { $0.idleLimit = .milliseconds(1) }
            _ = try await client.send(HTTPRequest("GET", server.url))
            await server.wait { $0.openCount == 0 }
            _ = try await client.send(HTTPRequest("GET", server.url))
            #expect(server.connectionCount == 2)
        }
    }

    @Test func unusedConnectionStaysWhenNothingComes() async throws {
        let streams = Streams()
        try await withServer({ _ in .ok() }) { server async throws in
            let client = HTTPClient(.init(maximumResponseSize: 10, maximumConnections: 1)) {
                origin,
                loop throws(TransportError) in
                let stream = NudgedStream(try await Connector.connect(host: origin.host, port: origin.port, on: loop))
                streams.all.withLock { $0.append(stream) }
                return stream
            }
            _ = try await client.send(HTTPRequest("GET", server.url))
            for stream in streams.all.withLock(\.self) { await stream.nudge() }
            _ = try await client.send(HTTPRequest("GET", server.url))
            #expect(server.requests.map(\.connection) == [0, 0])
        }
    }

    @Test func connectionsAreClosedWhenTheClientIsLetGo() async throws {
        try await withServer({ _ in .ok() }) { server async throws in
            do {
                let client = client()
                _ = try await client.send(HTTPRequest("GET", server.url))
            }
            await server.wait { $0.openCount == 0 }
        }
    }

    private final class Streams: Sendable {
        let all = Mutex<[NudgedStream]>([])
    }

    // MARK: Many at once

    @Test func noMoreConnectionsThanAllowed() async throws {
        try await withServer({ _ in .ok() }) { server async throws in
            let client = client(connections: 3)
            let url = server.url
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<100 { group.addTask { try await client.send(HTTPRequest("GET", url)).status } }
                for try await status in group { #expect(status == 200) }
            }
            #expect(server.requests.count == 100)
            #expect(server.most <= 3)
        }
    }

    @Test func requestWaitsForAConnection() async throws {
        try await withServer({ $0.text.hasPrefix("GET /held") ? .silence : .ok() }) { server async throws in
            let client = client(connections: 1)
            let url = server.url
            let held = Task { try await client.send(HTTPRequest("GET", url + "held")) }
            await server.wait { $0.requests.count == 1 }
            let waiting = Task { try await client.send(HTTPRequest("GET", url)) }
            await server.send(.ok("late"), on: 0)
            #expect(try await held.value.body == Array("late".utf8))
            #expect(try await waiting.value.status == 200)
            #expect(server.requests.map(\.connection) == [0, 0])
        }
    }

    @Test func tooManyWaitingAreRefused() async throws {
        try await withServer({ _ in .silence }) { server async throws in
            let client = client(connections: 1)
            let url = server.url
            let outcomes = await withTaskGroup(of: HTTPFailure?.self) { group in
                for _ in 0..<(OriginConnections.maximumWaiting + 2) {
                    group.addTask {
                        do throws(HTTPFailure) {
                            _ = try await client.send(HTTPRequest("GET", url))
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                // One is under way at most and so many wait: the first to end is one too many.
                let first = await group.next()
                group.cancelAll()
                var rest: [HTTPFailure?] = []
                for await outcome in group { rest.append(outcome) }
                return (first: first ?? nil, rest: rest)
            }
            guard case .unreachable = outcomes.first else {
                Issue.record("\(String(describing: outcomes.first))")
                return
            }
            #expect(outcomes.rest.contains(.cancelled))
        }
    }

    // MARK: Cancelling

    @Test func cancelledRequestEndsAtOnceAndTakesItsConnectionAlong() async throws {
        try await withServer({ $0.connection == 0 ? .silence : .ok() }) { server async throws in
            let client = client(connections: 1)
            let url = server.url
            let request = Task { try await client.send(HTTPRequest("GET", url)) }
            await server.wait { $0.requests.count == 1 }
            request.cancel()
            await #expect(throws: HTTPFailure.cancelled) { try await request.value }
            await server.wait { $0.openCount == 0 }
            #expect(try await client.send(HTTPRequest("GET", url)).status == 200)
        }
    }

    @Test func cancelledRequestGivesItsPlaceInTheQueueUp() async throws {
        try await withServer({ $0.text.hasPrefix("GET /held") ? .silence : .ok() }) { server async throws in
            let client = client(connections: 1)
            let url = server.url
            let held = Task { try await client.send(HTTPRequest("GET", url + "held")) }
            await server.wait { $0.requests.count == 1 }
            let waiting = Task { try await client.send(HTTPRequest("GET", url + "never")) }
            waiting.cancel()
            await #expect(throws: HTTPFailure.cancelled) { try await waiting.value }
            await server.send(.ok(), on: 0)
            _ = try await held.value
            _ = try await client.send(HTTPRequest("GET", url + "last"))
            #expect(server.requests.map { $0.text.prefix(10) } == ["GET /held ", "GET /last "])
        }
    }

    @Test func cancelledBeforeItBegan() async throws {
        try await withServer({ _ in .ok() }) { server async throws in
            let client = client()
            let url = server.url
            let request = Task {
                while !Task.isCancelled { await Task.yield() }
                return try await client.send(HTTPRequest("GET", url))
            }
            request.cancel()
            await #expect(throws: HTTPFailure.cancelled) { try await request.value }
            #expect(server.requests.isEmpty)
        }
    }

    @Test func cancellationReachesAConnectionOnItsWay() async throws {
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let (ended, ending) = AsyncStream.makeStream(of: Void.self)
        let client = HTTPClient(.init(maximumResponseSize: 10, maximumConnections: 1)) { _, _ throws(TransportError) in
            beginning.yield()
            while !Task.isCancelled { await Task.yield() }
            ending.yield()
            throw TransportError(code: .cancelled, operation: .connect, reason: "cancelled")
        }
        let request = Task { try await client.send(HTTPRequest("GET", "http://a/")) }
        for await _ in began { break }
        request.cancel()
        await #expect(throws: HTTPFailure.cancelled) { try await request.value }
        for await _ in ended { break }
    }

    // MARK: Sizes

    @Test func largeBodiesBothWays() async throws {
        let size = 3_000_000
        try await withServer({ request in .ok(String(request.text.suffix(size))) }) { server async throws in
            let client = client { $0.maximumResponseSize = size }
            let body = (0..<size).map { UInt8(ascii: "a") + UInt8($0 % 23) }
            let response = try await client.send(HTTPRequest("POST", server.url, body: body))
            #expect(response.body == body)
        }
    }

    @Test func tooLargeABodyIsBrokenOff() async throws {
        try await withServer({ _ in .ok(String(repeating: "x", count: 1_001)) }) { server async throws in
            let failure = await failure { () async throws(HTTPFailure) in
                try await client().send(HTTPRequest("GET", server.url))
            }
            #expect(failure == .responseTooLarge(limit: 1_000))
            await server.wait { $0.openCount == 0 }
        }
    }

    /// A server may answer before it has read everything, and read no more (RFC 9112, section 9.5).
    @Test func earlyAnswerIsTaken() async throws {
        let refusal = lines("HTTP/1.1 413 Content Too Large", "Content-Length: 0", "")
        try await withServer(answersHeads: true, { _ in .text(refusal) }) { server async throws in
            let body = [UInt8](repeating: 0, count: 50_000_000)
            #expect(try await client().send(HTTPRequest("POST", server.url, body: body)).status == 413)
        }
    }

    // MARK: Servers that are none

    @Test func nobodyThere() async throws {
        let server = try await ScriptedServer { _ in .ok() }
        let url = server.url
        await server.close()
        let failure = await failure { () async throws(HTTPFailure) in try await client().send(HTTPRequest("GET", url)) }
        guard case .unreachable(let reason) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(reason.contains("127.0.0.1"))
    }

    @Test func nobodyAnswersInTime() async throws {
        let client = HTTPClient(.init(maximumResponseSize: 10, maximumConnections: 1)) { _, _ throws(TransportError) in
            throw TransportError(code: .timedOut, operation: .connect, reason: "timed out")
        }
        let failure = await failure { () async throws(HTTPFailure) in
            try await client.send(HTTPRequest("GET", "http://a/"))
        }
        #expect(failure == .timedOut)
    }

    @Test func somebodyElse() async throws {
        try await withServer({ _ in .text("SSH-2.0-OpenSSH_9.6\r\n") }) { server async throws in
            let failure = await failure { () async throws(HTTPFailure) in
                try await client().send(HTTPRequest("GET", server.url))
            }
            #expect(failure == .malformed(.statusLine))
        }
    }

    @Test func urlThatIsNone() async throws {
        let failure = await failure { () async throws(HTTPFailure) in
            try await client().send(HTTPRequest("GET", "https://user:password@host/"))
        }
        #expect(failure == .invalidURL)
    }
}
