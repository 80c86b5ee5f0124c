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

/// Lists, maps and arrays: widths, constructors, sizes that lie.
@Suite struct CompoundCodingTests {
    private func decodeArray(_ bytes: String) throws -> AMQPArray {
        guard case .array(let array) = try decodeValue(hex(bytes)) else {
            throw DecodingError(code: .wrongType, offset: 0, message: "no array")
        }
        return array
    }

    @Test(arguments: [
        // Constructor, then the elements without theirs.
        ("e0 08 03 61 0001 0002 ffff", UInt8(0x61), [AMQPValue.short(1), .short(2), .short(-1)]),
        ("e0 06 02 a3 0161 0162", 0xA3, [.symbol("a"), .symbol("b")]),
        ("e0 04 02 52 0107", 0x52, [.uint(1), .uint(7)]),
        ("e0 04 02 56 0100", 0x56, [.bool(true), .bool(false)]),
        ("e0 02 00 71", 0x71, []),
        ("e0 06 01 71 00000005", 0x71, [.int(5)]),
        // Elements without bytes of their own.
        ("e0 02 05 40", 0x40, [.null, .null, .null, .null, .null]),
        ("e0 02 02 41", 0x41, [.bool(true), .bool(true)]),
        ("e0 02 02 42", 0x42, [.bool(false), .bool(false)]),
        ("e0 02 01 43", 0x43, [.uint(0)]),
        ("e0 02 01 44", 0x44, [.ulong(0)]),
        ("e0 02 03 45", 0x45, [.list([]), .list([]), .list([])]),
        // Compound elements: size and count each, no constructor.
        ("e0 07 02 c0 0100 020140", 0xC0, [.list([]), .list([.null])]),
        ("e0 09 01 c1 0602 a10161 5501", 0xC1, [.map(["a": 1])]),
    ])
    func arraysKeepTheirConstructor(_ bytes: String, _ constructor: UInt8, _ elements: [AMQPValue]) throws {
        let array = try self.decodeArray(bytes)
        #expect(array.elementConstructor == constructor)
        #expect(array.elements == elements)
        #expect(array.descriptor == nil)
        #expect(encodeValue(.array(array)) == hex(bytes))
    }

    @Test func arraysOfArrays() throws {
        // Two arrays of ubytes, [1, 2] and [3]: each is size, count, constructor, elements.
        let bytes = "e0 0b 02 e0 04 02 50 0102 03 01 50 03"
        let array = try self.decodeArray(bytes)
        #expect(array.elementConstructor == 0xE0)
        #expect(array.elements.map(\.elementsValue) == [[.ubyte(1), .ubyte(2)], [.ubyte(3)]])
        #expect(encodeValue(.array(array)) == hex(bytes))
    }

    @Test func arraysOfDescribedElements() throws {
        let bytes = "e0 08 02 00 a30178 50 0a0b"
        let array = try self.decodeArray(bytes)
        #expect(array.descriptor == .symbol("x"))
        #expect(array.elementConstructor == 0x50)
        #expect(array.elements == [.ubyte(10), .ubyte(11)])
        #expect(encodeValue(.array(array)) == hex(bytes))
    }

    @Test func arraysOfDescribedElementsWithoutBytes() throws {
        // The accepted outcome three times: descriptor 0x24, list0.
        let bytes = "e0 05 03 00 5324 45"
        let array = try self.decodeArray(bytes)
        #expect(array.descriptor == .ulong(0x24))
        #expect(array.elements == [.list([]), .list([]), .list([])])
        #expect(encodeValue(.array(array)) == hex(bytes))
    }

    @Test func arraysWithTwoDescriptors() throws {
        let bytes = "e0 09 01 00 5301 00 5302 50 07"
        let array = try self.decodeArray(bytes)
        #expect(array.descriptor == .ulong(1))
        #expect(array.elements == [.described(.ulong(2), .ubyte(7))])
        #expect(encodeValue(.array(array)) == hex(bytes))
    }

