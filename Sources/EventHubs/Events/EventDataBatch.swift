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

package import Tracing

/// Events that travel as one message to one partition, accepted or rejected as a whole.
///
/// Sizes are exact: an event that fits is encoded once, into its final place. Make batches with
/// ``EventHubProducer/makeBatch(_:maximumSize:)``, which knows how much the service takes.
public struct EventDataBatch: Sendable {
    /// The message format of a batch.
    package static let messageFormat: UInt32 = 0x8001_3700

    /// A batch is made no larger unless asked for, even when the service would take more.
    package static let defaultMaximumSize = 1024 * 1024

    /// Where the batch goes.
    public let target: PartitionTarget

    /// How many bytes the batch may have.
    public let maximumSize: Int

    /// How many events are in the batch.
    public private(set) var count = 0

    /// The encoded batch.
    package private(set) var payload: [UInt8]

    /// Gives events their contexts; nil without a tracer.
    let tracer: MessagingTracer?

    /// The contexts of the events, in their order; empty without a tracer.
    private(set) var contexts: [ServiceContext] = []

    /// Bytes of the envelope: what an empty batch has.
    private let envelopeSize: Int

    /// An empty batch.
    package init(
        _ target: PartitionTarget = .automatic,
        maximumSize: Int = EventDataBatch.defaultMaximumSize,
        tracer: MessagingTracer? = nil
    ) {
        self.target = target
        self.tracer = tracer
        self.maximumSize = maximumSize
        guard let key = target.partitionKey else {
            (payload, envelopeSize) = ([], 0)
            return
        }
        let annotations: AMQPMap = [.symbol(EventData.partitionKeyAnnotation): .string(key)]
        payload = Message(header: Header(durable: true), messageAnnotations: annotations).encoded()
        envelopeSize = payload.count
    }

    /// Whether there is nothing to send.
    public var isEmpty: Bool { count == 0 }

    /// Bytes of the encoded batch.
    public var size: Int { payload.count }

    /// Adds `event` if the batch stays within its size.
    /// - Parameter event: the event.
    /// - Returns: whether it was added. An event that does not fit an empty batch fits none.
    public mutating func tryAdd(_ event: EventData) -> Bool {
        var writer = ByteWriter(capacity: event.encodedSizeEstimate)
        return tryAdd(event, key: target.partitionKey, using: &writer)
    }

    /// Adds `event` with a key of its own, as a batch to a partition may hold events of several keys.
    /// - Parameters:
    ///   - event: the event.
    ///   - key: its key, of at most ``PartitionTarget/maximumKeyLength`` bytes, which readers see.
    ///   - parent: what the event's context belongs to; nil means the current one. Nothing without a tracer.
    ///   - writer: where to encode the event; what it holds is forgotten, memory up to 64 KiB is kept.
    /// - Returns: whether it was added.
    package mutating func tryAdd(
        _ event: EventData,
        key: String?,
        parent: ServiceContext? = nil,
        using writer: inout ByteWriter
    ) -> Bool {
        guard let tracer else { return tryAdd(encoding: event, key: key, using: &writer) }
        // An event that is going to be added to another batch is not to be given a context twice.
        guard isEmpty || event.encodedSize + Self.contextRoom <= maximumSize - payload.count else { return false }
        var event = event
        let context = tracer.create(&event, parent: parent ?? .current ?? .topLevel)
        guard tryAdd(encoding: event, key: key, using: &writer) else { return false }
        contexts.append(context)
        return true
    }

    private mutating func tryAdd(encoding event: EventData, key: String?, using writer: inout ByteWriter) -> Bool {
        writer.reset()
        Self.encodeSection(of: event.message, key: key, into: &writer)
        let length = writer.count
        guard length <= maximumSize, payload.count + length <= maximumSize else { return false }
        writer.withUnsafeBytes { payload.append(contentsOf: $0) }
        // The memory of a large event is not kept for small ones.
        if length > 65_536 { writer.reset(keepingCapacity: false) }
        count += 1
        return true
    }

    /// Takes all events out, to fill the batch anew.
    public mutating func removeAll() {
        payload.removeSubrange(envelopeSize...)
        contexts.removeAll()
        count = 0
    }

    /// The events, decoded from where they stand.
    /// - Throws: `DecodingError`
    package func decodedEvents() throws(DecodingError) -> [EventData] {
        var events: [EventData] = []
        events.reserveCapacity(count)
        var position = envelopeSize
        while position < payload.count {
            let isShort = payload[position + 3] == UInt8(truncatingIfNeeded: Self.shortSection)
            position += 4
            let width = isShort ? 1 : 4
            let length = payload[position..<(position + width)].reduce(0) { $0 << 8 | Int($1) }
            position += width
            events.append(EventData(try Message(decoding: Array(payload[position..<(position + length)]))))
            position += length
        }
        return events
    }

    /// Writes a data section that holds the encoded event: its descriptor, the shortest length that fits, the bytes.
    private static func encodeSection(of message: Message, key: String?, into writer: inout ByteWriter) {
        // An event is never shorter than its body: of a long one it is known before how long the length is.
        let isLong = message.dataCount > UInt8.max
        writer.append(bigEndian: isLong ? longSection : shortSection)
        if isLong { writer.append(bigEndian: 0 as UInt32) } else { writer.append(0) }
        let start = writer.count
        encode(message, key: key, into: &writer)
        let length = writer.count - start
        if !isLong, let short = UInt8(exactly: length) { return writer.patch(short, at: start - 1) }
        if !isLong {
            writer.openGap(of: 3, at: start)
            writer.patch(UInt8(truncatingIfNeeded: longSection), at: 3)
        }
        writer.patch(UInt32(truncatingIfNeeded: length), at: 4)
    }

    /// What a trace context, a key and the section around an event take at most, but for unusual contexts.
    private static let contextRoom = 512

    /// The descriptor of a data section, and the constructor of binary with a length of one byte or of four.
    private static let shortSection: UInt32 = 0x0053_75A0
    private static let longSection: UInt32 = 0x0053_75B0

    /// Encodes one event with its key in its annotations.
    private static func encode(_ message: Message, key: String?, into writer: inout ByteWriter) {
        guard let key else { return message.encode(into: &writer) }
        if message.header == nil, message.deliveryAnnotations == nil, message.messageAnnotations == nil {
            writeKeySection(key, into: &writer)
            message.encode(into: &writer)
        } else {
            var keyed = message
            keyed.messageAnnotations = keyed.messageAnnotations ?? AMQPMap()
            keyed.messageAnnotations?[symbol: EventData.partitionKeyAnnotation] = .string(key)
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
        let name = Array(EventData.partitionKeyAnnotation.rawValue.utf8)
        return [0xA3, UInt8(truncatingIfNeeded: name.count)] + name
    }()
}

extension EventDataBatch: CustomStringConvertible {
    /// Count and size; not the events.
    public var description: String { "EventDataBatch(\(count) events, \(size) of \(maximumSize) bytes, \(target))" }
}

extension EventData {
    /// A guess of the encoded size, so that encoding rarely has to grow its buffer.
    fileprivate var encodedSizeEstimate: Int {
        72 + message.dataCount + (message.applicationProperties?.count ?? 0) * 32
    }
}

extension Message {
    /// Bytes of all data sections.
    fileprivate var dataCount: Int {
        guard case .data(let sections) = body else { return 0 }
        return sections.reduce(0) { $0 + $1.count }
    }
}
