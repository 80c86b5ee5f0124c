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

/// Rows of text under headings, the columns aligned.
struct TextTable {
    var headings: [String]
    var rows: [[String]]
    /// How many columns from the left are text; the others are numbers and stand at the right.
    var textColumns = 2

    /// The lines, without trailing spaces.
    var lines: [String] {
        let all = [headings] + rows
        let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        func line(_ row: [String]) -> String {
            let cells = zip(row, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return column < textColumns ? cell.0 + padding : padding + cell.0
            }
            let text = cells.joined(separator: "  ")
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
        return [line(headings), widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")]
            + rows.map(line)
    }
}

extension Series {
    /// A column of the table: a heading, and what it says of a row.
    struct Column {
        var heading: String
        var text: (Row) -> String
        var isEmpty: ([Row]) -> Bool
    }

    private static func column(
        _ metric: Metric,
        _ heading: String,
        scale: Double = 1,
        withRange: Bool = true
    ) -> Column {
        Column(heading: heading) { row in
            Figures.spread(
                row[metric].flatMap { spread in
                    Spread(
                        withRange
                            ? [spread.min * scale, spread.median * scale, spread.max * scale] : [spread.median * scale]
                    )
                }
            )
        } isEmpty: { rows in
            rows.allSatisfy { $0[metric] == nil }
        }
    }

    private static var columns: [Column] {
        [
            column(.eventsPerSecond, "events/s"),
            column(.megabytesPerSecond, "body MB/s", withRange: false),
            column(.cpuPerEvent, "CPU µs/event"),
            column(.userPerEvent, "user", withRange: false),
            column(.systemPerEvent, "system", withRange: false),
            Column(heading: "× reference") {
                Figures.spread($0.ratio, Figures.digits)
            } isEmpty: { rows in
                rows.allSatisfy { $0.ratio == nil }
            },
            column(.bytesPerEvent, "bytes/event", withRange: false),
            column(.cpuPerHost, "CPU per host"),
            column(.latencyMedian, "p50 µs"),
            column(.latency90, "p90 µs"),
            column(.latency99, "p99 µs"),
            column(.latency999, "p99.9 µs"),
            column(.latencyMaximum, "max µs"),
            column(.peakResidentBytes, "RSS MB", scale: 1e-6, withRange: false),
        ]
    }

    /// Only the columns that say something.
    var table: TextTable {
        let columns = Self.columns.filter { !$0.isEmpty(rows) }
        return TextTable(
            headings: [axis, ""] + columns.map(\.heading),
            rows: rows.map { row in
                [row.point, row.contender + (row.isQuoted == true ? " (published)" : "")]
                    + columns.map { $0.text(row) }
            }
        )
    }
}