    @Test func wideArrays() throws {
        let array = try self.decodeArray("f0 00000007 00000002 50 0102")
        #expect(array.elements == [.ubyte(1), .ubyte(2)])
        // We write the short form when it fits.
        #expect(encodeValue(.array(array)) == hex("e0 04 02 50 0102"))
    }

    @Test func arraysAreMadeOfOneType() {
        #expect(AMQPArray([.uint(1), .ulong(1)]) == nil)
        #expect(AMQPArray([.string("a"), .symbol("a")]) == nil)
        #expect(AMQPArray([.described(.ulong(1), .null)]) == nil)
        #expect(AMQPArray([.uint(1), .uint(70000)])?.elementConstructor == 0x70)
        #expect(AMQPArray([.list([1]), .list([])])?.elementConstructor == 0xD0)
        #expect(AMQPArray([.string("a")], descriptor: .symbol("d"))?.descriptor == .symbol("d"))
    }

    @Test func listsGrowIntoTheWideForm() throws {
        let narrow = AMQPValue.list([.binary([UInt8](repeating: 7, count: 252))])
        #expect(encodeValue(narrow).prefix(5) == hex("c0 ff 01 a0 fc")[...])
        let wide = AMQPValue.list([.binary([UInt8](repeating: 7, count: 253))])
        #expect(encodeValue(wide).prefix(11) == hex("d0 00000103 00000001 a0 fd")[...])
        #expect(try decodeValue(encodeValue(wide)) == wide)
        let many = AMQPValue.list([AMQPValue](repeating: .null, count: 256))
        #expect(encodeValue(many).prefix(10) == hex("d0 00000104 00000100 40")[...])
        #expect(try decodeValue(encodeValue(many)) == many)
    }

    @Test func mapsGrowIntoTheWideForm() throws {
        var map = AMQPMap()
        for index in 0..<128 { map.append(key: .uint(UInt32(index)), value: .null) }
        let bytes = encodeValue(.map(map))
        #expect(bytes[0] == 0xD1)
        #expect(Array(bytes[5..<9]) == hex("00000100"))
        #expect(try decodeValue(bytes) == .map(map))
    }

    @Test func mapsKeepOrderAndDuplicates() throws {
        let value = try decodeValue(hex("c1 0d 06 a10162 41 a10161 42 a10162 40"))
        let map = try #require(value.mapValue)
        #expect(map.map { $0.key } == ["b", "a", "b"])
        #expect(map[string: "b"] == .bool(true))
        #expect(encodeValue(value) == hex("c1 0d 06 a10162 41 a10161 42 a10162 40"))
    }

    @Test(arguments: [
        ("c000", DecodingError.Code.sizeMismatch, 2),  // no room for the count
        ("d0 00000003 000000", .sizeMismatch, 5),
        ("c00140", .sizeMismatch, 3),  // 64 elements in no bytes
        ("c0 05 01 40", .truncated, 2),  // the size is larger than the input
        ("c0 03 01 40 40", .sizeMismatch, 4),  // bytes left over inside
        ("c0 02 02 40", .sizeMismatch, 3),
        ("c0 04 01 a105 61", .truncated, 5),  // a string that reaches past its list
        ("c0 04 01 c0 0501", .truncated, 5),  // a list that reaches past its list
        ("e0 03 02 50 01", .sizeMismatch, 4),  // two elements in one byte
        ("e0 04 01 50 01 02", .sizeMismatch, 5),
        ("e0 01 00", .truncated, 3),  // no constructor
        ("e0 02 01 4f", .invalidFormatCode, 3),
    ])
    func sizesThatLie(_ bytes: String, _ code: DecodingError.Code, _ offset: Int) {
        let error = decodingError { () throws(DecodingError) in _ = try decodeValue(hex(bytes)) }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }
}
