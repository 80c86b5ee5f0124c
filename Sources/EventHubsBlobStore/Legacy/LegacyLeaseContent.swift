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

/// What a partition's blob holds in the layouts of older processors: the lease and the checkpoint in one JSON object.
///
/// The libraries spell its keys each in their own way: `PartitionId`, `partitionId`, `partition_id`. All are read; the spelling
/// to write in is the caller's choice. Some have the checkpoint in an object of its own.
struct LegacyLeaseContent: Hashable, Sendable {
    /// How the keys are spelled.
    enum Spelling: Sendable {
        /// `PartitionId`, as .NET does.
        case pascalCase
        /// `partitionId`, as Java does.
        case camelCase
    }

    var partition: PartitionID
    /// Nobody: nil.
    var owner: HostID?
    /// The id of the blob's lease; empty when there is none.
    var token = ""
    /// How often the partition has changed hands.
    var epoch: Int64 = 0
    /// Nil: no checkpoint.
    var offset: String?
    /// Nil: no checkpoint, or one by its offset alone.
    var sequenceNumber: Int64?

    init(_ partition: PartitionID) {
        self.partition = partition
    }

    /// Reads a blob's content.
    init(_ partition: PartitionID, json: [UInt8]) throws(BlobStoreError) {
        self.partition = partition
        do {
            let fields = try JSONDecoder().decode(Fields.self, from: Data(json))
            owner = fields.owner.flatMap { $0.isEmpty ? nil : HostID($0) }
            token = fields.token ?? ""
            epoch = fields.epoch ?? 0
            (offset, sequenceNumber) = fields.position
        } catch {
            // Not the content itself: it may hold what others keep beside the checkpoint.
            throw BlobStoreError(
                .invalidResponse,
                "the blob of partition \(partition) does not hold a lease in JSON",
                underlying: error
            )
        }
    }

    /// The checkpoint, if there is one.
    var checkpoint: Checkpoint? {
        guard offset != nil || sequenceNumber != nil else { return nil }
        return Checkpoint(partition: partition, offset: offset, sequenceNumber: sequenceNumber)
    }

    /// The content to write.
    func json(_ spelling: Spelling) throws(BlobStoreError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(Output(content: self, spelling: spelling)))
        } catch {
            throw BlobStoreError(.invalidName, "partition \(partition): the lease makes no JSON", underlying: error)
        }
    }
}

extension LegacyLeaseContent {
    /// A key in any spelling.
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }

        /// Without what the spellings differ in.
        var plain: String { stringValue.lowercased().filter { $0 != "_" } }
    }

    private struct Fields: Decodable {
        var owner: String?
        var token: String?
        var epoch: Int64?
        var offset: String?
        var sequenceNumber: Int64?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            for key in container.allKeys {
                switch key.plain {
                case "owner": owner = try container.decodeIfPresent(String.self, forKey: key)
                case "token": token = try container.decodeIfPresent(String.self, forKey: key)
                case "epoch": epoch = try container.decodeIfPresent(Int64.self, forKey: key)
                case "offset": offset = try container.decodeIfPresent(String.self, forKey: key)
                case "sequencenumber":
                    if let number = try? container.decodeIfPresent(Int64.self, forKey: key) {
                        sequenceNumber = number
                    } else if let text = try container.decodeIfPresent(String.self, forKey: key), !text.isEmpty {
                        guard let number = Int64(text) else {
                            throw Swift.DecodingError.dataCorruptedError(
                                forKey: key,
                                in: container,
                                debugDescription: "not a number"
                            )
                        }
                        sequenceNumber = number
                    }
                case "checkpoint":
                    let inner = try container.decode(Fields.self, forKey: key)
                    (offset, sequenceNumber) = (inner.offset, inner.sequenceNumber)
                default: break
                }
            }
        }

        /// The place behind which to go on. Blobs that have just been made hold a number of zero without an offset, or the
        /// offset of one end of the partition: no checkpoint.
        var position: (offset: String?, sequenceNumber: Int64?) {
            switch offset {
            case "-1", "@latest": (nil, nil)
            case nil, "": (nil, sequenceNumber.flatMap { $0 > 0 ? $0 : nil })
            case let offset: (offset, sequenceNumber)
            }
        }
    }

    private struct Output: Encodable {
        let content: LegacyLeaseContent
        let spelling: Spelling

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(content.partition.rawValue, forKey: key("PartitionId"))
            try container.encode(content.owner?.rawValue ?? "", forKey: key("Owner"))
            try container.encode(content.token, forKey: key("Token"))
            try container.encode(content.epoch, forKey: key("Epoch"))
            try container.encodeIfPresent(content.offset, forKey: key("Offset"))
            try container.encode(content.sequenceNumber ?? 0, forKey: key("SequenceNumber"))
        }

        private func key(_ name: String) -> Key {
            switch spelling {
            case .pascalCase: Key(stringValue: name)
            case .camelCase: Key(stringValue: name.prefix(1).lowercased() + name.dropFirst())
            }
        }
    }
}
