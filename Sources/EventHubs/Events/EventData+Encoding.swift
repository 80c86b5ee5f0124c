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

extension EventData {
    /// Writes the event with its key in its annotations, all but bytes that follow as they are.
    /// - Returns: those bytes, the event's last ones.
    func encodeHead(key: String?, into writer: inout ByteWriter) -> [UInt8] {
        switch content {
        case .plain(let body, let properties):
            if let key { Self.writeKeySection(key, into: &writer) }
            if let properties {
                writer.writeDescriptor(CompositeType.applicationProperties.rawValue)
                writer.write(map: properties)
            }
            DataSectionStart(body.count).withUnsafeBytes { writer.append(contentsOf: $0) }
            return body
        case .message(let message):
            Self.encode(message, key: key, into: &writer)
            return []
        }
    }

    private static func encode(_ message: Message, key: String?, into writer: inout ByteWriter) {
        guard let key else { return message.encode(into: &writer) }
        if message.header == nil, message.deliveryAnnotations == nil, message.messageAnnotations == nil {
            writeKeySection(key, into: &writer)
            message.encode(into: &writer)
        } else {
            var keyed = message
            keyed.messageAnnotations = keyed.messageAnnotations ?? AMQPMap()
            keyed.messageAnnotations?[symbol: partitionKeyAnnotation] = .string(key)
            keyed.encode(into: &writer)
        }
    }

    /// Writes message annotations that hold nothing but a key: what encoding them as a map comes to, without the map.
    private static func writeKeySection(_ key: String, into writer: inout ByteWriter) {
        let length = key.utf8.count
        // A key is too short for the larger forms of map and string.
        precondition(length <= PartitionTarget.maximumKeyLength, "keys are validated before they are written")
        writer.append(contentsOf: annotationsStart)
        writer.append(UInt8(truncatingIfNeeded: 1 + keyName.count + 2 + length))
        writer.append(2)
        writer.append(contentsOf: keyName)
        writer.append(0xA1)
        writer.append(UInt8(truncatingIfNeeded: length))
        for byte in key.utf8 { writer.append(byte) }
    }

    /// The descriptor of message annotations, and the constructor of a small map.
    private static let annotationsStart: [UInt8] = [0x00, 0x53, 0x72, 0xC1]

    /// The symbol that names the key, encoded.
    private static let keyName: [UInt8] = {
        let name = Array(partitionKeyAnnotation.rawValue.utf8)
        return [0xA3, UInt8(truncatingIfNeeded: name.count)] + name
    }()
}
