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

import EventHubsProcessor
import Testing

@testable import EventHubsBlobStore
@testable import eventhubs

@Suite struct MigrationReportTests {
    private func result(
        _ partition: PartitionID,
        _ action: CheckpointMigration.Result.Action,
        at number: Int64?,
        was former: Int64?,
        owner: HostID? = nil,
        error: BlobStoreError? = nil
    ) -> CheckpointMigration.Result {
        func checkpoint(_ number: Int64?) -> Checkpoint? {
            number.map { Checkpoint(partition: partition, offset: "\($0 * 100)", sequenceNumber: $0) }
        }
        return .init(
            partition: partition,
            action: action,
            legacy: checkpoint(number),
            former: checkpoint(former),
            owner: owner,
            error: error
        )
    }

    private var all: [CheckpointMigration.Result] {
        [
            result("0", .copied, at: 7, was: nil),
            result("1", .copied, at: 7, was: 6, owner: "old-host"),
            result("2", .kept, at: 7, was: 9),
            result("3", .nothingToCopy, at: nil, was: nil, owner: "old-host"),
            result("10", .failed, at: nil, was: nil, error: BlobStoreError(.invalidResponse, "no JSON")),
        ]
    }

    @Test func saysWhatWasDoneForEachPartition() {
        #expect(
            MigrationReport(results: all, isDryRun: false).lines == [
                "partition 0   copied sequence number 7, offset 700 (there was none)",
                "partition 1   copied sequence number 7, offset 700 (was at sequence number 6, offset 600)",
                "partition 2   kept sequence number 9, offset 900 (the old one is at sequence number 7, offset 700)",
                "partition 3   nothing to copy: the old store has no checkpoint",
                "partition 10  FAILED: invalidResponse: no JSON",
                "2 copied, 1 kept, 1 without a checkpoint, 1 failed",
            ]
        )
    }

    @Test func dryRunSaysWhatWouldBeDone() {
        let lines = MigrationReport(results: all, isDryRun: true).lines
        #expect(lines.first == "partition 0   would copy sequence number 7, offset 700 (there was none)")
        #expect(lines.last == "2 to copy, 1 kept, 1 without a checkpoint, 1 failed; nothing was written")
    }

    @Test func oneObjectForEachPartition() {
        let report = MigrationReport(results: Array(all.prefix(2)), isDryRun: false)
        #expect(
            report.jsonLines == [
                #"{"partition":"0","action":"copied","written":true,"sequence":7,"offset":"700","formerSequence":null,"formerOffset":null,"owner":null,"error":null}"#,
                #"{"partition":"1","action":"copied","written":true,"sequence":7,"offset":"700","formerSequence":6,"formerOffset":"600","owner":"old-host","error":null}"#,
            ]
        )
        #expect(MigrationReport(results: all, isDryRun: true).jsonLines[0].contains(#""written":false"#))
    }

    @Test func oldHostsThatStillRunAreAWarning() {
        let warnings = MigrationReport(results: all, isDryRun: false).warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.hasPrefix("still processed by the old hosts (old-host): partitions 1 3. ") == true)
        #expect(MigrationReport(results: [result("0", .copied, at: 7, was: nil)], isDryRun: false).warnings.isEmpty)
    }

    @Test func failuresSayWhatToDo() {
        let failure = MigrationReport(results: all, isDryRun: false).failure
        #expect(failure?.hasPrefix("partitions 10 could not be copied") == true)
        #expect(failure?.contains("What to do:") == true)
        #expect(MigrationReport(results: Array(all.dropLast()), isDryRun: false).failure == nil)
    }
}
