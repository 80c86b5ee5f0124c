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

internal import ArgumentParser
import Foundation

/// Counts of instructions and allocations, which are the same on every machine of a kind, against recorded limits.
struct ThresholdsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "thresholds",
        abstract: "Count instructions and allocations per event under valgrind, and fail where a limit is passed.",
        discussion: "Reads Benchmarks/Thresholds/*.json. Needs valgrind and strip."
    )

    func run() throws {
        let folder = URL(fileURLWithPath: "\(PackageFolder.path)/Benchmarks/Thresholds")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        let thresholds = try files.map { try JSONDecoder().decode(Threshold.self, from: Data(contentsOf: $0)) }
        let program = try StrippedProgram()
        let progress = Progress()
        var table = TextTable(headings: ["per event", "", "measured", "limit", ""], rows: [])
        var exceeded = 0
        for threshold in thresholds {
            for (quantity, limit) in threshold.limits {
                progress.show("thresholds: \(threshold.name), \(quantity.rawValue)")
                let measured = try threshold.measure(quantity, with: program)
                let isWithin = measured <= limit
                exceeded += isWithin ? 0 : 1
                table.rows.append([
                    threshold.name, quantity.rawValue, Figures.digits(measured), Figures.digits(limit),
                    isWithin ? "ok" : "too many",
                ])
            }
        }
        progress.clear()
        for line in table.lines { print(line) }
        guard exceeded == 0 else { throw ExitCode.failure }
    }
}

/// What one kind of work may cost: a file of `Benchmarks/Thresholds`.
struct Threshold: Codable, Hashable, Sendable {
    enum Quantity: String, Codable, Hashable, Sendable {
        case instructions
        case allocations
    }

    var name: String
    /// The arguments of the harness; `{events}` stands for their number, `{port}` for that of the load source.
    var arguments: [String]
    /// The arguments of the load source, if one is needed.
    var source: [String]?
    /// The arguments of work that is not meant, whose count is taken off.
    var baseline: [String]?
    /// Two numbers of events: what is counted is the difference, so that starting and stopping do not count.
    var events: [Int]
    /// Instructions in user space for each event at most.
    var instructionsPerEvent: Double?
    /// Calls of the allocator for each event at most.
    var allocationsPerEvent: Double?

    enum CodingKeys: String, CodingKey {
        case name, arguments, source, baseline, events
        case instructionsPerEvent = "instructions_per_event"
        case allocationsPerEvent = "allocations_per_event"
    }

    var limits: [(Quantity, Double)] {
        [(Quantity.instructions, instructionsPerEvent), (.allocations, allocationsPerEvent)].compactMap {
            quantity,
            limit in
            limit.map { (quantity, $0) }
        }
    }

    func measure(_ quantity: Quantity, with program: StrippedProgram) throws -> Double {
        guard events.count == 2, events[1] > events[0] else {
            throw ValidationError("\(name): \"events\" has to be two numbers, the larger one last")
        }
        let whole = try perEvent(quantity, arguments, with: program)
        guard let baseline else { return whole }
        return try whole - perEvent(quantity, baseline, with: program)
    }

    private func perEvent(_ quantity: Quantity, _ arguments: [String], with program: StrippedProgram) throws -> Double {
        let counts = try events.map { try count(quantity, arguments, events: $0, with: program) }
        return (counts[1] - counts[0]) / Double(events[1] - events[0])
    }

    private func count(
        _ quantity: Quantity,
        _ arguments: [String],
        events: Int,
        with program: StrippedProgram
    ) throws -> Double {
        let load = try source.map { try Launcher().startSource(.own($0)) }
        defer { withExtendedLifetime(load) {} }
        let arguments = arguments.map {
            $0.replacing("{events}", with: String(events)).replacing("{port}", with: load?.port ?? "")
        }
        return try program.count(quantity, arguments: arguments)
    }
}

/// This program without its debugging information, which valgrind 3.19 cannot read.
final class StrippedProgram {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("eventhubs-bench-\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let command = Command(
            executable: "/usr/bin/strip",
            arguments: ["-o", "\(folder.path)/program", Launcher.ownExecutable]
        )
        guard try ChildProcess(command).waitForExit() == 0 else { throw LaunchError(command, "it failed", []) }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Runs the program under valgrind and reads the total from valgrind's log.
    func count(_ quantity: Threshold.Quantity, arguments: [String]) throws -> Double {
        let log = "\(folder.path)/log"
        let (tool, mark) =
            switch quantity {
            case .instructions: (["--tool=callgrind", "--callgrind-out-file=/dev/null"], "Collected :")
            case .allocations: (["--tool=memcheck", "--undef-value-errors=no"], "total heap usage:")
            }
        let command = Command(
            executable: "/usr/bin/timeout",
            arguments: ["--foreground", "300", "/usr/bin/valgrind"] + tool
                + ["--log-file=\(log)", "\(folder.path)/program"] + arguments
        )
        let child = try ChildProcess(command)
        let lines = child.remainingLines()
        let status = child.waitForExit()
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        guard status == 0, let number = Self.number(after: mark, in: text) else {
            throw LaunchError(
                command,
                "it ended with code \(status)",
                lines + text.split(separator: "\n").map(String.init)
            )
        }
        return number
    }

    /// The number that follows `mark`; valgrind writes it with commas.
    static func number(after mark: String, in text: String) -> Double? {
        guard let range = text.firstRange(of: mark) else { return nil }
        let digits = text[range.upperBound...].drop { $0 == " " }.prefix { $0.isNumber || $0 == "," }
        return Double(digits.filter { $0 != "," })
    }
}
