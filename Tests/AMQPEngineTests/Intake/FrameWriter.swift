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

@testable import AMQPEngine

/// Writes transfer frames byte by byte, as the specification lays them out, without the codec under test.
struct FrameWriter {
    var settled = true
    var handle: UInt8 = 0
    var partitionKey: String?
    var runtimeMetrics = false
    var leadingEpoch = false

    static func bigEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) }
    }

    static func string8(_ text: String, code: UInt8 = 0xa1) -> [UInt8] {
        [code, UInt8(text.utf8.count)] + [UInt8](text.utf8)
    }

    static func symbol(_ text: String) -> [UInt8] { string8(text, code: 0xa3) }

    static func long(_ value: Int64) -> [UInt8] { [0x81] + bigEndian(value) }

    static func timestamp(_ value: Int64) -> [UInt8] { [0x83] + bigEndian(value) }

    static func map8(_ items: [[UInt8]]) -> [UInt8] {
        let content = items.flatMap { $0 }
        return [0xc1, UInt8(content.count + 1), UInt8(items.count)] + content
    }

    static func uint(_ value: UInt32) -> [UInt8] {
        value == 0 ? [0x43] : value < 256 ? [0x52, UInt8(value)] : [0x70] + bigEndian(value)
    }

    static func data(_ body: [UInt8]) -> [UInt8] {
        body.count < 256
            ? [0x00, 0x53, 0x75, 0xa0, UInt8(body.count)] + body
            : [0x00, 0x53, 0x75, 0xb0] + bigEndian(UInt32(body.count)) + body
    }

    /// An event as wire section 8.5 describes it.
    func message(sequence: Int64, offset: String, time: Int64, body: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        if runtimeMetrics {
            bytes +=
                [0x00, 0x53, 0x71]
                + Self.map8([
                    Self.symbol("last_enqueued_sequence_number"), Self.long(sequence + 1000),
                    Self.symbol("last_enqueued_offset"), Self.string8("1304024"),
                    Self.symbol("last_enqueued_time_utc"), Self.timestamp(time + 5),
                    Self.symbol("runtime_info_retrieval_time_utc"), Self.timestamp(time + 6),
                ])
        }
        var items: [[UInt8]] = leadingEpoch ? [Self.symbol("x-opt-sequence-number-epoch"), [0x54, 0xff]] : []
        items += [
            Self.symbol("x-opt-sequence-number"), Self.long(sequence),
            Self.symbol("x-opt-offset"), Self.string8(offset),
            Self.symbol("x-opt-enqueued-time"), Self.timestamp(time),
        ]
        if let partitionKey { items += [Self.symbol("x-opt-partition-key"), Self.string8(partitionKey)] }
        bytes += [0x00, 0x53, 0x72] + Self.map8(items)
        bytes += [0x00, 0x53, 0x73, 0x45]
        return bytes + Self.data(body)
    }

    /// An 11-field transfer with an empty tag, as the service writes it, around `message`.
    func transfer(deliveryID: UInt32, message: [UInt8], more: Bool = false) -> [UInt8] {
        var fields: [UInt8] = handle == 0 ? [0x43] : [0x52, handle]
        fields += Self.uint(deliveryID) + [0xa0, 0x00, 0x43, settled ? 0x41 : 0x42, more ? 0x41 : 0x42]
        fields += [0x40, 0x40, 0x40, 0x40, 0x41]
        let performative: [UInt8] = [0x00, 0x53, 0x14, 0xc0, UInt8(fields.count + 1), 11] + fields
        return Self.frame(performative + message)
    }

    static func frame(_ body: [UInt8], channel: UInt16 = 0) -> [UInt8] {
        bigEndian(UInt32(body.count + 8)) + [0x02, 0x00] + bigEndian(channel) + body
    }
}

