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

/// What came of an answer's bytes.
enum Parsed: Equatable {
    case response(HTTPResponse, keepsConnection: Bool)
    case failure(HTTPFailure)
}

/// Feeds an answer to a parser in pieces, and then the connection's end.
func parse(
    _ bytes: [UInt8],
    inPiecesOf size: Int,
    first: Int? = nil,
    method: String = "GET",
    limits: ResponseParser.Limits = .init(body: 1_000)
) -> Parsed {
    var parser = ResponseParser(method: method, limits: limits)
    var position = 0
    do throws(HTTPFailure) {
        while position < bytes.count {
            let end = min(position + (position == 0 ? first ?? size : size), bytes.count)
            let progress = try parser.received(bytes.span.extracting(position..<end))
            // What comes behind the answer is for the connection to see.
            if case .complete(let response, let keepsConnection) = progress {
                return .response(response, keepsConnection: keepsConnection && end == bytes.count)
            }
            position = end
        }
        return .response(try parser.ended(), keepsConnection: false)
    } catch {
        return .failure(error)
    }
}

/// Feeds an answer whole, byte by byte, and cut in two at every place: always with one outcome, which comes back.
func parse(
    _ text: String,
    method: String = "GET",
    limits: ResponseParser.Limits = .init(body: 1_000),
    sourceLocation: SourceLocation = #_sourceLocation
) -> Parsed {
    let bytes = Array(text.utf8)
    let whole = parse(bytes, inPiecesOf: max(bytes.count, 1), method: method, limits: limits)
    #expect(parse(bytes, inPiecesOf: 1, method: method, limits: limits) == whole, sourceLocation: sourceLocation)
    for cut in bytes.indices.dropFirst() {
        let parts = parse(bytes, inPiecesOf: bytes.count, first: cut, method: method, limits: limits)
        #expect(parts == whole, "cut at \(cut)", sourceLocation: sourceLocation)
    }
    return whole
}

/// Lines, each with its end.
func lines(_ lines: String...) -> String { lines.map { $0 + "\r\n" }.joined() }
