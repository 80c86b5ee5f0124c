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

import FixtureSupport
import Foundation
import Testing

/// The built command: what it prints where, and its exit codes.
@Suite struct InspectCommandTests {
    struct Outcome {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Runs `eventhubs` with arguments and input.
    private func run(_ arguments: [String], input: [UInt8] = []) throws -> Outcome {
        let directory = try #require(Bundle.main.executableURL).deletingLastPathComponent()
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("inspect-\(UUID().uuidString)")
        try Data(input).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = directory.appendingPathComponent("eventhubs")
        process.arguments = arguments
        let output = Pipe()
        let errors = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let outputData = try output.fileHandleForReading.readToEnd() ?? Data()
        let errorData = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: String(decoding: outputData, as: UTF8.self),
            errors: String(decoding: errorData, as: UTF8.self)
        )
    }

    @Test func badUsageIsTwo() throws {
        for arguments in [["inspect"], ["inspect", "--frames", "--values"], ["inspect", "--what"], ["nothing"]] {
            let outcome = try self.run(arguments)
            #expect(outcome.status == 2)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.contains("Usage:"))
        }
        #expect(try self.run(["--help"]).status == 0)
    }

    @Test func aFileThatIsNotThereIsOne() throws {
        let outcome = try self.run(["inspect", "--frames", "/nowhere/at/all"])
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("/nowhere/at/all"))
    }

    @Test func fixturesAreReadable() throws {
        let path = FixtureFile.directory + "/Frames/wire-contract.hex"
        let outcome = try self.run(["inspect", "--frames", "--hex", path])
        #expect(outcome.status == 0)
        #expect(outcome.output.split(separator: "\n").count == 22)
        #expect(outcome.errors.isEmpty)
    }

    @Test func malformedInputIsOneAfterWhatCameBefore() throws {
        let json = try self.run(["inspect", "--values", "--hex", "--json"], input: Array("4041a1".utf8))
        #expect(json.status == 1)
        #expect(json.output.hasPrefix("{\"values\":[[\"null\"],[\"bool\",true]]}\n{\"error\":"))
        #expect(json.output.contains("\"offset\":3}"))
        #expect(json.errors.contains("at byte 3"))
        let text = try self.run(["inspect", "--frames"], input: [0, 0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0])
        #expect(text.status == 1)
        #expect(text.output == "       0 ch 0 empty\n")
        #expect(text.errors.contains("at byte 8"))
    }

    @Test func linesAreZero() throws {
        let outcome = try self.run(
            ["inspect", "--values", "--lines", "--hex", "--json"],
            input: Array("4f\n40\n".utf8)
        )
        #expect(outcome.status == 0)
        #expect(outcome.output.split(separator: "\n").count == 2)
    }

    @Test func hugeClaimsCostNothing() throws {
        let clock = ContinuousClock()
        let start = clock.now
        let claims: [[UInt8]] = [
            [0xF0, 0, 0, 0, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0x40],
            [0xD0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0xB0, 0xFF, 0xFF, 0xFF, 0xFF],
            [UInt8](repeating: 0, count: 200_000),
        ]
        for claim in claims {
            #expect(try self.run(["inspect", "--values", "--json"], input: claim).status == 1)
        }
        #expect(clock.now - start < .seconds(20))
    }
}
