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

import AMQPEngine
import ArgumentParser
import EventHubs
import Foundation

/// How an event is printed.
enum EventFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Partition, sequence number and key for people, then the body, expanded if it came compressed.
    case text
    /// One JSON object a line; README.md of Tests/Interop tells the fields.
    case json
    /// The body's bytes as they came and a line feed, nothing else.
    case raw

    /// What a compressed body may expand to on a terminal; a larger one is shown as it came.
    private static let maximumTextSize = 1_024 * 1_024
    private static let partitionKey: Symbol = "x-opt-partition-key"

    /// Appends `event` as a line.
    func append(_ event: ReceivedEventData, of partition: PartitionID, to bytes: inout [UInt8]) {
        switch self {
        case .raw:
            bytes.append(contentsOf: event.copiedBody)
        case .text:
            bytes.append(contentsOf: "\(partition)/\(event.sequenceNumber)".utf8)
            if let key = event.message?.messageAnnotations?[symbol: Self.partitionKey]?.textValue {
                bytes.append(contentsOf: " \(key)".utf8)
            }
            bytes.append(contentsOf: ": ".utf8)
            // Control characters of a body could rewrite the terminal; text from outside shows them instead.
            let content = (try? event.content(maximumSize: Self.maximumTextSize)) ?? event.copiedBody
            bytes.append(contentsOf: String(decoding: content, as: UTF8.self).map(Self.visible).joined().utf8)
        case .json:
            appendJSON(event, of: partition, to: &bytes)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private func appendJSON(_ event: ReceivedEventData, of partition: PartitionID, to bytes: inout [UInt8]) {
        let message = event.message
        let body = event.copiedBody
        // `type`, `partition`, `sequence` first: scripts may look for them without parsing the line.
        var object = JSONObjectWriter(appendingTo: bytes)
        object.field("type", "event")
        object.field("partition", partition.rawValue)
        object.field("sequence", event.sequenceNumber)
        object.field("offset", event.offset)
        object.field("key", message?.messageAnnotations?[symbol: Self.partitionKey]?.textValue)
        object.field("enqueued", event.enqueuedTime.millisecondsSinceEpoch)
        object.field("bytes", Int64(body.count))
        if let encoding = message?.properties?.contentEncoding { object.field("encoding", encoding.rawValue) }
        if String(validating: body, as: UTF8.self) != nil {
            object.field("body", utf8: body)
        } else {
            object.field("body_base64", Data(body).base64EncodedString())
        }
        bytes = object.finish()
    }

    private static func visible(_ character: Character) -> String {
        guard let scalar = character.unicodeScalars.first, scalar.properties.generalCategory == .control else {
            return String(character)
        }
        return character == "\t" ? "\t" : "\\u{\(String(scalar.value, radix: 16))}"
    }
}

extension ReceivedEventData {
    /// The whole message, if it can be decoded.
    fileprivate var message: Message? { try? Message(decoding: delivery.payload) }
}
