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

@Suite struct ResponseParserTests {
    /// RFC 9110, section 3.9.
    static let hello =
        lines(
            "HTTP/1.1 200 OK",
            "Date: Mon, 27 Jul 2009 12:28:53 GMT",
            "Server: Apache",
            "Last-Modified: Wed, 22 Jul 2009 19:15:56 GMT",
            "ETag: \"34aa387-d-1568eb00\"",
            "Accept-Ranges: bytes",
            "Content-Length: 51",
            "Vary: Accept-Encoding",
            "Content-Type: text/plain",
            ""
        ) + "Hello World! My content includes a trailing CRLF.\r\n"

    private func response(_ status: Int, _ headers: [String: String] = [:], _ body: String = "") -> HTTPResponse {
        HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
    }

    @Test func answerWithALength() throws {
        let expected = response(
            200,
            [
                "date": "Mon, 27 Jul 2009 12:28:53 GMT", "server": "Apache",
                "last-modified": "Wed, 22 Jul 2009 19:15:56 GMT", "etag": "\"34aa387-d-1568eb00\"",
                "accept-ranges": "bytes", "content-length": "51", "vary": "Accept-Encoding",
                "content-type": "text/plain",
            ],
            "Hello World! My content includes a trailing CRLF.\r\n"
        )
        #expect(parse(Self.hello) == .response(expected, keepsConnection: true))
    }

    @Test func everyTruncationOfAnAnswerWithALength() throws {
        let bytes = Array(Self.hello.utf8)
        let bodyStart = bytes.count - 51
        for length in 1..<bytes.count {
            let part: HTTPAnswerPart = length < bodyStart ? .head : .body
            #expect(parse(Array(bytes[..<length]), inPiecesOf: 7) == .failure(.truncated(part)), "\(length) bytes")
        }
    }

    @Test func nothingAtAllIsALostConnection() {
        guard case .failure(.connectionLost) = parse([], inPiecesOf: 1) else {
            Issue.record("no failure")
            return
        }
    }

    /// RFC 8297, section 2, with a shorter body.
    @Test func interimAnswersAreSkippedAndFieldsOfOneNameJoined() {
        let text =
            lines("HTTP/1.1 100 Continue", "")
            + lines(
                "HTTP/1.1 103 Early Hints",
                "Link: </style.css>; rel=preload; as=style",
                "Link: </script.js>; rel=preload; as=script",
                ""
            )
            + lines(
                "HTTP/1.1 200 OK",
                "Date: Fri, 26 May 2017 10:02:11 GMT",
                "Content-Length: 5",
                "Link: </style.css>; rel=preload; as=style",
                "LINK: </script.js>; rel=preload; as=script",
                ""
            ) + "hints"
        let expected = response(
            200,
            [
                "date": "Fri, 26 May 2017 10:02:11 GMT", "content-length": "5",
                "link": "</style.css>; rel=preload; as=style, </script.js>; rel=preload; as=script",
            ],
            "hints"
        )
        #expect(parse(text) == .response(expected, keepsConnection: true))
    }

    @Test func chunksWithExtensionsAndTrailers() {
        let text =
            lines("HTTP/1.1 200 OK", "Transfer-Encoding: Chunked", "")
            + lines(
                "5",
                "Hello",
                "1;name=value;other=\"a b\"",
                ",",
                "0B ;x",
                "\r\n chunks\r\n",
                "000",
                "Expires: never",
                ""
            )
        let expected = response(200, ["transfer-encoding": "Chunked"], "Hello,\r\n chunks\r\n")
        #expect(parse(text) == .response(expected, keepsConnection: true))
        let bytes = Array(text.utf8)
        for length in bytes.indices.dropFirst() {
            guard case .failure(.truncated) = parse(Array(bytes[..<length]), inPiecesOf: bytes.count) else {
                Issue.record("\(length) bytes were taken for an answer")
                continue
            }
        }
    }

