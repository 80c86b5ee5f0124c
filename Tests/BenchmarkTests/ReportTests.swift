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
import Testing

@testable import eventhubs_bench

@Suite struct ReportTests {
    private static let report = Report(
        started: "2026-11-25T22:50:00Z",
        machine: Machine(
            processor: "A <processor>",
            cores: 2,
            memoryBytes: 24 << 30,
            system: "Linux",
            compiler: "6.3",
            openSSL: "OpenSSL 3",
            commit: "0123456789ab",
            isOptimized: true
        ),
        settings: .init(arguments: ["receive"], repeats: 2, sourceCPU: 0, measuredCPU: 1),
        series: [
            Series(
                name: "receive",
                title: "Receive",
                note: "A note.",
                axis: "body",
                rows: ["100 B", "1 KiB"].flatMap { point in
                    let drain: [Sample] = [
                        ["cpu_us_per_event": 0.05, "events_per_second": 9e6, "peak_rss_bytes": 12e6],
                        ["cpu_us_per_event": 0.1, "events_per_second": 5e6, "peak_rss_bytes": 12e6],
                    ]
                    let own: [Sample] = [
                        ["cpu_us_per_event": 0.1, "events_per_second": 8e6, "peak_rss_bytes": 30e6],
                        ["cpu_us_per_event": 0.2, "events_per_second": 4e6, "peak_rss_bytes": 30e6],
                    ]
                    return [
                        Row(point: point, contender: "raw drain", samples: drain, reference: nil),
                        Row(point: point, contender: "receive", samples: own, reference: ("raw drain", drain)),
                    ]
                }
            )
        ]
    )

    /// The keys that `Benchmarks/README.md` documents.
    @Test func theDocumentHasItsKeys() throws {
        let data = try ReportFolder.json(Self.report)
        let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(Set(document.keys) == ["schema", "started", "machine", "settings", "series"])
        #expect(document["schema"] as? String == "eventhubs-bench/1")
        let machine = try #require(document["machine"] as? [String: Any])
        #expect(
            Set(machine.keys) == [
                "processor", "cores", "memory_bytes", "system", "compiler", "openssl", "commit", "is_optimized",
            ]
        )
        let settings = try #require(document["settings"] as? [String: Any])
        #expect(Set(settings.keys) == ["arguments", "repeats", "source_cpu", "measured_cpu"])
        let series = try #require((document["series"] as? [[String: Any]])?.first)
        #expect(Set(series.keys) == ["name", "title", "note", "axis", "rows"])
        let row = try #require((series["rows"] as? [[String: Any]])?.last)
        #expect(Set(row.keys) == ["point", "contender", "samples", "summary", "ratio", "reference"])
        #expect((row["ratio"] as? [String: Double]) == ["median": 2, "min": 2, "max": 2])
    }

    @Test func theDocumentCanBeReadBack() throws {
        let read = try JSONDecoder().decode(Report.self, from: ReportFolder.json(Self.report))
        #expect(read.series.first?.rows.last?.ratio == Self.report.series.first?.rows.last?.ratio)
        #expect(read.machine == Self.report.machine)
    }

    @Test func theTableIsAligned() throws {
        let lines = try #require(Self.report.series.first).table.lines
        #expect(lines.count == 2 + 4)
        let columns = ["body", "events/s", "CPU µs/event", "× reference", "RSS MB"]
        #expect(lines[0].split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) } == columns)
        #expect(Set(lines.map(\.count)).count == 1)
        #expect(lines[2].hasPrefix("100 B  raw drain"))
        #expect(lines[3].hasPrefix("100 B  receive"))
        #expect(lines[3].contains("0.150 (0.100–0.200)"))
        #expect(lines[3].contains("2.00"))
    }

    @Test func thePageShowsPlotsAndTableAndNothingFromElsewhere() {
        let page = HTMLReport(report: Self.report).document
        #expect(page.contains("A &lt;processor&gt;"))
        #expect(page.split(separator: "<svg").count - 1 == 2)
        #expect(page.contains("<td>raw drain</td>"))
        // The one address is the name of SVG's namespace.
        #expect(!page.replacing("http://www.w3.org/2000/svg", with: "").contains("http"))
    }

    @Test(arguments: [
        (0.0, "0"), (0.05123, "0.0512"), (0.987, "0.987"), (12.34, "12.3"), (123.4, "123"), (9_400, "9400"),
        (12_345, "12.3 k"), (940_000, "940 k"), (12_345_678, "12.3 M"),
    ])
    func figuresHaveThreeDigits(value: Double, text: String) {
        #expect(Figures.short(value) == text)
    }
}
