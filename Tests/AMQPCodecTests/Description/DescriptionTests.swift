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

import AMQPCodec
import FixtureSupport
import Testing

@Suite struct DescriptionTests {
    private func describe(_ name: String, in file: String = "Frames/wire-contract.hex") throws -> String {
        let bytes = try FixtureFile.load(file, named: name).bytes
        return try FrameDescription(decoding: bytes.span.bytes).description
    }

    @Test func frames() throws {
        #expect(
            try self.describe("disposition accepted (service)")
                == "ch 1 disposition(role=true, first=0u, settled=true, state=accepted())"
        )
        #expect(
            try self.describe("flow for a session", in: "Frames/specification.hex")
                == "ch 1 flow(incoming-window=4096u, next-outgoing-id=0u, outgoing-window=4096u)"
        )
        #expect(try self.describe("empty", in: "Frames/specification.hex") == "ch 0 empty")
        #expect(
            try self.describe("transfer last of two", in: "Frames/specification.hex")
                == "ch 1 transfer(handle=0u) + 4 bytes"
        )
        #expect(
            try self.describe("close with an error", in: "Frames/specification.hex")
                == "ch 0 close(error=error(condition=:amqp:connection:forced, description=\"idle\"))"
        )
    }

    @Test func secretsAreNotShown() throws {
        #expect(
            try self.describe("sasl-init PLAIN", in: "Frames/specification.hex")
                == "sasl sasl-init(mechanism=:PLAIN, initial-response=:redacted)"
        )
    }

    @Test(arguments: [
        (AMQPValue.null, "null"),
        (.list([1, "a\"\n", .symbol("s"), .ubyte(3), .bool(false)]), "[1l, \"a\\\"\\n\", :s, 3ub, false]"),
        (.map(["k": .uint(1)]), "{\"k\": 1u}"),
        (.binary([1, 255]), "x'01ff'"),
        (.described(.symbol("f"), "x"), ":f(\"x\")"),
        (.described(.ulong(0x24), []), "accepted()"),
        (.array(AMQPArray(symbols: ["a", "b"])), "@[:a, :b]"),
        (.char("é"), "'é'"),
        (.string("\u{202E}\u{9B}"), "\"\\u{202e}\\u{9b}\""),
        (.decimal32(Decimal32(bits: 1)), "decimal32(0x00000001)"),
        (.timestamp(Timestamp(millisecondsSinceEpoch: -1)), "1969-12-31T23:59:59.999Z"),
    ])
    func values(_ value: AMQPValue, _ text: String) {
        #expect(value.description == text)
    }

    @Test func longBytesAreCut() {
        let text = AMQPValue.binary([UInt8](repeating: 0, count: 100_000)).description
        #expect(text.utf8.count < 200)
        #expect(text.hasSuffix("(100000 bytes)"))
    }

    @Test func errorsSayWhereAndWhat() {
        let error = DecodingError(code: .wrongType, offset: 17, path: "attach.source", message: "expected a list")
        #expect(error.description == "expected a list in attach.source at byte 17")
        #expect(ProtocolHeader.sasl.description == "header SASL 1.0.0")
    }
}
