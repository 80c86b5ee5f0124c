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

@testable import AMQPTransport

@Suite struct WebSocketWriteStagingTests {
    private func bytes(of staging: WebSocketWriteStaging) -> [UInt8] {
        staging.withBytes { Array($0) }
    }

    private func fill(
        _ staging: inout WebSocketWriteStaging,
        _ parts: [[UInt8]],
        skipping: Int = 0,
        mask: WebSocketMask? = nil
    ) -> Bool {
        let joined = Array(parts.joined())
        return joined.withUnsafeBytes { all in
            var start = 0
            let buffers = parts.map { part in
                defer { start += part.count }
                return UnsafeRawBufferPointer(rebasing: all[start..<(start + part.count)])
            }
            return staging.fill(from: buffers, skipping: skipping, mask: mask)
        }
    }

    /// The masked examples of RFC 6455, section 5.7; binary in place of text.
    @Test func theExamplesOfTheSpecification() {
        var staging = WebSocketWriteStaging()
        #expect(fill(&staging, [Array("Hel".utf8), [], Array("lo".utf8)], mask: .init(hex("37fa213d"))))
        #expect(bytes(of: staging) == hex("82 85 37fa213d 7f9f4d5158"))
        #expect(!staging.isControl)
        staging = WebSocketWriteStaging()
        staging.fill(.pong, Array("Hello".utf8), mask: .init(hex("37fa213d")))
        #expect(bytes(of: staging) == hex("8a 85 37fa213d 7f9f4d5158"))
        #expect(staging.isControl)
    }

    @Test func whatIsWrittenIsCountedWithoutTheHeader() {
        var staging = WebSocketWriteStaging()
        #expect(fill(&staging, [[9, 9, 1, 2], [3]], skipping: 2))
        #expect(bytes(of: staging) == hex("82 03 010203"))
        #expect(staging.wrote(1) == 0)
        #expect(staging.wrote(2) == 1)
        #expect(bytes(of: staging) == [2, 3])
        #expect(staging.wrote(2) == 2)
        #expect(staging.isEmpty)
    }

    @Test func aFrameHasALimit() {
        var staging = WebSocketWriteStaging()
        let many = [UInt8](repeating: 7, count: 40_000)
        #expect(fill(&staging, [many, many]))
        #expect(bytes(of: staging) == hex("82 7e ffff") + Array(repeating: 7, count: 65_535))
        #expect(staging.wrote(65_539) == 65_535)
        #expect(fill(&staging, [many, many], skipping: 65_535))
        #expect(bytes(of: staging).count == 80_000 - 65_535 + 4)
    }

    @Test func nothingMakesNoFrame() {
        var staging = WebSocketWriteStaging()
        #expect(!fill(&staging, [[1, 2]], skipping: 2))
        #expect(!fill(&staging, []))
        #expect(staging.isEmpty)
    }
}
