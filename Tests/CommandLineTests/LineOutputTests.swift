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

import Foundation
import Testing

@testable import eventhubs

@Suite struct LineOutputTests {
    private func pipeEnds() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    @Test func linesGoOutWithTheFlush() throws {
        let (reading, writing) = try pipeEnds()
        let output = LineOutput(descriptor: writing)
        output.line("one")
        output.line("two")
        output.flush()
        close(writing)
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = read(reading, &buffer, buffer.count)
        close(reading)
        #expect(String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self) == "one\ntwo\n")
        #expect(!output.isTerminal)
        #expect(output.isOpen)
    }

    @Test func aReaderThatHasGoneIsNoticed() throws {
        signal(SIGPIPE, SIG_IGN)
        let (reading, writing) = try pipeEnds()
        close(reading)
        let output = LineOutput(descriptor: writing)
        output.line("nobody reads this")
        output.flush()
        close(writing)
        #expect(!output.isOpen)
    }
}
