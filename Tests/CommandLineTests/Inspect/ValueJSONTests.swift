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

@testable import eventhubs

/// The JSON of values, type by type.
@Suite struct ValueJSONTests {
    @Test(arguments: [
        ("40", "[\"null\"]"),
        ("41", "[\"bool\",true]"),
        ("5600", "[\"bool\",false]"),
        ("50ff", "[\"ubyte\",255]"),
        ("60ffff", "[\"ushort\",65535]"),
        ("70ffffffff", "[\"uint\",4294967295]"),
        ("80ffffffffffffffff", "[\"ulong\",\"18446744073709551615\"]"),
        ("5180", "[\"byte\",-128]"),
        ("618000", "[\"short\",-32768]"),
        ("54ff", "[\"int\",-1]"),
        ("818000000000000000", "[\"long\",\"-9223372036854775808\"]"),
        ("7200000001", "[\"float\",\"00000001\"]"),
        ("827ff8000000000000", "[\"double\",\"7ff8000000000000\"]"),
        ("7422500001", "[\"decimal32\",\"22500001\"]"),
        ("840000000000000001", "[\"decimal64\",\"0000000000000001\"]"),
        ("9400000000000000010000000000000002", "[\"decimal128\",\"00000000000000010000000000000002\"]"),
        ("730001f600", "[\"char\",128512]"),
        ("83ffffffffffffffff", "[\"timestamp\",\"-1\"]"),
        ("9800112233445566778899aabbccddeeff", "[\"uuid\",\"00112233-4455-6677-8899-aabbccddeeff\"]"),
        ("a0020aff", "[\"binary\",\"0aff\"]"),
        ("a10661225c0a0001", "[\"string\",\"a\\\"\\\\\\n\\u0000\\u0001\"]"),
        ("a102c3a9", "[\"string\",\"é\"]"),
        ("a30161", "[\"symbol\",\"a\"]"),
        ("c003024041", "[\"list\",[[\"null\"],[\"bool\",true]]]"),
        ("c10704520140520141", "[\"map\",[[[\"uint\",1],[\"null\"]],[[\"uint\",1],[\"bool\",true]]]]"),
        ("e006017100000005", "[\"array\",{\"ctor\":\"0x71\",\"descriptor\":null,\"items\":[[\"int\",5]]}]"),
        (
            "e0050100532445",
            "[\"array\",{\"ctor\":\"0x45\",\"descriptor\":[\"ulong\",\"36\"],\"items\":[[\"list\",[]]]}]"
        ),
        ("00532445", "[\"described\",[\"ulong\",\"36\"],[\"list\",[]]]"),
    ])
    func values(_ hexadecimal: String, _ json: String) throws {
        let bytes = try #require(FixtureFile.bytes(hexadecimal))
        let inspection = ValueInspection(values: bytes)
        #expect(inspection.error == nil)
        let line = InspectionFormat.json.lines(values: inspection.values)
        #expect(String(decoding: line, as: UTF8.self) == "{\"values\":[\(json)]}\n")
    }
}
