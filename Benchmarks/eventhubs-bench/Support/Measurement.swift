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

internal import Synchronization

/// What one run of a benchmark cost, from its first event to its last.
struct Measurement {
    var events: Int
    var bodyBytes: Int
    var usage: ProcessUsage

    /// One object on one line; the keys are part of the command line's contract.
    var json: String {
        let perEvent = 1e6 / Double(max(events, 1))
        let fields: [(String, String)] = [
            ("events", String(events)),
            ("seconds", Self.number(usage.wallSeconds)),
            ("events_per_second", Self.number(Double(events) / usage.wallSeconds)),
            ("mb_per_second", Self.number(Double(bodyBytes) / usage.wallSeconds / 1e6)),
            ("cpu_us_per_event", Self.number(usage.cpuSeconds * perEvent)),
            ("user_us_per_event", Self.number(usage.userSeconds * perEvent)),
            ("system_us_per_event", Self.number(usage.systemSeconds * perEvent)),
            ("peak_rss_bytes", String(ProcessUsage.peakResidentBytes)),
        ]
        return "{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
    }

    /// The same for people.
    var text: String {
        let perEvent = 1e6 / Double(max(events, 1))
        return """
            events          \(events)
            seconds         \(Self.number(usage.wallSeconds))
            events/s        \(Self.number(Double(events) / usage.wallSeconds))
            body MB/s       \(Self.number(Double(bodyBytes) / usage.wallSeconds / 1e6))
            CPU µs/event    \(Self.number(usage.cpuSeconds * perEvent))
              user          \(Self.number(usage.userSeconds * perEvent))
              system        \(Self.number(usage.systemSeconds * perEvent))
            peak RSS MB     \(Self.number(Double(ProcessUsage.peakResidentBytes) / 1e6))
            """
    }

    /// Four decimals, which is a tenth of a nanosecond in a figure in microseconds.
    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let scaled = (value * 10_000).rounded()
        guard abs(scaled) < 1e18 else { return String(value) }
        let whole = Int(scaled) / 10_000
        let fraction = String(abs(Int(scaled)) % 10_000)
        return "\(whole)." + String(repeating: "0", count: 4 - fraction.count) + fraction
    }
}

/// Starts with the first event of any connection and stops with the last one.
final class Meter: Sendable {
    private struct State {
        var start: ProcessUsage?
        var end: ProcessUsage?
        var events = 0
        var bodyBytes = 0
    }

    private let state = Mutex(State())

    /// Notes the first event, once.
    func begin() {
        state.withLock { state in
            if state.start == nil { state.start = ProcessUsage.now() }
        }
    }

    /// Adds what one connection has done; its last event is the measurement's last so far.
    func finish(events: Int, bodyBytes: Int) {
        let now = ProcessUsage.now()
        state.withLock { state in
            state.end = now
            state.events += events
            state.bodyBytes += bodyBytes
        }
    }

    /// The measurement, nil before anything has been measured.
    var measurement: Measurement? {
        state.withLock { state in
            guard let start = state.start, let end = state.end else { return nil }
            return Measurement(events: state.events, bodyBytes: state.bodyBytes, usage: end - start)
        }
    }
}
