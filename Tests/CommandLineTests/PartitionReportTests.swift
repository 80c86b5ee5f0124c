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
import Foundation
import Testing

@testable import eventhubs

@Suite struct PartitionReportTests {
    /// The lines that `body` makes a report print.
    private func lines(_ body: (PartitionReport) -> Void) throws -> [String] {
        let pipe = Pipe()
        let output = LineOutput(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        body(PartitionReport(style: .events(.json), output: output))
        output.flush()
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        return text.split(separator: "\n").map(String.init)
    }

    @Test("What a host gets, stores and loses is on lines with the time, kind and partition first")
    func marks() throws {
        let before = Int64(Date().timeIntervalSince1970 * 1000)
        let lines = try lines { report in
            report.opened("3")
            report.stored(Checkpoint(partition: "3", offset: "400", sequenceNumber: 12))
            report.closed("3", reason: .leaseLost)
        }
        let after = Int64(Date().timeIntervalSince1970 * 1000)
        let starts = [
            #"{"type":"open","partition":"3","at":"#, #"{"type":"checkpoint","partition":"3","sequence":12,"at":"#,
            #"{"type":"close","partition":"3","reason":"leaseLost","at":"#,
        ]
        #expect(lines.count == starts.count)
        for (line, start) in zip(lines, starts) {
            let rest = try #require(line.hasPrefix(start) ? line.dropFirst(start.count) : nil, "\(line)")
            let time = try #require(Int64(rest.dropLast()))
            #expect((before...after).contains(time))
            #expect(rest.hasSuffix("}"))
        }
    }
}
