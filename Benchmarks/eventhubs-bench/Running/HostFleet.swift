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

/// Hosts that share the partitions of one hub, each in a process of its own.
final class HostFleet {
    private let source: LoadSource
    private let store: LoadSource
    private let hosts: [ChildProcess]
    private let limits: [CPULimit]
    private let partitions: Int
    /// Whether every host is held to its share.
    let isCapped: Bool

    /// Starts them, and waits until each has its fair share of the partitions.
    init(hosts count: Int, partitions: Int, bodySize: Int, share: Double?) throws {
        let launcher = Launcher()
        source = try launcher.startSource(
            .own("replay", "--end-with-input", "--body-size", String(bodySize), "--partitions", String(partitions))
        )
        store = try launcher.startSource(.own("probe", "emulator", "--end-with-input"))
        self.partitions = partitions
        let command = Command.own("probe", "host", "--port", source.port, "--storage", store.words.last ?? "")
        hosts = try (0..<count).map { _ in try ChildProcess(command) }
        var limits: [CPULimit] = []
        var isCapped = share != nil
        if let share {
            for (number, host) in hosts.enumerated() {
                if let limit = CPULimit(name: String(number), share: share), limit.add(host.processIdentifier) {
                    limits.append(limit)
                } else {
                    isCapped = false
                }
            }
        }
        self.limits = limits
        self.isCapped = isCapped
        for host in hosts { try Self.wait(for: host, toOwn: partitions / count, command) }
    }

    deinit {
        for host in hosts { host.endInput() }
        for host in hosts { host.waitForExit() }
    }

    /// What all hosts together do in some seconds, and what one costs.
    func measure(seconds: Int) throws -> Sample {
        for host in hosts { try host.write("begin") }
        Thread.sleep(forTimeInterval: Double(seconds))
        for host in hosts { try host.write("end") }
        let samples = hosts.compactMap { host in
            host.remainingLines().last.flatMap { try? JSONDecoder().decode(Sample.self, from: Data($0.utf8)) }
        }
        func sum(_ metric: Metric) -> Double { samples.reduce(0) { $0 + ($1[metric.rawValue] ?? 0) } }
        let events = sum(.events)
        let cpuSeconds = samples.reduce(0) {
            $0 + ($1[Metric.events.rawValue] ?? 0) * ($1[Metric.cpuPerEvent.rawValue] ?? 0) * 1e-6
        }
        let seconds = sum(.seconds) / Double(max(samples.count, 1))
        return [
            Metric.events.rawValue: events,
            Metric.seconds.rawValue: seconds,
            Metric.eventsPerSecond.rawValue: sum(.eventsPerSecond),
            Metric.megabytesPerSecond.rawValue: sum(.megabytesPerSecond),
            Metric.cpuPerEvent.rawValue: cpuSeconds / events * 1e6,
            Metric.cpuPerHost.rawValue: cpuSeconds / seconds / Double(max(samples.count, 1)),
        ]
    }

    private static func wait(for host: ChildProcess, toOwn count: Int, _ command: Command) throws {
        while let line = host.nextLine() {
            if line.hasPrefix("owns "), let owned = Int(line.dropFirst(5)), owned == count { return }
        }
        throw LaunchError(command, "it ended before it owned its share of \(count) partitions", [])
    }
}
