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

/// Status line and header fields of one answer (RFC 9112, sections 4 to 6).
struct ResponseHead: Sendable {
    /// Where an answer's body ends.
    enum Framing: Sendable, Equatable {
        case nothing
        case sized(Int)
        case chunked
        /// With the connection.
        case unbounded
    }

    let status: Int
    private let isVersion10: Bool
    /// By lower-case name.
    private var fields: [(name: String, value: [UInt8])] = []

    /// How every status line begins.
    static let start = Array("HTTP/1.".utf8)

    /// Reads a status line: `HTTP/1.1 200 OK`. The reason may be empty, or left out with the blank before it.
    init(statusLine line: [UInt8]) throws(HTTPFailure) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard line.count >= 12, line.starts(with: Self.start), digits.contains(line[7]),
            line[8] == UInt8(ascii: " "), line[9..<12].allSatisfy(digits.contains), line[9] != UInt8(ascii: "0"),
            line.count == 12 || line[12] == UInt8(ascii: " "), HTTPCharacters.isValue(line[12...])
        else { throw .malformed(.statusLine) }
        status = line[9..<12].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        isVersion10 = line[7] == UInt8(ascii: "0")
    }

    /// An answer to come before the one that counts.
    var isInterim: Bool { status < 200 }

    /// Reads a line of the header section.
    mutating func add(_ line: [UInt8]) throws(HTTPFailure) {
        if let first = line.first, HTTPCharacters.isBlank(first) {
            // A value that goes on: the line's end stands for a blank (section 5.2).
            guard HTTPCharacters.isValue(line), !fields.isEmpty else { throw .malformed(.field) }
            fields[fields.count - 1].value += [UInt8(ascii: " ")] + HTTPCharacters.trimmed(line[...])
            return
        }
        fields.append(try Self.field(in: line))
    }

    /// Reads a line that is a whole field.
    static func field(in line: [UInt8]) throws(HTTPFailure) -> (name: String, value: [UInt8]) {
        // No blank before the colon: others could take the name for another one (section 5.1).
        guard HTTPCharacters.isValue(line), let colon = line.firstIndex(of: UInt8(ascii: ":")),
            HTTPCharacters.isToken(line[..<colon])
        else { throw .malformed(.field) }
        return (
            String(decoding: line[..<colon], as: UTF8.self).lowercased(),
            Array(HTTPCharacters.trimmed(line[(colon + 1)...]))
        )
    }

    /// Where the body of the answer to a request of this method ends (section 6.3).
    func framing(to method: String) throws(HTTPFailure) -> Framing {
        if method == "HEAD" || status == 204 || status == 304 { return .nothing }
        let codings = elements(of: "transfer-encoding")
        if !codings.isEmpty {
            guard !fields.contains(where: { $0.name == "content-length" }) else {
                throw .malformed(.contentLengthAndTransferEncoding)
            }
            guard codings == ["chunked"], !isVersion10 else { throw .malformed(.transferEncoding) }
            return .chunked
        }
        let lengths = try elements(of: "content-length").map { text throws(HTTPFailure) in
            guard !text.isEmpty, text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else {
                throw .malformed(.contentLength)
            }
            // Too large a number for us is too large a body.
            return Int(text) ?? .max
        }
        guard let length = lengths.first else { return .unbounded }
        guard lengths.allSatisfy({ $0 == length }) else { throw .malformed(.contentLength) }
        return .sized(length)
    }

    /// Whether the server keeps the connection open (section 9.3).
    var keepsConnection: Bool {
        let options = elements(of: "connection")
        return !options.contains("close") && (!isVersion10 || options.contains("keep-alive"))
    }

    /// The header fields, with the values of one name joined.
    var headers: [String: String] {
        var joined: [String: [UInt8]] = [:]
        for (name, value) in fields {
            if joined[name] == nil {
                joined[name] = value
            } else {
                joined[name]?.append(contentsOf: [UInt8(ascii: ","), UInt8(ascii: " ")] + value)
            }
        }
        return joined.mapValues { String(decoding: $0, as: UTF8.self) }
    }

    /// The elements of the lists that all fields of a name hold, in lower case; an empty field has one, which is empty.
    private func elements(of name: String) -> [String] {
        fields.filter { $0.name == name }.flatMap { field in
            field.value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
                String(decoding: HTTPCharacters.trimmed($0), as: UTF8.self).lowercased()
            }
        }
    }
}
