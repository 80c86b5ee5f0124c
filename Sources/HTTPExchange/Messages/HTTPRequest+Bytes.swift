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

extension HTTPRequest {
    /// What names this software to servers.
    private static let agent = "swift-event-hubs"

    /// The request as it is sent (RFC 9112, sections 2 to 6).
    func bytes(to url: HTTPURL) throws(HTTPFailure) -> [UInt8] {
        guard HTTPCharacters.isToken(method) else { throw .invalidRequest(name: "the method") }
        var head = "\(method) \(url.target) HTTP/1.1\r\nHost: \(url.authority)\r\n"
        for field in headers {
            // What frames the message is not the caller's.
            guard HTTPCharacters.isToken(field.name), HTTPCharacters.isValue(field.value.utf8),
                !["host", "content-length", "transfer-encoding", "connection"].contains(field.name.lowercased())
            else { throw .invalidRequest(name: "the header '\(field.name.filter(\.isASCII).prefix(40))'") }
            head += "\(field.name): \(field.value)\r\n"
        }
        if header("User-Agent").isEmpty { head += "User-Agent: \(Self.agent)\r\n" }
        // A method that usually carries a body says so when there is none (RFC 9110, section 8.6).
        if let length = body?.count ?? (["POST", "PUT", "PATCH"].contains(method) ? 0 : nil) {
            head += "Content-Length: \(length)\r\n"
        }
        head += "\r\n"
        return Array(head.utf8) + (body ?? [])
    }

    /// Whether the request asks for nothing to be done, so that nobody can tell whether it came once or twice.
    var isSafe: Bool { ["GET", "HEAD", "OPTIONS"].contains(method) }
}

/// The characters that HTTP gives a meaning (RFC 9110, section 5.6).
enum HTTPCharacters {
    static func isToken(_ text: String) -> Bool { isToken(text.utf8) }

    static func isToken(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy(isTokenCharacter)
    }

    /// Whether bytes may stand in a field's value: no control characters but the tabulator.
    static func isValue(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.allSatisfy { $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Bytes without the blanks around them.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return bytes
    }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
