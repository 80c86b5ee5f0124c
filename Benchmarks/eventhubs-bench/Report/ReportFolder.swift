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

/// Where a run leaves what it found out: `results.json`, `report.html`, and an SVG for each plot.
struct ReportFolder {
    let url: URL

    /// The folder to use: the one asked for, or a new one under the package's build folder.
    init(_ path: String?, started: String) {
        let name = started.replacing(":", with: "-")
        url = URL(fileURLWithPath: path ?? "\(PackageFolder.path)/.build/benchmarks/\(name)")
    }

    func write(_ report: Report) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try Self.json(report).write(to: url.appendingPathComponent("results.json"))
        try Data(HTMLReport(report: report).document.utf8).write(to: url.appendingPathComponent("report.html"))
        for series in report.series {
            for (number, plot) in series.plots.enumerated() {
                let file = url.appendingPathComponent("\(series.name)-\(number + 1).svg")
                try Data(plot.svg.utf8).write(to: file)
            }
        }
    }

    /// The report as it is stored.
    static func json(_ report: Report) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(report) + Data("\n".utf8)
    }
}
