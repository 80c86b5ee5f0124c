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

import EventHubs
import Testing

@testable import EventHubs

/// Compressed members come from Python's gzip module and from the gzip command, not from our own side.
@Suite("Content encoding")
struct ContentEncodingTests {
    static let telemetry = "{\"speed\":87,\"fuel\":0.5}"
    static let member = bytes(
        "1f8b0800000000000203ab562a2e484d4d51b2b230d7514a2b4dcd51b232d033ad0500d04a842917000000"
    )
    static let secondMember = bytes(
        "1f8b0800000000000203e3aa562a2e484d4d51b2b2b0a80500242ffab60d000000"
    )
    /// With the name of a file, as the gzip command writes it.
    static let named = bytes(
        "1f8b0808485c076b000374656c656d6574727900ab562a2e484d4d51b2b230d7514a2b4dcd51b232d033ad0500d04a842917000000"
    )

    private func received(_ body: [UInt8], encoding: String?) throws -> ReceivedEventData {
        let message = Message(
            properties: Properties(contentType: "application/json", contentEncoding: encoding.map { Symbol($0) }),
            body: .data([body])
        )
        return try #require(EventBatch(copying: [message.encoded()]).first)
    }

    private func code(_ event: ReceivedEventData, maximumSize: Int = 1_000) -> EventHubsError.Code? {
        do throws(EventHubsError) {
            _ = try event.content(maximumSize: maximumSize)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("Bodies that other software compressed are expanded", arguments: ["gzip", "x-gzip", "GZIP"])
    func foreign(encoding: String) throws {
        for body in [Self.member, Self.named] {
            let event = try received(body, encoding: encoding)
            #expect(try event.content() == Array(Self.telemetry.utf8))
            #expect(event.copiedBody == body)
            #expect(try event.contentEncoding == encoding)
            #expect(try event.contentType == "application/json")
        }
    }

    @Test("Members one after the other are one body: RFC 1952, section 2.2")
    func members() throws {
        let event = try received(Self.member + Self.secondMember, encoding: "gzip")
        #expect(try event.content() == Array((Self.telemetry + "\n{\"speed\":88}").utf8))
    }

    @Test("A body without an encoding is handed out as it is", arguments: [nil, "identity", ""])
    func plain(encoding: String?) throws {
        #expect(try received(Self.member, encoding: encoding).content() == Self.member)
    }

    @Test("An unknown encoding is named")
    func unknown() throws {
        let event = try received([1], encoding: "br")
        let error = try #require(throws: EventHubsError.self) { try event.content() }
        #expect(error.code == .notImplemented)
        #expect(error.message.contains("'br'"))
    }

    @Test("A body ends where its last member ends: every truncation is an error")
    func truncated() throws {
        for count in 0..<Self.member.count {
            let event = try received(Array(Self.member[..<count]), encoding: "gzip")
            #expect(code(event) == .invalidResponse, "\(count) bytes")
        }
        let second = Self.member + Self.secondMember.dropLast()
        #expect(code(try received(second, encoding: "gzip")) == .invalidResponse)
    }

    @Test("Damage is found, by the checksum at the latest")
    func damaged() throws {
        // The header's time, flags of the compressor and system (bytes 4 to 9) carry no content, nor do the bits that fill
        // up the last byte of the compressed data (34).
        for index in Self.member.indices where !(4...9).contains(index) && index != 34 {
            var body = Self.member
            body[index] ^= 0x40
            #expect(code(try received(body, encoding: "gzip")) == .invalidResponse, "byte \(index)")
        }
        #expect(code(try received(Self.member + [0], encoding: "gzip")) == .invalidResponse)
    }

    @Test("Expansion stops at the limit, whatever the body claims")
    func bounded() throws {
        let size = Self.telemetry.utf8.count
        let event = try received(Self.member, encoding: "gzip")
        #expect(code(event, maximumSize: size) == nil)
        #expect(code(event, maximumSize: size - 1) == .messageTooLarge)
        #expect(code(event, maximumSize: 0) == .messageTooLarge)
        #expect(code(event, maximumSize: -1) == .messageTooLarge)
        let bomb = try EventData([UInt8](repeating: 0, count: 50_000_000)).compressed()
        #expect(bomb.body.count < 100_000)
        #expect(code(try received(bomb.body, encoding: "gzip"), maximumSize: 1_000_000) == .messageTooLarge)
    }

    @Test("What we compress comes back, and is gzip", arguments: [0, 1, 500, 65_535, 65_536, 65_537, 300_000])
    func roundTrip(size: Int) throws {
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 / 7 ^ $0 >> 9) }
        let event = try EventData(body).compressed()
        #expect(event.contentEncoding == "gzip")
        #expect(event.body.starts(with: [0x1F, 0x8B, 8]))
        let read = try #require(EventBatch(copying: [event.message.encoded()]).first)
        #expect(try read.content(maximumSize: size) == body)
    }

    @Test("What was compressed before does not show")
    func independence() throws {
        let numbers = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 / 7 ^ $0 >> 9) }
        for before in [Array(Self.telemetry.utf8), [], numbers, numbers.reversed()] {
            _ = try EventData(before).compressed()
            let body = try EventData(Self.telemetry).compressed().body
            // Behind a header that names the compressor's level and system.
            #expect(body.dropFirst(10) == Self.member.dropFirst(10))
        }
    }

    @Test("Many compress at once, each with a compressor of its own")
    func concurrency() async throws {
        let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
            for task in 0..<16 {
                group.addTask {
                    try (0..<50).count { number in
                        let body = Array("\(task) ".utf8) + [UInt8](repeating: UInt8(number), count: 100 * number)
                        return try Gzip.expand(Gzip.compress(body), maximumSize: body.count) != body
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }

    @Test("As many compressors are kept as were in use at once, up to a limit", arguments: [1, 3, 20])
    func keptCompressors(depth: Int) throws {
        let pool = DeflaterPool()
        var used: [Deflater] = []
        func use(_ depth: Int) throws(Gzip.Failure) {
            guard depth > 0 else { return }
            try pool.withDeflater { deflater throws(Gzip.Failure) in
                used.append(deflater)
                try use(depth - 1)
            }
        }
        try use(depth)
        #expect(Set(used.map { ObjectIdentifier($0) }).count == depth)
        #expect(pool.idleCount == min(depth, DeflaterPool.maximumIdle))
        try use(1)
        #expect(pool.idleCount == min(depth, DeflaterPool.maximumIdle))
        #expect(Set(used.map { ObjectIdentifier($0) }).count == depth)
    }

    @Test("Nothing is compressed twice, and values are not at all")
    func once() throws {
        let event = try EventData(Self.telemetry).compressed()
        #expect(try event.compressed() == event)
        let value = EventData(Message(body: .value(.int(7))))
        #expect(try value.compressed() == value)
    }
}
