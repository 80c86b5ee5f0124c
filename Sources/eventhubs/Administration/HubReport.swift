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

import EventHubsAdministration

/// Event hubs and consumer groups as a table, or as JSON, one object a line.
struct HubReport {
    let json: Bool

    func print(_ hubs: [EventHubDescription]) { print(lines(of: hubs)) }

    func print(_ groups: [ConsumerGroupDescription]) { print(lines(of: groups)) }

    func lines(of hubs: [EventHubDescription]) -> [String] {
        guard json else {
            return Self.table(
                ["NAME", "PARTITIONS", "RETENTION", "STATUS"],
                hubs.map { hub in
                    [
                        hub.name, "\(hub.partitionIDs.count)",
                        "\(hub.messageRetentionInDays) day\(hub.messageRetentionInDays == 1 ? "" : "s")",
                        hub.status.rawValue,
                    ]
                }
            )
        }
        return hubs.map { hub in
            var object = JSONObjectWriter()
            object.field("name", hub.name)
            object.field("partitions", Int64(hub.partitionIDs.count))
            object.field("retention_days", Int64(hub.messageRetentionInDays))
            object.field("status", hub.status.rawValue)
            object.field("metadata", hub.userMetadata)
            object.field("created", hub.createdAt?.millisecondsSinceEpoch)
            object.field("updated", hub.updatedAt?.millisecondsSinceEpoch)
            return String(decoding: object.finish(), as: UTF8.self)
        }
    }

    func lines(of groups: [ConsumerGroupDescription]) -> [String] {
        guard json else {
            return Self.table(["NAME", "METADATA"], groups.map { [$0.name, Self.oneLine($0.userMetadata ?? "")] })
        }
        return groups.map { group in
            var object = JSONObjectWriter()
            object.field("name", group.name)
            object.field("metadata", group.userMetadata)
            object.field("created", group.createdAt?.millisecondsSinceEpoch)
            object.field("updated", group.updatedAt?.millisecondsSinceEpoch)
            return String(decoding: object.finish(), as: UTF8.self)
        }
    }

    private func print(_ lines: [String]) {
        let output = LineOutput.standard
        for line in lines { output.line(line) }
        output.flush()
    }

    /// Columns as wide as their widest text, two blanks apart.
    private static func table(_ titles: [String], _ rows: [[String]]) -> [String] {
        let lines = [titles] + rows
        let widths = titles.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            let cells = zip(line, widths).map { text, width in
                text + String(repeating: " ", count: width - text.count)
            }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
    }

    /// Without characters that would break the table.
    private static func oneLine(_ text: String) -> String {
        String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
}