    @Test func emptyChunkedBody() {
        let text = lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "") + lines("0", "")
        #expect(parse(text) == .response(response(200, ["transfer-encoding": "chunked"]), keepsConnection: true))
    }

    @Test func bodyWithoutALengthEndsWithTheConnection() {
        let text = lines("HTTP/1.1 200 OK", "Content-Type: text/plain", "") + "to the end"
        #expect(
            parse(text)
                == .response(response(200, ["content-type": "text/plain"], "to the end"), keepsConnection: false)
        )
        #expect(parse(lines("HTTP/1.1 200 OK", "")) == .response(response(200), keepsConnection: false))
    }

    @Test func brokenConnectionIsNoEndOfABodyWithoutALength() throws {
        var parser = ResponseParser(method: "GET", limits: .init(body: 10))
        _ = try parser.received(Array(lines("HTTP/1.1 200 OK", "").utf8).span)
        #expect(parser.broken(reason: "reset") == .truncated(.body))
    }

    @Test func answersWithoutABody() {
        // HEAD tells the length of what GET would bring (RFC 9110, section 9.3.2), be it larger than what is taken in.
        #expect(
            parse(lines("HTTP/1.1 200 OK", "Content-Length: 99999999999", ""), method: "HEAD")
                == .response(response(200, ["content-length": "99999999999"]), keepsConnection: true)
        )
        #expect(
            parse(lines("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", ""), method: "HEAD")
                == .response(response(200, ["transfer-encoding": "chunked"]), keepsConnection: true)
        )
        #expect(parse(lines("HTTP/1.1 204 No Content", "")) == .response(response(204), keepsConnection: true))
        #expect(
            parse(lines("HTTP/1.1 304 Not Modified", "Content-Length: 5", ""))
                == .response(response(304, ["content-length": "5"]), keepsConnection: true)
        )
        #expect(
            parse(lines("HTTP/1.1 201 Created", "Content-Length: 0", ""))
                == .response(response(201, ["content-length": "0"]), keepsConnection: true)
        )
    }

    @Test(arguments: [
        ("HTTP/1.1", "close", false), ("HTTP/1.1", "Keep-Alive", true), ("HTTP/1.1", "upgrade, CLOSE", false),
        ("HTTP/1.0", "keep-alive", true), ("HTTP/1.0", "x", false), ("HTTP/1.7", "x", true),
    ])
    func whoKeepsTheConnection(version: String, options: String, keeps: Bool) {
        let text = lines("\(version) 200 OK", "Content-Length: 0", "Connection: \(options)", "")
        let expected = response(200, ["content-length": "0", "connection": options])
        #expect(parse(text) == .response(expected, keepsConnection: keeps))
    }

    @Test func reasonMayBeEmptyOrLeftOut() {
        for line in ["HTTP/1.1 404 ", "HTTP/1.1 404", "HTTP/1.1 404 Nicht gefunden\t!"] {
            let expected = response(404, ["content-length": "0"])
            #expect(parse(lines(line, "Content-Length: 0", "")) == .response(expected, keepsConnection: true))
        }
    }

    @Test func blanksAroundValuesAndFoldedLinesAreNoPartOfThem() {
        let text = lines(
            "HTTP/1.1 204 No Content",
            "Empty:",
            "Blanks: \t two  words \t",
            "Folded: one",
            " \ttwo",
            "\tthree ",
            ""
        )
        let expected = response(204, ["empty": "", "blanks": "two  words", "folded": "one two three"])
        #expect(parse(text) == .response(expected, keepsConnection: true))
    }

    @Test func bytesBehindTheAnswerEndItsConnection() throws {
        let text = lines("HTTP/1.1 200 OK", "Content-Length: 2", "") + "ok" + "HTTP/1.1 200 OK\r\n"
        #expect(parse(text) == .response(response(200, ["content-length": "2"], "ok"), keepsConnection: false))
    }

    @Test func sameLengthTwiceIsOne() {
        for fields in [["Content-Length: 2", "Content-Length: 2"], ["Content-Length: 2, 2"]] {
            let text = lines("HTTP/1.1 200 OK") + fields.map { $0 + "\r\n" }.joined() + "\r\n" + "ok"
            #expect(
                parse(text) == .response(response(200, ["content-length": "2, 2"], "ok"), keepsConnection: true)
            )
        }
    }
}
