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
import Testing

/// Every primitive type in every encoding; the bytes are computed by hand from part 1, section 1.6.
@Suite struct PrimitiveCodingTests {
    /// An encoding, its value, and whether it is the one that we write.
    struct Vector: Sendable {
        let bytes: String
        let value: AMQPValue
        let isCanonical: Bool

        init(_ bytes: String, _ value: AMQPValue, canonical: Bool = true) {
            self.bytes = bytes
            self.value = value
            self.isCanonical = canonical
        }
    }

    static let vectors: [Vector] = [
        Vector("40", .null),
        Vector("41", .bool(true)),
        Vector("42", .bool(false)),
        Vector("5601", .bool(true), canonical: false),
        Vector("5600", .bool(false), canonical: false),
        Vector("5000", .ubyte(0)),
        Vector("50ff", .ubyte(255)),
        Vector("600000", .ushort(0)),
        Vector("60ffff", .ushort(65535)),
        Vector("600102", .ushort(258)),
        Vector("43", .uint(0)),
        Vector("5200", .uint(0), canonical: false),
        Vector("5201", .uint(1)),
        Vector("52ff", .uint(255)),
        Vector("7000000000", .uint(0), canonical: false),
        Vector("7000000100", .uint(256)),
        Vector("70ffffffff", .uint(.max)),
        Vector("44", .ulong(0)),
        Vector("5300", .ulong(0), canonical: false),
        Vector("53ff", .ulong(255)),
        Vector("80 0000000000000000", .ulong(0), canonical: false),
        Vector("80 0000000000000100", .ulong(256)),
        Vector("80 ffffffffffffffff", .ulong(.max)),
        Vector("5180", .byte(-128)),
        Vector("517f", .byte(127)),
        Vector("618000", .short(-32768)),
        Vector("61ffff", .short(-1)),
        Vector("5480", .int(-128)),
        Vector("547f", .int(127)),
        Vector("71ffffffff", .int(-1), canonical: false),
        Vector("7100000080", .int(128)),
        Vector("7180000000", .int(.min)),
        Vector("55ff", .long(-1)),
        Vector("5580", .long(-128)),
        Vector("81 ffffffffffffffff", .long(-1), canonical: false),
        Vector("81 ffffffffffffff7f", .long(-129)),
        Vector("81 8000000000000000", .long(.min)),
        Vector("72 3fc00000", .float(1.5)),
        Vector("72 ff800000", .float(-.infinity)),
        Vector("82 bff8000000000000", .double(-1.5)),
        Vector("82 0000000000000001", .double(.leastNonzeroMagnitude)),
        Vector("74 22500001", .decimal32(Decimal32(bits: 0x2250_0001))),
        Vector("84 2238000000000001", .decimal64(Decimal64(bits: 0x2238_0000_0000_0001))),
        Vector(
            "94 22080000000000000000000000000001",
            .decimal128(Decimal128(high: 0x2208_0000_0000_0000, low: 1))
        ),
        Vector("73 00000041", .char("A")),
        Vector("73 0001f600", .char("\u{1F600}")),
        Vector("83 0000000000000000", .timestamp(Timestamp(millisecondsSinceEpoch: 0))),
        Vector("83 ffffffffffffffff", .timestamp(Timestamp(millisecondsSinceEpoch: -1))),
        Vector("83 8000000000000000", .timestamp(Timestamp(millisecondsSinceEpoch: .min))),
        Vector(
            "98 00112233445566778899aabbccddeeff",
            .uuid(UUIDBytes(high: 0x0011_2233_4455_6677, low: 0x8899_AABB_CCDD_EEFF))
        ),
        Vector("a000", .binary([])),
        Vector("a003 000102", .binary([0, 1, 2])),
        Vector("b0 00000002 fffe", .binary([0xFF, 0xFE]), canonical: false),
        Vector("a100", .string("")),
        Vector("a102 c3a9", .string("é")),
        Vector("b1 00000001 78", .string("x"), canonical: false),
        Vector("a10a 616263c3a96465666768", .string("abcédefgh")),
        Vector("a303 613a62", .symbol("a:b")),
        Vector("b3 00000000", .symbol(""), canonical: false),
        Vector("45", .list([])),
        Vector("c00100", .list([]), canonical: false),
        Vector("d0 00000004 00000000", .list([]), canonical: false),
        Vector("c0 04 02 43 5001", .list([.uint(0), .ubyte(1)])),
        Vector("d0 00000005 00000001 40", .list([.null]), canonical: false),
        Vector("c1 01 00", .map([:])),
        Vector("c1 06 02 a10161 5501", .map(["a": 1])),
        Vector("d1 00000009 00000002 a10161 5501", .map(["a": 1]), canonical: false),
        Vector("00 5377 40", .described(.ulong(0x77), .null)),
        Vector("00 a30178 00 5301 41", .described(.symbol("x"), .described(.ulong(1), true))),
        Vector("00 00 5301 5302 5303", .described(.described(.ulong(1), .ulong(2)), .ulong(3))),
    ]

