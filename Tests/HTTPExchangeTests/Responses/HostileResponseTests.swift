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

import Testing

@testable import HTTPExchange

/// Answers that somebody has broken, or made up to break us.
@Suite struct HostileResponseTests {
    private func malformed(_ error: HTTPSyntaxError) -> Parsed { .failure(.malformed(error)) }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.6\r\n", "\u{15}\u{3}\u{1}", "<html>", "\r\nHTTP/1.1 200 OK\r\n", " HTTP/1.1 200 OK\r\n",
        "HTTP/2 200\r\n", "HTTP/0.9 200 OK\r\n", "http/1.1 200 OK\r\n", "HTTP/1.1  200 OK\r\n", "HTTP/1.1\t200 OK\r\n",
        "HTTP/1.1 20 OK\r\n", "HTTP/1.1 2000 OK\r\n", "HTTP/1.1 2x0 OK\r\n", "HTTP/1.1 +20 OK\r\n",
        "HTTP/1.1 099 OK\r\n", "HTTP/1.1 200OK\r\n", "HTTP/1.x 200 OK\r\n", "HTTP/1.11 200 OK\r\n",
        "HTTP/1.1 200 O\0K\r\n", "HTTP/1.1 200 O\rK\r\n",
    ])
    func whatIsNoStatusLine(text: String) {
        #expect(parse(text + "\r\n") == malformed(.statusLine))
    }

    @Test(arguments: [
        "no colon", ": no name", "blank : before the colon", "b lank: x", "na\u{e9}me: x", "name: a\0b", "name: a\rb",
        "name: a\u{7f}b", "na\rme: x", " folded: first", "\tfolded: first", "a: b\u{1b}[31m", "(a): b",
    ])
    func whatIsNoField(line: String) {
        #expect(parse(lines("HTTP/1.1 200 OK", line, "Content-Length: 0", "")) == malformed(.field))
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\n\n", "HTTP/1.1 200 OK\r\nA: b\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n",
    ])
    func linesThatEndOtherwise(text: String) {
        #expect(parse(text) == malformed(.lineEnding))
    }

    @Test(arguments: [
        ["Content-Length: 2", "Content-Length: 3"], ["Content-Length: 2, 3"], ["Content-Length: -1"],
        ["Content-Length: +2"], ["Content-Length: 0x2"], ["Content-Length: 2 2"], ["Content-Length: "],
        ["Content-Length: 2,"], ["Content-Length: 2.0"], ["Content-Length: \u{0662}"], ["Content-Length: 1e3"],
        ["Content-Length: 0", "Content-Length: nothing"],
    ])
    func lengthsThatAreNone(fields: [String]) {
        let text = "HTTP/1.1 200 OK\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\nok"
        #expect(parse(text) == malformed(.contentLength))
    }

    @Test(arguments: [
        ["Content-Length: 2", "Transfer-Encoding: chunked"], ["Transfer-Encoding: chunked", "Content-Length: 2"],
        ["Transfer-Encoding: identity", "Content-Length: 2"],
    ])
    func twoWaysToEndAnAnswer(fields: [String]) {
        let text = "HTTP/1.1 200 OK\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n0\r\n\r\n"
        #expect(parse(text) == malformed(.contentLengthAndTransferEncoding))
    }

    @Test(arguments: [
        "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: identity",
        "Transfer-Encoding: chunked, identity", "Transfer-Encoding: xchunked", "Transfer-Encoding: ",
        "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: ,chunked",
    ])
    func codingsThatNobodyAskedFor(field: String) {
        #expect(parse(lines("HTTP/1.1 200 OK", field, "", "0", "")) == malformed(.transferEncoding))
    }

    @Test func oldServersHaveNoChunks() {
        let text = lines("HTTP/1.0 200 OK", "Transfer-Encoding: chunked", "", "0", "")
        #expect(parse(text) == malformed(.transferEncoding))
    }

    @Test func nobodyAskedForAnotherProtocol() {
        let text = lines("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: upgrade", "")
        #expect(parse(text) == malformed(.upgrade))
    }

    @Test(arguments: [
        "\r\n", "x\r\n", "-1\r\n", "+1\r\nx\r\n", "0x1\r\nx\r\n", " 1\r\nx\r\n", "1 2\r\nx\r\n", "1;\0\r\nx\r\n",
        ";1\r\n",
        "00000000000000001\r\nx\r\n", "1\r\nxy\r\n", "2\r\nx\r\n0\r\n\r\n", "1\r\nx0\r\n\r\n",
    ])
    func chunksThatAreNone(chunks: String) {
        let text = lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "") + chunks
        switch parse(text + "\r\n") {
        case .failure(.malformed(.chunk)), .failure(.malformed(.lineEnding)): break
        case let other: Issue.record("\(other)")
        }
    }

    @Test func trailersAreFieldsToo() {
        let text = lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "0", "no colon", "")
        #expect(parse(text) == malformed(.field))
    }

    // MARK: Limits

    private let small = ResponseParser.Limits(head: 64, body: 10)

    @Test(arguments: ["11", "4294967296", "9223372036854775807", "9223372036854775808", "99999999999999999999999999"])
    func lengthBeyondTheLimitIsRefusedBeforeTheBodyComes(length: String) {
        let text = lines("HTTP/1.1 200 OK", "Content-Length: \(length)", "")
        #expect(parse(text, limits: small) == .failure(.responseTooLarge(limit: 10)))
    }

    @Test(arguments: ["B", "FFFFFFFFFFFFFFFF", "7FFFFFFFFFFFFFFF", "8000000000000000"])
    func chunkBeyondTheLimitIsRefusedBeforeItComes(size: String) {
        let text = lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", size)
        #expect(parse(text, limits: small) == .failure(.responseTooLarge(limit: 10)))
        let second = lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "1", "x", size)
        #expect(parse(second, limits: small) == .failure(.responseTooLarge(limit: 10)))
    }

    @Test func bodyWithoutALengthIsLimitedToo() {
        let head = lines("HTTP/1.1 200 OK", "")
        let full = HTTPResponse(status: 200, body: Array("0123456789".utf8))
        #expect(parse(head + "0123456789", limits: small) == .response(full, keepsConnection: false))
        #expect(parse(head + "0123456789x", limits: small) == .failure(.responseTooLarge(limit: 10)))
    }

    @Test func headIsLimitedToTheByte() {
        // 15 bytes of status line without its end, and 49 of a field.
        let fits = lines("HTTP/1.1 204 OK", "name: " + String(repeating: "x", count: 43), "")
        guard case .response = parse(fits, limits: small) else {
            Issue.record("it fits")
            return
        }
        let tooLarge = lines("HTTP/1.1 204 OK", "name: " + String(repeating: "x", count: 44), "")
        #expect(parse(tooLarge, limits: small) == malformed(.headTooLarge(limit: 64)))
    }

    /// Forms of an answer that never ends: each is given up within its limit.
    @Test(arguments: [
        ("HTTP/1.1 200 ", "x"), ("HTTP/1.1 200 OK\r\n", "a: b\r\n"), ("HTTP/1.1 200 OK\r\na: ", "b"),
        ("HTTP/1.1 200 OK\r\na: b\r\n", " c\r\n"), ("", "HTTP/1.1 100 Continue\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1", ";x"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1;xxxxxxx\r\nx\r\n"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "a: b\r\n"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx", "y"),
    ])
    func endlessHeadsAreGivenUp(beginning: String, again: String) throws {
        var parser = ResponseParser(method: "GET", limits: .init(head: 256, body: 100_000))
        let piece = Array(again.utf8)
        var taken = 0
        let error = #expect(throws: HTTPFailure.self) {
            _ = try parser.received(Array(beginning.utf8).span)
            while taken < 10_000 {
                guard case .incomplete = try parser.received(piece.span) else { return }
                taken += piece.count
            }
        }
        #expect(error == .malformed(.headTooLarge(limit: 256)))
    }

    /// Every byte of an answer replaced by others: an answer or a typed error, nothing else.
    @Test func damageAnywhereIsAnAnswerOrAnError() {
        let answers = [
            ResponseParserTests.hello,
            lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "5;a=b", "Hello", "0", "Expires: never", ""),
        ]
        for answer in answers {
            let bytes = Array(answer.utf8)
            for index in bytes.indices {
                for byte in [0, 0x0A, 0x0D, 0x20, 0x2C, 0x30, 0x39, 0x3A, 0x46, 0x80, 0xFF] as [UInt8] {
                    var damaged = bytes
                    damaged[index] = byte
                    let whole = parse(damaged, inPiecesOf: damaged.count)
                    #expect(parse(damaged, inPiecesOf: 1) == whole, "\(byte) at \(index)")
                }
            }
        }
    }
}
