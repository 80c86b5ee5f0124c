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

/// What is wrong with the head of an HTTP message.
package struct HTTPHeadError: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The head of an HTTP/1.1 message: its start line and its fields (RFC 9112, section 2.1).
///
/// Strict: lines end with CR LF, nothing is folded, no name is followed by a blank. What a peer writes otherwise is an
/// error here, because others might read it in another way.
package struct HTTPHead: Sendable, Hashable {
    /// The most fields that are taken.
    package static let maximumFields = 128

    package let startLine: String
    package let fields: HTTPFields

    /// Parses everything before the empty line: no character in it is a control character, but for ends of lines and tabs.
    init(parsing text: ArraySlice<UInt8>) throws(HTTPHeadError) {
        var lines: [ArraySlice<UInt8>] = []
        var start = text.startIndex
        for index in text.indices {
            switch text[index] {
            case 0x0A:
                guard index > start, text[index - 1] == 0x0D else { throw HTTPHeadError("a line ends without CR") }
                lines.append(text[start..<(index - 1)])
                start = index + 1
            case 0x0D:
                guard index + 1 < text.endIndex, text[index + 1] == 0x0A else {
                    throw HTTPHeadError("a CR stands without LF")
                }
            default:
                break
            }
        }
        guard start == text.endIndex, let first = lines.first, !first.isEmpty else {
            throw HTTPHeadError("no start line")
        }
        guard lines.count - 1 <= Self.maximumFields else {
            throw HTTPHeadError("more than \(Self.maximumFields) fields")
        }
        startLine = String(decoding: first, as: UTF8.self)
        var fields = HTTPFields()
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                line[..<colon].allSatisfy(Self.isTokenCharacter)
            else { throw HTTPHeadError("a field without a name") }
            fields.add(
                String(decoding: line[..<colon], as: UTF8.self),
                String(decoding: line[(colon + 1)...], as: UTF8.self).trimmingBlanks()
            )
        }
        self.fields = fields
    }

    /// Whether a name or a method may have this character (RFC 9110, section 5.6.2).
    static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// Gathers a head from pieces of any size.
package struct HTTPHeadReader: Sendable {
    /// The most bytes that a head may have, unless the reader is given another limit.
    package static let defaultLimit = 16_384
    private static let end: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]

    private let limit: Int
    private var bytes: [UInt8] = []

    package init(limit: Int = HTTPHeadReader.defaultLimit) {
        self.limit = limit
    }

    /// Takes more bytes of the message. Returns nil while the head is not whole, then the head and the bytes behind it;
    /// the reader is ready for the next head.
    ///
    /// - Throws: `HTTPHeadError` when the head is larger than the limit, or is none.
    package mutating func take(
        _ piece: ArraySlice<UInt8>
    ) throws(HTTPHeadError) -> (head: HTTPHead, rest: ArraySlice<UInt8>)? {
        for index in piece.indices {
            switch piece[index] {
            case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x80...0xFF: bytes.append(piece[index])
            // Told at once: a peer that speaks something else may never send an empty line.
            default: throw HTTPHeadError("a control character")
            }
            if piece[index] == 0x0A, bytes.suffix(4).elementsEqual(Self.end) {
                let text = bytes.dropLast(2)
                bytes = []
                return (try HTTPHead(parsing: text), piece[(index + 1)...])
            }
            guard bytes.count < limit else { throw HTTPHeadError("more than \(limit) bytes") }
        }
        return nil
    }
}