/// Runs frames through an intake as the engine does: the layout cache first, the general way for the rest.
struct IntakeRunner: ~Copyable {
    var intake: FrameIntake
    let link: TransferIntake
    /// Whether the layout cache may be used at all.
    let usesLayouts: Bool
    private(set) var deliveries: [Delivery] = []
    private(set) var invalidSize: UInt32?
    /// What the batches say of their size.
    private(set) var byteCount = 0

    static let projection = AnnotationProjection([
        .init("x-opt-sequence-number", .long), .init("x-opt-offset", .string), .init("x-opt-enqueued-time", .timestamp),
    ])

    init(
        slabSize: Int = 256 * 1024,
        usesLayouts: Bool = true,
        projection: AnnotationProjection = Self.projection
    ) {
        intake = FrameIntake(pool: SlabPool(slabSize: slabSize), maximumFrameSize: 1 << 20)
        link = TransferIntake(projection: projection)
        self.usesLayouts = usesLayouts
    }

    /// Feeds bytes in reads of at most `readSize`.
    mutating func feed(_ bytes: [UInt8], readSize: Int = .max) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let space = unsafe intake.receiveSpace()
            let count = min(rest.count, space.count, readSize)
            unsafe space.copyBytes(from: rest.prefix(count))
            rest = rest.dropFirst(count)
            intake.received(count)
            drain()
        }
    }

    private mutating func drain() {
        loop: while true {
            if usesLayouts, intake.peekTransferAddress() != nil,
                intake.takeTransfers(for: link, limit: 1000).count > 0
            {
                continue
            }
            switch intake.next() {
            case .incomplete: break loop
            case .invalidSize(let size):
                invalidSize = size
                break loop
            case .frame(let range):
                takeGeneralWay(range)
                intake.consume(range.size)
            }
        }
        if let lease = intake.currentLease, let batch = link.takeBatch(lease: lease) {
            deliveries += batch
            byteCount += batch.byteCount
        }
    }

    private mutating func takeGeneralWay(_ range: FrameRange) {
        let frame = intake.bytes(of: range)
        unsafe frame.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let list = unsafe RawValue.primitiveExtent(base, at: 11, end: range.size),
                let (count, first) = unsafe RawValue.compound(base, list)
            else { return }
            var next = first
            var deliveryID: UInt32 = 0
            var tag = 0..<0
            var settled = false
            for field in 0..<count {
                guard let extent = unsafe RawValue.primitiveExtent(base, at: next, end: list.end) else { return }
                switch (field, extent.formatCode) {
                case (1, 0x52): unsafe deliveryID = UInt32(bytes[extent.contentStart])
                case (1, 0x70): unsafe deliveryID = RawValue.bits32(base, extent.contentStart)
                case (2, _): tag = extent.contentStart..<extent.end
                case (4, let code): settled = code == 0x41
                default: break
                }
                next = extent.end
            }
            link.append(
                range,
                in: intake,
                payloadOffset: list.end,
                deliveryID: deliveryID,
                messageFormat: 0,
                settled: settled,
                deliveryTag: tag
            )
        }
    }
}

/// What two ways of reading the same frame have to agree in.
struct DeliverySummary: Equatable {
    var deliveryID: UInt32
    var settled: Bool
    var kind: DeliveryDescriptor.BodyKind
    var sequence: Int64?
    var offset: String?
    var time: Int64?
    var body: [UInt8]
    var payload: [UInt8]
    var tag: [UInt8]

    init(_ delivery: Delivery) {
        deliveryID = delivery.deliveryID
        settled = delivery.isSettled
        kind = delivery.bodyKind
        // What a malformed message holds besides is not said to mean anything.
        let wellFormed = kind != .malformed
        sequence = wellFormed ? delivery.integer(0) : nil
        offset = wellFormed ? delivery.string(1) : nil
        time = wellFormed ? delivery.integer(2) : nil
        body = wellFormed ? delivery.copiedBody : []
        payload = delivery.copiedPayload
        tag = delivery.deliveryTag
    }
}
