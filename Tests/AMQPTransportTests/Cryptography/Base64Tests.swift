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
import Testing

struct Base64Tests {
    /// RFC 4648 section 10, and the two last characters of the alphabet.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func vectors(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test func wholeAlphabet() {
        #expect(Base64.encode([0xFB, 0xEF, 0xFF]) == "++//")
        #expect(Base64.decode("++//") == [0xFB, 0xEF, 0xFF])
        let all = (0...255).map { UInt8($0) }
        #expect(Base64.decode(Base64.encode(all)) == all)
    }

    @Test(arguments: ["Z", "Zg", "Zg=", "Zg===", "Z===", "=Zg=", "Zm9v=", "Zm9*", "Zm9v\n", "Zg==Zg==", "Zm-_"])
    func malformed(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    /// RFC 7515, appendix C, and what is left of the vectors above without padding.
    @Test func forURLs() {
        #expect(Base64.encodeURL([3, 236, 255, 224, 193]) == "A-z_4ME")
        #expect(Base64.decodeURL("A-z_4ME") == [3, 236, 255, 224, 193])
        #expect(Base64.decodeURL("Zg") == Array("f".utf8))
        #expect(Base64.decodeURL("") == [])
        for text in ["Zg==", "Z", "A+z_", "A/z_", "Zm9vY"] { #expect(Base64.decodeURL(text) == nil) }
    }
}
