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

/// Everything a run of the harness found out, as it is written to `results.json`. `Benchmarks/README.md` documents the form.
struct Report: Codable, Sendable {
    /// The form of this document. It changes when a reader of the last form would misread the new one.
    static let currentSchema = "eventhubs-bench/1"

    var schema = Self.currentSchema
    /// When the run began, in UTC (ISO 8601).
    var started: String
    var machine: Machine
    var settings: Settings
    var series: [Series]

    /// How the figures came about.
    struct Settings: Codable, Hashable, Sendable {
        /// The arguments of the harness.
        var arguments: [String]
        /// How often each thing was measured.
        var repeats: Int
        /// The processor that the load source ran on, and that of what was measured; nil: wherever the system put them.
        var sourceCPU: Int?
        var measuredCPU: Int?

        enum CodingKeys: String, CodingKey {
            case arguments, repeats
            case sourceCPU = "source_cpu"
            case measuredCPU = "measured_cpu"
        }
    }
}

/// One question, with its answers: a table, and a plot where there is something to see.
struct Series: Codable, Sendable {
    /// The name for machines.
    var name: String
    var title: String
    /// What is measured and how to read it.
    var note: String
    /// What the points have in common, for example `body`.
    var axis: String
    var rows: [Row]

    /// The points, each once, in their order.
    var points: [String] { rows.map(\.point).uniqued() }
    /// The contenders, each once, in their order.
    var contenders: [String] { rows.map(\.contender).uniqued() }

    func row(_ contender: String, at point: String) -> Row? {
        rows.first { $0.contender == contender && $0.point == point }
    }
}

/// One contender at one point.
struct Row: Codable, Sendable {
    /// Where: a body's size, a number of partitions.
    var point: String
    /// Who.
    var contender: String
    /// Every repeat, as it was printed.
    var samples: [Sample]
    /// The spread of each metric.
    var summary: [String: Spread]
    /// Processor time in multiples of the reference's, round by round; nil for the reference and where there is none.
    var ratio: Spread?
    /// The name of the reference.
    var reference: String?
    /// Published elsewhere, not measured here.
    var isQuoted: Bool?

    enum CodingKeys: String, CodingKey {
        case point, contender, samples, summary, ratio, reference
        case isQuoted = "is_quoted"
    }

    subscript(metric: Metric) -> Spread? { summary[metric.rawValue] }
}

/// One measurement: metric by metric.
typealias Sample = [String: Double]

/// The metrics that tables and plots know.
enum Metric: String, CaseIterable, Sendable {
    case events
    case seconds
    case eventsPerSecond = "events_per_second"
    case megabytesPerSecond = "mb_per_second"
    case cpuPerEvent = "cpu_us_per_event"
    case userPerEvent = "user_us_per_event"
    case systemPerEvent = "system_us_per_event"
    case peakResidentBytes = "peak_rss_bytes"
    case bytesPerEvent = "bytes_per_event"
    case latencyMedian = "latency_p50_us"
    case latency90 = "latency_p90_us"
    case latency99 = "latency_p99_us"
    case latency999 = "latency_p999_us"
    case latencyMaximum = "latency_max_us"
    case cpuPerHost = "cpu_per_host"
}

extension Row {
    /// Sums up `samples`, which were taken in the same rounds as those of `reference`.
    init(point: String, contender: String, samples: [Sample], reference: (name: String, samples: [Sample])?) {
        self.point = point
        self.contender = contender
        self.samples = samples
        var summary: [String: Spread] = [:]
        for metric in samples.reduce(into: Set<String>(), { $0.formUnion($1.keys) }) {
            summary[metric] = Spread(samples.compactMap { $0[metric] })
        }
        self.summary = summary
        guard let reference else { return }
        self.reference = reference.name
        let key = Metric.cpuPerEvent.rawValue
        ratio = Spread(
            zip(samples, reference.samples).compactMap { own, other in
                guard let own = own[key], let other = other[key], other > 0 else { return nil }
                return own / other
            }
        )
    }
}

extension Sequence where Element: Hashable {
    /// The elements, each where it stands first.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
