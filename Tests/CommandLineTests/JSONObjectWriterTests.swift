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

@testable import eventhubs

@Suite struct JSONObjectWriterTests {
    @Test func fieldsComeInOrder() {
        var object = JSONObjectWriter(appendingTo: Array("[".utf8))
        object.field("type", "event")
        object.field("sequence", 12)
        object.field("key", Optional<String>.none)
        object.field("offset", Optional<Int64>.none)
        object.field("last", true)
        #expect(
            String(decoding: object.finish(), as: UTF8.self)
                == #"[{"type":"event","sequence":12,"key":null,"offset":null,"last":true}"#
        )
    }

    @Test func textIsEscaped() {
        var object = JSONObjectWriter()
        object.field("body", utf8: Array("a\"b\\c\nd\u{1}é\u{7F}".utf8))
        #expect(String(decoding: object.finish(), as: UTF8.self) == #"{"body":"a\"b\\c\nd\u0001é\u007f"}"#)
    }

    @Test func anEmptyObject() {
        #expect(String(decoding: JSONObjectWriter().finish(), as: UTF8.self) == "{}")
    }
}
