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
import Dispatch

/// The benchmark harness: `swift run -c release eventhubs-bench`.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eventhubs-bench",
        abstract: "Measures this package: processor time and rates per event.",
        discussion:
            "Without a subcommand, all series but `peers`, in a few minutes. Benchmarks/README.md tells the rest.",
        subcommands: [
            SuiteCommand.self, ReceiveCommand.self, SendCommand.self, ProcessCommand.self, DecodeCommand.self,
            GzipCommand.self, MemoryCommand.self,
            LatencyCommand.self, TLSCommand.self, ScaleCommand.self, PeersCommand.self, ArticleCommand.self,
            ThresholdsCommand.self, ReplayCommand.self, ProbeCommand.self,
        ],
        defaultSubcommand: SuiteCommand.self
    )
}

/// The start of the program. Not asynchronous: valgrind cannot follow a main thread that ends in dispatch's sleep.
@main
enum Harness {
    static func main() {
        do {
            var command = try BenchCommand.parseAsRoot()
            guard let asynchronous = command as? any AsyncParsableCommand else { return try command.run() }
            let done = DispatchSemaphore(value: 0)
            run(asynchronous) { done.signal() }
            done.wait()
        } catch {
            BenchCommand.exit(withError: error)
        }
    }

    private static func run(
        _ command: sending any AsyncParsableCommand,
        whenDone: @escaping @Sendable () -> Void
    ) {
        Task { @concurrent in
            var command = command
            do {
                try await command.run()
                whenDone()
            } catch {
                BenchCommand.exit(withError: error)
            }
        }
    }
}
