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

/// From a partition's options to those of its link.
package enum ReceiverLinkOptions {
    /// What the link asks of the service.
    package static func make(
        _ options: PartitionOptions,
        position: EventPosition,
        identifier: String
    ) -> AMQPReceiverOptions {
        var link = AMQPReceiverOptions()
        link.source.filter = PositionFilter.filter(for: position)
        link.senderSettleMode = .settled
        link.receiverSettleMode = .first
        link.credit = .window(max(options.prefetchCount, 1))
        link.maximumBufferedBytes = max(options.prefetchBytes, 1)
        link.projection = EventProjection.fields
        var properties: AMQPMap = [
            .symbol("com.microsoft:receiver-name"): .string(String((options.receiverName ?? identifier).prefix(64)))
        ]
        if let level = options.ownerLevel { properties[symbol: "com.microsoft:epoch"] = .long(level) }
        link.properties = properties
        link.desiredCapabilities = ["com.microsoft:georeplication"]
        if options.tracksLastEnqueuedEvent {
            link.desiredCapabilities.insert("com.microsoft:enable-receiver-runtime-metric", at: 0)
        }
        return link
    }
}
