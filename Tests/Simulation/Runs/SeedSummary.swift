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

/// What became of many seeds, in numbers; on one line from process to process.
struct SeedSummary {
    var seeds = 0
    var failed = 0
    /// Seeds that were played twice to see that they repeat themselves.
    var repeated = 0
    var items = 0
    var events = 0
    var duplicates = 0
    var moves = 0
    var transfers = 0
    /// Over the hashes of all runs, whatever their order.
    var hash: UInt64 = 0

    init() {}

    init(_ result: SeedResult) {
        add(result)
    }

    mutating func add(_ result: SeedResult) {
        seeds += 1
        if result.violation != nil { failed += 1 }
        items += result.itemsRun
        events += result.processedEvents
        duplicates += result.duplicates
        moves += result.moves
        transfers += result.transfers
        hash ^= result.hash &* (result.seed | 1)
    }

    mutating func add(_ other: SeedSummary) {
        seeds += other.seeds
        failed += other.failed
        repeated += other.repeated
        items += other.items
        events += other.events
        duplicates += other.duplicates
        moves += other.moves
        transfers += other.transfers
        hash ^= other.hash
    }

    /// For another process.
    var line: String {
        "seeds=\(seeds) failed=\(failed) repeated=\(repeated) jobs=\(items) events=\(events) "
            + "duplicates=\(duplicates) moves=\(moves) transfers=\(transfers) hash=\(String(hash, radix: 16))"
    }

    /// Nil: it is not such a line.
    init?(line: String) {
        var values: [String: Substring] = [:]
        for field in line.split(separator: " ") {
            let parts = field.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            values[String(parts[0])] = parts[1]
        }
        guard let seeds = values["seeds"].flatMap({ Int($0) }), let failed = values["failed"].flatMap({ Int($0) }),
            let repeated = values["repeated"].flatMap({ Int($0) }), let items = values["jobs"].flatMap({ Int($0) }),
            let events = values["events"].flatMap({ Int($0) }), let moves = values["moves"].flatMap({ Int($0) }),
            let duplicates = values["duplicates"].flatMap({ Int($0) }),
            let transfers = values["transfers"].flatMap({ Int($0) }),
            let hash = values["hash"].flatMap({ UInt64($0, radix: 16) })
        else { return nil }
        (self.seeds, self.failed, self.repeated, self.items) = (seeds, failed, repeated, items)
        (self.events, self.duplicates, self.moves, self.hash) = (events, duplicates, moves, hash)
        self.transfers = transfers
    }

    /// For people.
    var text: String {
        "\(seeds) seeds, \(failed) failed, \(repeated) played twice with the same trace; "
            + "\(items) jobs, \(events) events, \(duplicates) repeats, \(moves) moves, \(transfers) of them agreed upon"
    }
}
