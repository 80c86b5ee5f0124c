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

/// The memory of a delivery that came in several frames: grows as they arrive, then becomes a batch without another copy.
package struct DeliveryAssembly: ~Copyable {
    private var memory: SlabMemory
    /// Bytes of the message so far.
    package private(set) var count = 0

    /// - Parameter capacity: bytes to begin with; the first frame's payload is a good guess.
    package init(capacity: Int) { memory = SlabMemory(capacity: max(capacity, 1024)) }

    deinit { memory.deallocate() }

    /// Appends the payload of one frame. The caller bounds the total by the link's max-message-size.
    package mutating func append(_ payload: RawSpan) {
        let length = payload.byteCount
        if count + length > memory.capacity {
            let larger = SlabMemory(capacity: max(memory.capacity * 2, count + length))
            unsafe larger.base.copyMemory(from: memory.base, byteCount: count)
            memory.deallocate()
            memory = larger
        }
        unsafe payload.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe (memory.base + count).copyMemory(from: start, byteCount: length)
        }
        count += length
    }

    /// Ends the assembly: a batch of one delivery, whose memory counts in `pool` as long as it is held.
    package consuming func finish(
        deliveryID: UInt32,
        deliveryTag: [UInt8],
        messageFormat: UInt32,
        settled: Bool,
        projection: AnnotationProjection,
        pool: SlabPool
    ) -> DeliveryBatch {
        let messageLength = count
        unsafe append(deliveryTag.span.bytes)
        var descriptor = DeliveryDescriptor()
        descriptor.payloadLength = UInt32(truncatingIfNeeded: messageLength)
        descriptor.tagOffset = UInt32(truncatingIfNeeded: messageLength)
        descriptor.tagLength = UInt8(truncatingIfNeeded: deliveryTag.count)
        descriptor.deliveryID = deliveryID
        descriptor.messageFormat = messageFormat
        descriptor.isSettled = settled
        var scanner = unsafe MessageScanner(base: memory.base, end: messageLength)
        unsafe scanner.scan(from: 0, projection: projection, into: &descriptor)
        let owned = memory
        discard self
        return DeliveryBatch(DeliveryStorage(lease: pool.adopt(owned), single: descriptor))
    }
}
