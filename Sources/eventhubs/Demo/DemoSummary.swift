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

/// What the demo has shown, in words, and whether it is what it should be.
struct DemoSummary {
    var sent: Int
    /// Events in the broker's logs.
    var stored: Int64
    var ledger: DemoLedger.Entry
    var partitions: Int
    /// Nil when nobody was stopped.
    var takeOver: TakeOver?

    struct TakeOver {
        /// From the order to stop until another host had all partitions.
        var duration: Duration
        /// Events that were processed again because of it.
        var repeats: Int
    }

    /// Every event once at least, none skipped, none out of order.
    var isProven: Bool {
        Int64(sent) == stored && ledger.events == sent && ledger.skipped == 0 && ledger.disordered == 0
            && ledger.foreign == 0
    }

    var lines: [String] {
        var lines = [
            "sent        \(grouped(sent)) events by partition key; the broker holds \(DemoTable.grouped(stored)) in \(partitions) partitions",
            "processed   \(grouped(ledger.events)) of them: \(grouped(ledger.skipped)) skipped, \(grouped(ledger.disordered)) out of order",
            "twice       \(grouped(ledger.repeats)) events\(explanation)",
        ]
        if let takeOver {
            lines.append(
                "take-over   \(DemoTable.seconds(takeOver.duration)) from stopping host-a until host-b had every partition"
            )
        }
        lines.append(
            isProven
                ? "Every event was processed, in the order of its partition and of its vehicle."
                : "NOT as it should be: not every event was processed in order."
        )
        return lines
    }

    private var explanation: String {
        guard ledger.repeats > 0, let takeOver else { return "" }
        return ": \(grouped(ledger.repeats - takeOver.repeats)) when hosts came and took their shares, "
            + "\(grouped(takeOver.repeats)) when host-a was stopped"
    }

    private func grouped(_ number: Int) -> String { DemoTable.grouped(Int64(number)) }
}
