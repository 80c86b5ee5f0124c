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
import EventHubsEmulator

/// `eventhubs demo`: the whole path in one process.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run an emulator, a producer and two hosts in one process, with a live table.",
        discussion: """
            One host is stopped half-way to show the take-over. Ends by itself in under 20 s with a summary: was every event \
            processed, in order, and how many twice? Exits 1 if not.
            """
    )

    @Flag(help: "Run on until SIGINT, stopping and starting hosts.")
    var forever = false

    @Option(help: ArgumentHelp("Events per second to send.", valueName: "n"))
    var rate = DemoPlan().eventsPerSecond

    @OptionGroup var logging: LoggingOptions

    func validate() throws {
        guard (1...1_000_000).contains(rate) else { throw ValidationError("--rate is 1 to 1000000.") }
    }

    @concurrent
    func run() async throws {
        let command = self
        let outcome = Outcome()
        try await runUntilSignal(logger: logging.logger("demo")) {
            try await outcome.set(command.play())
        }
        guard await outcome.isProven else { throw ExitCode(1) }
    }

    private actor Outcome {
        private(set) var isProven = false
        func set(_ summary: DemoSummary) { isProven = summary.isProven }
    }

    private func play() async throws -> DemoSummary {
        var plan = DemoPlan()
        plan.eventsPerSecond = rate
        let logger = logging.logger("demo")
        var configuration = EmulatorConfiguration(hubs: [.init(name: plan.hub, partitionCount: plan.partitions)])
        configuration.retainedBytesPerPartition = 32 * 1024 * 1024
        configuration.logger = logger
        let screen = DemoScreen()
        let (finalPlan, runsForever) = (plan, forever)
        let summary = try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let connectionString = emulator.connectionString(hub: finalPlan.hub)
            let producer = try EventHubProducer(
                connectionString: connectionString,
                configuration: EventHubsConfiguration(identifier: "demo-sender", logger: logger)
            )
            let ledger = DemoLedger(partitions: emulator.partitions(of: finalPlan.hub).map { PartitionID($0.id) })
            let fleet = DemoFleet(
                connectionString: connectionString,
                plan: finalPlan,
                ledger: ledger,
                logger: logger
            )
            let run = DemoRun(
                plan: finalPlan,
                runsForever: runsForever,
                screen: screen,
                emulator: emulator,
                fleet: fleet,
                sender: DemoSender(producer: producer, plan: finalPlan),
                ledger: ledger
            )
            let result: Result<DemoSummary, any Error>
            do {
                result = .success(try await run.play())
            } catch {
                result = .failure(error)
                await fleet.cancel()
            }
            await producer.close()
            return try result.get()
        }
        screen.finish(summary.lines)
        return summary
    }
}
