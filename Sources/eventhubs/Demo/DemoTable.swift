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

/// What the demo shows at one moment.
struct DemoSnapshot: Equatable {
    struct Row: Equatable {
        var partition: String
        var owner: String?
        var eventsPerSecond: Double
        var lag: Int64
        var checkpoint: Int64?
        var processed: Int
    }

    var elapsed: Duration
    var address: String
    var rows: [Row]
    /// Hosts that run, in the order they were started.
    var hosts: [String]
}

/// Puts a ``DemoSnapshot`` into lines: a table for a terminal, one line for everything else.
enum DemoTable {
    private static let widths = [9, 9, 11, 9, 13, 13]

    static func table(_ snapshot: DemoSnapshot) -> [String] {
        var lines = [
            "swift-event-hubs demo: emulator at \(snapshot.address), \(snapshot.rows.count) partitions, \(seconds(snapshot.elapsed))",
            "",
            columns(["partition", "owner", "events/s", "lag", "checkpoint", "processed"]),
        ]
        for row in snapshot.rows {
            lines.append(
                columns([
                    row.partition, row.owner ?? "-", grouped(Int64(row.eventsPerSecond)), grouped(row.lag),
                    row.checkpoint.map(grouped) ?? "-", grouped(Int64(row.processed)),
                ])
            )
        }
        let rate = snapshot.rows.reduce(0) { $0 + $1.eventsPerSecond }
        let lag = snapshot.rows.reduce(0) { $0 + $1.lag }
        let processed = snapshot.rows.reduce(0) { $0 + $1.processed }
        lines.append(columns(["all", "", grouped(Int64(rate)), grouped(lag), "", grouped(Int64(processed))]))
        return lines
    }

    static func line(_ snapshot: DemoSnapshot) -> String {
        let rate = snapshot.rows.reduce(0) { $0 + $1.eventsPerSecond }
        let lag = snapshot.rows.reduce(0) { $0 + $1.lag }
        let processed = snapshot.rows.reduce(0) { $0 + $1.processed }
        let shares = snapshot.hosts.map { host in
            let owned = snapshot.rows.filter { $0.owner == host }.map(\.partition)
            return "\(host): \(owned.isEmpty ? "-" : owned.joined(separator: " "))"
        }
        return """
            \(seconds(snapshot.elapsed))  \(grouped(Int64(rate))) events/s  lag \(grouped(lag))  \
            processed \(grouped(Int64(processed)))  \(shares.joined(separator: ", "))
            """
    }

    /// `12.3 s`
    static func seconds(_ duration: Duration) -> String {
        let tenths = Int64((duration / .milliseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }

    /// `1,234,567`
    static func grouped(_ number: Int64) -> String {
        var digits = String(number.magnitude)
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.append(digits.suffix(3))
            digits = String(digits.dropLast(3))
        }
        groups.append(digits[...])
        return (number < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
    }

    /// Text to the left in the first two columns, numbers to the right.
    private static func columns(_ cells: [String]) -> String {
        zip(cells, widths).enumerated().map { index, cell in
            let padding = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
            return index < 2 ? cell.0 + padding : padding + cell.0
        }.joined(separator: "  ")
    }
}
