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

@Suite struct LineReaderTests {
    private func lines(of text: String, chunks: Int = .max) async throws -> [String] {
        // A reader that refuses a line closes its end while the writer still writes.
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        defer { close(reading) }
        let bytes = Array(text.utf8)
        let writer = Task {
            await withCheckedContinuation { continuation in
                // It waits for the reader, which needs a thread of the pool.
                Thread.detachNewThread {
                    var rest = bytes[...]
                    while !rest.isEmpty {
                        let chunk = Array(rest.prefix(chunks))
                        _ = chunk.withUnsafeBytes { write(writing, $0.baseAddress, $0.count) }
                        rest = rest.dropFirst(chunk.count)
                    }
                    close(writing)
                    continuation.resume()
                }
            }
        }
        let reader = LineReader(descriptor: reading, name: "test")
        var lines: [String] = []
        while true {
            switch try await reader.next() {
            case .line(let line): lines.append(String(decoding: line, as: UTF8.self))
            case .nothingYet: continue
            case .end:
                await writer.value
                return lines
            }
        }
    }

    @Test(arguments: [Int.max, 1, 3])
    func linesAtEverySplit(chunks: Int) async throws {
        #expect(try await lines(of: "one\ntwo\r\n\nthree", chunks: chunks) == ["one", "two", "three"])
    }

    @Test func nothingIsNoLine() async throws {
        #expect(try await lines(of: "") == [])
        #expect(try await lines(of: "\n\r\n") == [])
    }

    @Test func aLineWithoutEndIsRefused() async throws {
        let text = "short\n" + String(repeating: "x", count: LineReader.maximumLength + 200_000)
        await #expect(throws: CommandFailure.self) { try await self.lines(of: text) }
    }

    @Test func silenceIsTold() async throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer {
            close(ends[0])
            close(ends[1])
        }
        let reader = LineReader(descriptor: ends[0], name: "test")
        #expect(try await reader.next() == .nothingYet)
    }
}
