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

internal import AMQPCodec

/// Puts deliveries together that come in several transfer frames (AMQP 1.0, part 2, section 2.6.14), within a size limit.
struct DeliveryAssembler: ~Copyable {
    /// What the first frame of a delivery says about all of it.
    struct Head: Equatable, Sendable {
        var deliveryID: UInt32
        var tag: [UInt8]
        var messageFormat: UInt32
        var isSettled: Bool
    }

    private enum State: ~Copyable {
        case idle
        case assembling(Head, DeliveryAssembly)
        /// Too large: what is left of the delivery is dropped while the link goes down.
        case discarding
    }

    private var state: State
    let maximumSize: UInt64

    init(maximumSize: UInt64) { self.init(.idle, maximumSize) }

    private init(_ state: consuming State, _ maximumSize: UInt64) {
        self.state = state
        self.maximumSize = maximumSize
    }

    /// Whether the next frame begins a delivery.
    @inline(__always)
    var isIdle: Bool {
        switch state {
        case .idle: true
        case .assembling: false
        case .discarding: false
        }
    }

    enum Result: Equatable, Sendable {
        case incomplete
        /// The delivery is whole: take it with ``finish(projection:pool:)``.
        case complete
        case aborted(deliveryID: UInt32)
        case tooLarge(size: UInt64)
        /// The frame belongs to another delivery than the one that has begun.
        case mismatch
    }

    /// Whether a single-frame delivery of `size` bytes is within the limit.
    func admits(_ size: Int) -> Bool { UInt64(size) <= maximumSize }

    /// Fact: the first frame of a delivery with more to follow. An aborted first frame is not for the assembler.
    mutating func begin(_ head: Head, payload: RawSpan) -> Result {
        guard admits(payload.byteCount) else {
            state = .discarding
            return .tooLarge(size: UInt64(payload.byteCount))
        }
        var assembly = DeliveryAssembly(capacity: payload.byteCount &* 2)
        assembly.append(payload)
        state = .assembling(head, assembly)
        return .incomplete
    }

    /// Fact: a further frame of the delivery that has begun.
    mutating func continuationReceived(_ transfer: Transfer, payload: RawSpan) -> Result {
        let limit = maximumSize
        switch consume state {
        case .assembling(var head, var assembly):
            guard transfer.deliveryID == nil || transfer.deliveryID == head.deliveryID,
                transfer.deliveryTag == nil || transfer.deliveryTag == head.tag
            else {
                self = Self(.discarding, limit)
                return .mismatch
            }
            if transfer.aborted {
                self = Self(.idle, limit)
                return .aborted(deliveryID: head.deliveryID)
            }
            let size = UInt64(assembly.count) + UInt64(payload.byteCount)
            guard size <= limit else {
                self = Self(.discarding, limit)
                return .tooLarge(size: size)
            }
            // Settled may be said on any frame, and counts for the whole delivery.
            if transfer.settled == true { head.isSettled = true }
            assembly.append(payload)
            self = Self(.assembling(head, assembly), limit)
            return transfer.more ? .incomplete : .complete
        case .idle:
            self = Self(.idle, limit)
            return .mismatch
        case .discarding:
            self = Self(.discarding, limit)
            return .incomplete
        }
    }

    /// Takes a complete delivery as a batch of its own.
    mutating func finish(projection: AnnotationProjection, pool: SlabPool) -> (Head, DeliveryBatch)? {
        let limit = maximumSize
        switch consume state {
        case .assembling(let head, let assembly):
            self = Self(.idle, limit)
            let batch = assembly.finish(
                deliveryID: head.deliveryID,
                deliveryTag: head.tag,
                messageFormat: head.messageFormat,
                settled: head.isSettled,
                projection: projection,
                pool: pool
            )
            return (head, batch)
        case .idle:
            self = Self(.idle, limit)
            return nil
        case .discarding:
            self = Self(.discarding, limit)
            return nil
        }
    }
}
