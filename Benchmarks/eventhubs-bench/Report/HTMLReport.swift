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

/// One page that shows a report: the plots, and the tables under them. It loads nothing from elsewhere.
struct HTMLReport {
    var report: Report

    var document: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>swift-event-hubs: measurements</title>
        <style>
        \(Self.style)
        </style>
        </head>
        <body>
        <header>
        <h1>swift-event-hubs: measurements</h1>
        <p>\(escaped(report.started)) · commit \(escaped(report.machine.commit ?? "unknown")) ·
        \(escaped(report.machine.summary))</p>
        <p>Each figure is the median of \(report.settings.repeats) interleaved repeats, in parentheses the lowest and the
        highest. <em>CPU µs/event</em> is user and system time of the measured process alone; its load source runs in a process
        of its own. <em>× reference</em> compares with the series' reference in the same round: on a shared machine that is the
        figure to trust.\(placement)</p>
        </header>
        \(report.series.map(section).joined(separator: "\n"))
        </body>
        </html>

        """
    }

    private var placement: String {
        guard let source = report.settings.sourceCPU, let measured = report.settings.measuredCPU else { return "" }
        return " Source on CPU \(source), measured process on CPU \(measured), unless a series says otherwise."
    }

    private func section(_ series: Series) -> String {
        let plots = series.plots.map { "<figure>\n\($0.svg)</figure>" }.joined(separator: "\n")
        let table = series.table
        let head = table.headings.map { "<th>\(escaped($0))</th>" }.joined()
        var last = ""
        let rows = table.rows.map { row in
            // The point is written where it changes.
            let cells = row.enumerated().map { column, cell in
                "<td>\(column == 0 && cell == last ? "" : escaped(cell))</td>"
            }
            defer { last = row[0] }
            return "<tr\(row[0] == last ? "" : " class=\"first\"")>\(cells.joined())</tr>"
        }
        return """
            <section>
            <h2>\(escaped(series.title))</h2>
            <p>\(escaped(series.note))</p>
            <div class="plots">\(plots)</div>
            <div class="table"><table>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table></div>
            </section>
            """
    }

    private func escaped(_ text: String) -> String { SVGWriter.escaped(text) }

    private static let style = """
        :root { color-scheme: light dark; --text: #1f2328; --muted: #59636e; --line: #d8dee4; --page: #ffffff; }
        @media (prefers-color-scheme: dark) {
          :root { --text: #e6edf3; --muted: #9198a1; --line: #3d444d; --page: #0d1117; }
        }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
          max-width: 1320px; margin: 0 auto; padding: 24px 24px 64px; }
        h1 { font-size: 24px; margin: 0 0 8px; } h2 { font-size: 18px; margin: 0 0 4px; }
        header p, section > p { color: var(--muted); margin: 4px 0; max-width: 100ch; }
        section { border-top: 1px solid var(--line); margin-top: 28px; padding-top: 20px; }
        .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 520px), 1fr)); gap: 16px; }
        figure { margin: 12px 0; } figure svg { width: 100%; height: auto; display: block; }
        .table { overflow-x: auto; }
        table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
        th { font-weight: 600; text-align: right; white-space: nowrap; }
        th, td { padding: 4px 14px 4px 0; } td { text-align: right; white-space: nowrap; }
        th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left; }
        thead th { border-bottom: 1px solid var(--line); }
        tr.first:not(:first-child) td { border-top: 1px solid var(--line); }
        """
}

extension Series {
    /// The plots that this series is worth.
    var plots: [Plot] {
        let candidates: [Plot?] =
            if rows.contains(where: { $0[.latencyMedian] != nil }) {
                [latencyPlot]
            } else if rows.contains(where: { $0.isQuoted == true }) {
                [plot(.megabytesPerSecond, title: title, valuesTitle: "body MB/s")]
            } else {
                [
                    plot(.eventsPerSecond, title: "\(title): events per second", valuesTitle: "events/s"),
                    plot(.cpuPerEvent, title: "\(title): processor time", valuesTitle: "CPU µs per event"),
                ]
            }
        return candidates.compactMap(\.self)
    }

    /// Percentiles along the axis, a line for each row.
    private var latencyPlot: Plot? {
        let metrics: [(Metric, String)] = [
            (.latencyMedian, "p50"), (.latency90, "p90"), (.latency99, "p99"), (.latency999, "p99.9"),
            (.latencyMaximum, "max"),
        ]
        return Plot(
            title: title,
            pointsTitle: "percentile",
            valuesTitle: "µs",
            points: metrics.map(\.1),
            lines: rows.map { row in Plot.Line(name: row.point, values: metrics.map { row[$0.0] }) }
        )
    }
}
