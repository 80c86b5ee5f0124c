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

extension Message {
    /// Appends all sections in their order.
    package func encode(into writer: inout ByteWriter) {
        self.header?.encode(into: &writer)
        Self.encode(self.deliveryAnnotations, as: .deliveryAnnotations, into: &writer)
        Self.encode(self.messageAnnotations, as: .messageAnnotations, into: &writer)
        self.properties?.encode(into: &writer)
        Self.encode(self.applicationProperties, as: .applicationProperties, into: &writer)
        switch self.body {
        case .data(let sections):
            for section in sections {
                writer.writeDescriptor(CompositeType.data.rawValue)
                writer.write(binary: section)
            }
        case .sequence(let sections):
            for section in sections {
                writer.writeDescriptor(CompositeType.amqpSequence.rawValue)
                writer.write(value: .list(section))
            }
        case .value(let value):
            writer.writeDescriptor(CompositeType.amqpValue.rawValue)
            writer.write(value: value)
        case .empty: break
        }
        Self.encode(self.footer, as: .footer, into: &writer)
    }

    private static func encode(_ map: AMQPMap?, as type: CompositeType, into writer: inout ByteWriter) {
        guard let map else { return }
        writer.writeDescriptor(type.rawValue)
        writer.write(map: map)
    }
}
