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

/// A program to run, with its arguments.
struct Command: Sendable {
    var executable: String
    var arguments: [String]

    /// This program, asked to do `arguments`.
    static func own(_ arguments: String...) -> Command { own(arguments) }

    static func own(_ arguments: [String]) -> Command {
        Command(executable: Launcher.ownExecutable, arguments: arguments)
    }
}

/// Runs programs as child processes: what is measured never shares a process with what it is measured against.
struct Launcher: Sendable {
    /// The processors for the load source and for what is measured; nil: wherever the system puts them.
    var sourceCPU: Int?
    var measuredCPU: Int?

    /// Two processors, one for each side, where there are two and `taskset` to bind to them.
    static func bound() -> Launcher {
        guard ProcessInfo.processInfo.activeProcessorCount > 1,
            FileManager.default.isExecutableFile(atPath: taskset)
        else { return Launcher() }
        return Launcher(sourceCPU: 0, measuredCPU: 1)
    }

    static let ownExecutable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    private static let taskset = "/usr/bin/taskset"
    /// Longer than any measurement should take.
    private static let timeLimit = "150"

    /// Runs `command` to its end and reads the JSON object in the last line that it prints.
    /// - Throws: ``LaunchError``, which tells what the program said.
    func measure(_ command: Command) throws -> Sample {
        let limited = Command(
            executable: "/usr/bin/timeout",
            arguments: ["--foreground", "--kill-after=5", Self.timeLimit, command.executable] + command.arguments
        )
        let child = try ChildProcess(bound(limited, to: measuredCPU))
        let lines = child.remainingLines()
        let status = child.waitForExit()
        guard status == 0 else { throw LaunchError(command, "it ended with code \(status)", lines) }
        guard let line = lines.last, let sample = try? JSONDecoder().decode(Sample.self, from: Data(line.utf8)) else {
            throw LaunchError(command, "its last line is no JSON object of numbers", lines)
        }
        return sample
    }

    /// Starts a load source that prints `ready …` when it listens, and that ends when its standard input does.
    func startSource(_ command: Command) throws -> LoadSource {
        let child = try ChildProcess(bound(command, to: sourceCPU))
        guard let line = child.nextLine(), line.hasPrefix("ready ") else {
            child.endInput()
            throw LaunchError(command, "it did not get ready", child.remainingLines())
        }
        return LoadSource(child: child, words: line.split(separator: " ").dropFirst().map(String.init))
    }

    private func bound(_ command: Command, to cpu: Int?) -> Command {
        guard let cpu else { return command }
        return Command(
            executable: Self.taskset,
            arguments: ["--cpu-list", String(cpu), command.executable] + command.arguments
        )
    }
}

/// A load source in a process of its own, for as long as this object is referred to.
final class LoadSource: Sendable {
    private let child: ChildProcess
    /// What it said after `ready`.
    let words: [String]

    init(child: ChildProcess, words: [String]) {
        self.child = child
        self.words = words
    }

    /// The port that it listens on: the end of its first word.
    var port: String { String(words.first?.split(separator: ":").last ?? "0") }

    deinit {
        child.endInput()
        child.waitForExit()
    }
}

/// A program that could not be run, or did not do what it should.
struct LaunchError: Error, CustomStringConvertible {
    let description: String

    init(_ command: Command, _ reason: String, _ lines: [String]) {
        let text = ([command.executable] + command.arguments).joined(separator: " ")
        description = (["\(text): \(reason)"] + lines.suffix(5)).joined(separator: "\n  ")
    }
}
