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

import EventHubsBlobStore
import EventHubsProcessor

/// What `eventhubs migrate` tells about what it did, or would do.
struct MigrationReport {
    let results: [CheckpointMigration.Result]
    let isDryRun: Bool

    /// One line for each partition and one with the sums.
    var lines: [String] {
        let width = results.map(\.partition.rawValue.count).max() ?? 0
        let lines = results.map { result in
            let padding = String(repeating: " ", count: width - result.partition.rawValue.count)
            return "partition \(result.partition)\(padding)  \(describe(result))"
        }
        return lines + [summary]
    }

    private func describe(_ result: CheckpointMigration.Result) -> String {
        let legacy = Self.describe(result.legacy)
        switch result.action {
        case .copied:
            let former =
                result.former?.resumePosition == nil ? "there was none" : "was at \(Self.describe(result.former))"
            return "\(isDryRun ? "would copy" : "copied") \(legacy) (\(former))"
        case .kept: return "kept \(Self.describe(result.former)) (the old one is at \(legacy))"
        case .nothingToCopy: return "nothing to copy: the old store has no checkpoint"
        case .failed: return "FAILED: \(result.error.map { "\($0)" } ?? "unknown")"
        @unknown default: return "\(result.action)"
        }
    }

    private static func describe(_ checkpoint: Checkpoint?) -> String {
        let sequence = checkpoint?.sequenceNumber.map { "sequence number \($0)" }
        let offset = checkpoint?.offset.map { "offset \($0)" }
        return [sequence, offset].compactMap { $0 }.joined(separator: ", ")
    }

    private var summary: String {
        let sums: [(CheckpointMigration.Result.Action, String)] = [
            (.copied, isDryRun ? "to copy" : "copied"), (.kept, "kept"), (.nothingToCopy, "without a checkpoint"),
            (.failed, "failed"),
        ]
        return sums.map { action, word in "\(results.count { $0.action == action }) \(word)" }.joined(separator: ", ")
            + (isDryRun ? "; nothing was written" : "")
    }

    /// One object for each partition.
    var jsonLines: [String] {
        results.map { result in
            var object = JSONObjectWriter()
            object.field("partition", result.partition.rawValue)
            object.field("action", result.action.rawValue)
            object.field("written", result.action == .copied && !isDryRun)
            object.field("sequence", result.legacy?.sequenceNumber)
            object.field("offset", result.legacy?.offset)
            object.field("formerSequence", result.former?.sequenceNumber)
            object.field("formerOffset", result.former?.offset)
            object.field("owner", result.owner?.rawValue)
            object.field("error", result.error.map { "\($0)" })
            return String(decoding: object.finish(), as: UTF8.self)
        }
    }

    /// What somebody should know for whom it went well.
    var warnings: [String] {
        let owned = results.filter { $0.owner != nil }
        guard !owned.isEmpty else { return [] }
        let hosts = Set(owned.compactMap { $0.owner?.rawValue }).sorted().joined(separator: ", ")
        return [
            "still processed by the old hosts (\(hosts)): partitions \(owned.map(\.partition.rawValue).joined(separator: " ")). "
                + "Stop them, then run this again before the new hosts start."
        ]
    }

    /// Nil: nothing failed.
    var failure: String? {
        let failed = results.filter { $0.action == .failed }
        guard !failed.isEmpty else { return nil }
        let partitions = failed.map(\.partition.rawValue).joined(separator: " ")
        return "partitions \(partitions) could not be copied; the others were.\n"
            + "What to do: look at the reasons above, then run this again: what is copied already is kept."
    }
}
