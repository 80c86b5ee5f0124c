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

/// Random damage to every fixture, from a fixed seed: an error or a value, never a trap, never more work than input.
@Suite struct MutationTests {
    /// A small deterministic generator (SplitMix64).
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            self.state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = self.state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let interesting: [UInt8] = [
        0x00, 0x01, 0x7F, 0x80, 0xFF, 0x40, 0x45, 0x53, 0xA0, 0xA1, 0xB0, 0xC0, 0xC1, 0xD0, 0xD1, 0xE0, 0xF0,
    ]

    private func mutate(_ bytes: [UInt8], using generator: inout Generator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            guard !bytes.isEmpty else { break }
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 2: bytes[index] = Self.interesting.randomElement(using: &generator) ?? 0
            case 3: bytes.remove(at: index)
            case 4: bytes.insert(Self.interesting.randomElement(using: &generator) ?? 0, at: index)
            default: bytes.replaceSubrange(index..<min(index + 4, bytes.count), with: [0xFF, 0xFF, 0xFF, 0xFF])
            }
        }
        return bytes
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func framesAndTheirValues(_ seed: UInt64) throws {
        var generator = Generator(state: seed)
        let fixtures = try allFrames().map(\.bytes)
        var decoded = 0
        for round in 0..<200 {
            for original in fixtures {
                var bytes = self.mutate(original, using: &generator)
                if round.isMultiple(of: 2), bytes.count >= 8 {
                    // Keep the size right, so that the damage reaches the body.
                    bytes.replaceSubrange(0..<4, with: [0, 0, UInt8(bytes.count >> 8), UInt8(bytes.count & 255)])
                }
                if (try? decodeStream([bytes])) != nil { decoded += 1 }
                if let description = try? FrameDescription(decoding: bytes.span.bytes) {
                    #expect(description.description.utf8.count <= 10_000 + 16 * bytes.count)
                }
                self.checkValue(Array(bytes.dropFirst(8)))
            }
        }
        #expect(decoded > 0)
    }

    @Test(arguments: [5, 6] as [UInt64])
    func messages(_ seed: UInt64) throws {
        var generator = Generator(state: seed)
        let fixtures = try FixtureFile.load("Messages/messages.hex").map(\.bytes)
        for _ in 0..<1500 {
            for original in fixtures {
                let bytes = self.mutate(original, using: &generator)
                guard let message = try? Message(decoding: bytes) else { continue }
                let encoded = message.encoded()
                #expect((try? Message(decoding: encoded))?.encoded() == encoded)
            }
        }
    }

    @Test func randomBytes() {
        var generator = Generator(state: 7)
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...64, using: &generator)
            self.checkValue((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...64, using: &generator)
            self.checkValue((0..<count).map { _ in Self.interesting.randomElement(using: &generator) ?? 0 })
        }
    }

    /// Whatever decodes can be written, and what was written decodes to the same bytes again.
    private func checkValue(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes.span.bytes)
        do {
            let value = try ValueDecoder.decode(&reader)
            let encoded = encodeValue(value)
            #expect(encoded.count <= reader.position)
            #expect(try encodeValue(decodeValue(encoded)) == encoded)
        } catch {
            #expect(error.offset >= 0 && error.offset <= bytes.count)
        }
    }
}
