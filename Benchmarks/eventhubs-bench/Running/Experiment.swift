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

/// A question to several contenders: each does the same work at each point, in turn, as often as asked.
struct Experiment: Sendable {
    /// Where it is measured: a body's size, a number of partitions.
    struct Point: Sendable {
        var label: String
        var value: Int
    }

    /// Who is measured: a program that prints what its work has cost.
    struct Contender: Sendable {
        var name: String
        /// Whether the others are compared with it.
        var isReference = false
        /// What to run at a point, against its load source.
        var command: @Sendable (Point, LoadSource?) -> Command
    }

    var name: String
    var title: String
    var note: String
    var axis: String
    var points: [Point]
    /// What to start before the contenders of a point; nil for those that need nothing.
    var source: (@Sendable (Point) -> Command)?
    /// The reference first.
    var contenders: [Contender]

    /// Runs all of it.
    /// - Throws: ``LaunchError``.
    func run(repeats: Int, launcher: Launcher, progress: Progress) throws -> Series {
        var rows: [Row] = []
        for point in points {
            let source = try self.source.map { try launcher.startSource($0(point)) }
            var samples = contenders.map { _ in [Sample]() }
            // Round by round, so that a slow minute of the machine falls on all of them.
            for round in 1...repeats {
                for (index, contender) in contenders.enumerated() {
                    progress.show("\(name): \(point.label), \(contender.name), \(round) of \(repeats)")
                    samples[index].append(try launcher.measure(contender.command(point, source)))
                }
            }
            // It ends with the last reference to it.
            withExtendedLifetime(source) {}
            let reference = contenders.firstIndex(where: \.isReference)
            for (index, contender) in contenders.enumerated() {
                rows.append(
                    Row(
                        point: point.label,
                        contender: contender.name,
                        samples: samples[index],
                        reference: reference.flatMap {
                            $0 == index ? nil : (contenders[$0].name, samples[$0])
                        }
                    )
                )
            }
        }
        return Series(name: name, title: title, note: note, axis: axis, rows: rows)
    }
}

extension Experiment.Point {
    /// The bodies that are measured.
    static let bodies = [100, 1024, 2048, 16384].map(body)

    static func body(_ size: Int) -> Self {
        Self(label: size < 1024 ? "\(size) B" : "\(size / 1024) KiB", value: size)
    }

    /// Events of this body's size that make about a gigabyte on the wire, where `share` of that is wanted.
    func events(_ share: Double = 1) -> String {
        String(max(1000, Int(1e9 * share) / (value + 135)))
    }
}
