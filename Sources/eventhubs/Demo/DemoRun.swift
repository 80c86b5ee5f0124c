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
import EventHubsEmulator
import EventHubsProcessor
import Logging
import ServiceLifecycle

/// One run of the demo against a running emulator.
struct DemoRun: Sendable {
    let plan: DemoPlan
    let runsForever: Bool
    let screen: DemoScreen
    let emulator: EventHubsEmulator
    let fleet: DemoFleet
    let sender: DemoSender
    let ledger: DemoLedger
    let started = ContinuousClock.now

    private enum Part {
        case sender
        case script(DemoSummary.TakeOver?)
        case drawing
    }

    private var elapsed: Duration { ContinuousClock.now - started }

    /// Plays the script and returns what it has shown.
    func play() async throws -> DemoSummary {
        var takeOver: DemoSummary.TakeOver?
        try await withThrowingTaskGroup(of: Part.self) { group in
            group.addTask { @concurrent in
                try await sender.run()
                return .sender
            }
            group.addTask { @concurrent in
                await draw()
                return .drawing
            }
            group.addTask { @concurrent in .script(try await script()) }
            while let part = try await group.next() {
                if case .script(let result) = part {
                    takeOver = result
                    group.cancelAll()
                }
            }
        }
        try await fleet.stopAll()
        let stored = emulator.partitions(of: plan.hub).reduce(0) { $0 + $1.lastSequenceNumber + 1 }
        return DemoSummary(
            sent: sender.sent,
            stored: stored,
            ledger: ledger.total,
            partitions: plan.partitions,
            takeOver: takeOver
        )
    }

    private func script() async throws -> DemoSummary.TakeOver? {
        let nextName = nameMaker()
        let (first, second) = (nextName(), nextName())
        try await fleet.start(first)
        try await fleet.start(second)
        tell("\(first) and \(second) start and share \(plan.partitions) partitions")
        var takeOver: DemoSummary.TakeOver?
        if try await goesOn(until: started + plan.stopHostAfter) {
            let before = ledger.total.repeats
            if let duration = try await stopOldest() {
                // What the new owners read again comes first: give it a moment.
                try await Task.sleep(for: .milliseconds(300))
                takeOver = DemoSummary.TakeOver(duration: duration, repeats: ledger.total.repeats - before)
            }
            while runsForever, try await goesOn(until: .now + plan.pauseBetweenHosts) {
                let name = nextName()
                try await fleet.start(name)
                tell("\(name) starts and takes its share")
                guard try await goesOn(until: .now + plan.stopHostAfter) else { break }
                _ = try await stopOldest()
            }
            if !runsForever { _ = try await goesOn(until: started + plan.sendFor) }
        }
        sender.stop()
        tell("no more events are sent; the hosts catch up")
        let deadline = ContinuousClock.now + plan.catchUpFor
        while ledger.total.events < sender.sent, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
        }
        // What is sent last may be counted late: one more look.
        try await Task.sleep(for: .milliseconds(100))
        return takeOver
    }

    /// Stops the host that has been there longest and waits until the others have its partitions.
    private func stopOldest() async throws -> Duration? {
        guard let name = await fleet.names.first else { return nil }
        let began = ContinuousClock.now
        tell("\(name) is stopped: it finishes its batches, stores checkpoints and gives its leases back")
        try await fleet.stop(name)
        let deadline = began + .seconds(10)
        while await fleet.owners().count < plan.partitions {
            guard ContinuousClock.now < deadline else {
                tell("not all partitions have a new owner yet")
                return nil
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        let duration = ContinuousClock.now - began
        let others = await fleet.names.joined(separator: ", ")
        tell("\(others) has every partition, \(DemoTable.seconds(duration)) later")
        return duration
    }

    /// Waits; false when the demo was told to end meanwhile.
    private func goesOn(until time: ContinuousClock.Instant) async throws -> Bool {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(until: time, clock: .continuous) }
            return true
        } catch is CancellationError {
            try Task.checkCancellation()
            return false
        }
    }

    private func draw() async {
        var meter = DemoMeter(ledger: ledger, address: "127.0.0.1:\(emulator.amqpPort)")
        while !Task.isCancelled {
            let statuses = await fleet.statuses()
            screen.show(
                meter.snapshot(at: elapsed, partitions: emulator.partitions(of: plan.hub), statuses: statuses)
            )
            try? await Task.sleep(for: plan.redrawInterval)
        }
    }

    private func tell(_ text: String) { screen.tell(text, at: elapsed) }

    /// host-a to host-z, then host-27 and so on.
    private func nameMaker() -> () -> String {
        var count = 0
        return {
            defer { count += 1 }
            let letters = Array("abcdefghijklmnopqrstuvwxyz")
            return count < letters.count ? "host-\(letters[count])" : "host-\(count + 1)"
        }
    }
}
