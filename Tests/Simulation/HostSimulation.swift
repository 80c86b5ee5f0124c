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

import ArgumentParser
import EventHubs
import Foundation

/// The program: `host-simulation --help` tells what it can do, README.md what it simulates.
@main
struct HostSimulation: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host-simulation",
        abstract: "Plays event processor hosts in a simulated world, one seed after the other.",
        subcommands: [HostsCommand.self, SelfTestCommand.self, BalancerCommand.self],
        defaultSubcommand: HostsCommand.self
    )

    static func main() {
        Program.requireDeterministicHashing()
        ConcurrencyHook.install()
        main(nil)
    }
}

/// This program as something to be started.
enum Program {
    static let path = Bundle.main.executablePath ?? CommandLine.arguments[0]

    /// The order of dictionaries has to repeat itself: the runtime wants that said before it starts.
    static func requireDeterministicHashing() {
        let variable = "SWIFT_DETERMINISTIC_HASHING"
        guard ProcessInfo.processInfo.environment[variable] == nil else { return }
        setenv(variable, "1", 1)
        // A world takes and gives back the same small pieces of memory all the time: the C library is to keep more than a few at hand.
        setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=2000", 0)
        var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
        arguments.append(nil)
        execv(path, arguments)
        fatalError("\(path) cannot be started again: \(String(cString: strerror(errno)))")
    }

    /// Runs this program with the arguments.
    ///
    /// - Returns: What it printed, and its exit code.
    static func run(_ arguments: [String]) throws -> (output: String, code: Int32) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: output, as: UTF8.self), process.terminationStatus)
    }
}