    @Test(arguments: Self.vectors)
    func decodes(_ vector: Vector) throws {
        #expect(try decodeValue(hex(vector.bytes)) == vector.value)
    }

    @Test(arguments: Self.vectors.filter(\.isCanonical))
    func encodes(_ vector: Vector) {
        #expect(encodeValue(vector.value) == hex(vector.bytes))
    }

    @Test(arguments: Self.vectors)
    func everyTruncationIsAnError(_ vector: Vector) {
        let bytes = hex(vector.bytes)
        for count in 0..<bytes.count {
            let error = decodingError { () throws(DecodingError) in _ = try decodeValue(Array(bytes[..<count])) }
            #expect(error != nil, "\(count) of \(bytes.count) bytes")
        }
    }

    @Test func everyFormatCodeHasAVector() {
        let seen = Set(Self.vectors.map { hex($0.bytes)[0] })
        let arrays: Set<UInt8> = [0xE0, 0xF0]
        #expect(Set(FormatCode.allCases.map(\.rawValue)).subtracting(arrays).isSubset(of: seen))
    }

    @Test func everyOtherByteIsNoFormatCode() {
        let known = Set(FormatCode.allCases.map(\.rawValue) + [FormatCode.described])
        for byte in UInt8.min...UInt8.max where !known.contains(byte) {
            let error = decodingError { () throws(DecodingError) in
                _ = try decodeValue([0xC0, 0x02, 0x01, byte] + [UInt8](repeating: 0, count: 20))
            }
            #expect(error?.code == .invalidFormatCode)
            #expect(error?.offset == 3)
        }
    }

    @Test func bitsOfNotANumberSurvive() throws {
        #expect(try encodeValue(decodeValue(hex("72 7fc00123"))) == hex("72 7fc00123"))
        #expect(try encodeValue(decodeValue(hex("82 fff8000000abcdef"))) == hex("82 fff8000000abcdef"))
    }

    @Test func longTextTakesTheWideForm() throws {
        let text = String(repeating: "x", count: 256)
        #expect(encodeValue(.string(text)).prefix(5) == hex("b1 00000100")[...])
        #expect(encodeValue(.symbol(Symbol(text))).prefix(5) == hex("b3 00000100")[...])
        #expect(encodeValue(.binary([UInt8](repeating: 1, count: 256))).prefix(6) == hex("b0 00000100 01")[...])
        #expect(encodeValue(.string(String(text.dropLast()))).prefix(3) == hex("a1 ff 78")[...])
        #expect(try decodeValue(encodeValue(.string(text))) == .string(text))
    }

    @Test(arguments: [
        ("a102 c328", DecodingError.Code.invalidUTF8, 2),
        ("a101 80", .invalidUTF8, 2),
        ("a103 eda080", .invalidUTF8, 2),
        ("b1 00000002 c080", .invalidUTF8, 5),
        ("a302 c3a9", .invalidValue, 2),
        ("a309 616263c3a964656667", .invalidValue, 2),
        ("a109 616263ff6465666768", .invalidUTF8, 2),
        ("73 0000d800", .invalidValue, 1),
        ("73 00110000", .invalidValue, 1),
        ("5602", .invalidValue, 1),
        ("c1 04 03 40 40 40", .invalidValue, 3),
    ])
    func illegalValues(_ bytes: String, _ code: DecodingError.Code, _ offset: Int) {
        let error = decodingError { () throws(DecodingError) in _ = try decodeValue(hex(bytes)) }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }
}
