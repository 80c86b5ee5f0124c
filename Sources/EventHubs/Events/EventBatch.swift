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

public import AMQPEngine

/// Events that arrived together, in the order of their partition: a random-access view on the memory they were received
/// into, without a copy.
///
/// A slice is a batch again. As with a single event, keeping a batch keeps its receive buffer alive.
@frozen
public struct EventBatch: RandomAccessCollection, Sendable {
    /// The deliveries behind the events.
    public let deliveries: DeliveryBatch

    /// The events in `deliveries`, received with the projection of events.
    @inlinable
    package init(_ deliveries: DeliveryBatch) { self.deliveries = deliveries }

    /// The position of the first event.
    @inlinable
    public var startIndex: Int { deliveries.startIndex }

    /// The position after the last event.
    @inlinable
    public var endIndex: Int { deliveries.endIndex }

    /// The event at `position`, which has to be a valid index.
    @inlinable
    public subscript(position: Int) -> ReceivedEventData { ReceivedEventData(deliveries[position]) }

    /// The events in `bounds`; they share this batch's memory.
    @inlinable
    public subscript(bounds: Range<Int>) -> EventBatch { EventBatch(deliveries[bounds]) }

    /// Bytes of all events as they were transferred; walks the batch.
    public var byteCount: Int { deliveries.byteCount }
}

extension EventBatch {
    /// A batch of nothing.
    public static let empty: EventBatch = {
        let batch = EventBatch(copying: [[]])
        return batch[batch.endIndex..<batch.endIndex]
    }()

    /// A batch of encoded messages that did not come over a link: they are copied into memory of its own.
    /// - Parameter encodedMessages: at least one message, each as it would stand in a transfer.
    package init(copying encodedMessages: [[UInt8]]) {
        let frameHeader = 8
        let total = encodedMessages.reduce(0) { $0 + $1.count + frameHeader }
        let pool = SlabPool(slabSize: total + FrameIntake.minimumReadSize, maximumRetained: 0)
        var memory = FrameIntake(pool: pool, maximumFrameSize: total + frameHeader)
        let intake = TransferIntake(projection: EventProjection.fields)
        let space = memory.receiveSpace()
        var offset = 0
        for (number, message) in encodedMessages.enumerated() {
            let size = message.count + frameHeader
            // `space` has room for `total` bytes: the slab is new and larger.
            space.storeBytes(of: UInt32(size).bigEndian, toByteOffset: offset, as: UInt32.self)
            space[(offset + frameHeader)..<(offset + size)].copyBytes(from: message)
            memory.received(size)
            guard case .frame(let frame) = memory.next() else { preconditionFailure("a whole frame has been written") }
            intake.append(
                frame,
                in: memory,
                payloadOffset: frameHeader,
                deliveryID: UInt32(truncatingIfNeeded: number),
                messageFormat: 0,
                settled: true,
                deliveryTag: 0..<0
            )
            memory.consume(size)
            offset += size
        }
        guard let lease = memory.currentLease, let deliveries = intake.takeBatch(lease: lease) else {
            preconditionFailure("a copied batch has at least one message")
        }
        self.init(deliveries)
    }
}
