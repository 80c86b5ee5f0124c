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

    /// Nil until an event has more than a body.
    private var scratch: Scratch?

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
    public mutating func tryAdd(_ event: EventData) -> Bool { tryAdd(event, key: target.partitionKey) }

    /// Adds `event` with a key of its own, as a batch to a partition may hold events of several keys.
    /// - Parameters:
    ///   - event: the event.
    ///   - key: its key, of at most ``PartitionTarget/maximumKeyLength`` bytes, which readers see.
    ///   - parent: what the event's context belongs to; nil means the current one. Nothing without a tracer.
    /// - Returns: whether it was added.
    package mutating func tryAdd(_ event: EventData, key: String?, parent: ServiceContext? = nil) -> Bool {
        guard let tracer else { return tryAdd(encoding: event, key: key) }
        // An event that is going to be added to another batch is not to be given a context twice.
        guard isEmpty || event.encodedSize + Self.contextRoom <= maximumSize - payload.count else { return false }
        var event = event
        let context = tracer.create(&event, parent: parent ?? .current ?? .topLevel)
        guard tryAdd(encoding: event, key: key) else { return false }
        contexts.append(context)
        return true
    }

    /// Appends a data section that holds the encoded event, whose body is copied once, from where the user left it.
    private mutating func tryAdd(encoding event: EventData, key: String?) -> Bool {
        if case .plain(let body, nil) = event.content, key == nil { return tryAdd(body) }
        let scratch = ownScratch()
        scratch.writer.reset()
        let body = event.encodeHead(key: key, into: &scratch.writer)
        let start = DataSectionStart(scratch.writer.count + body.count)
        guard start.count + scratch.writer.count + body.count <= maximumSize - payload.count else { return false }
        start.withUnsafeBytes { payload.append(contentsOf: $0) }
        scratch.writer.withUnsafeBytes { payload.append(contentsOf: $0) }
        payload.append(contentsOf: body)
        // The memory of a large event is not kept for small ones.
        if scratch.writer.count > 65_536 { self.scratch = nil }
        count += 1
        return true
    }

    /// Appends an event that is nothing but a body, as most are: without a writer.
    private mutating func tryAdd(_ body: [UInt8]) -> Bool {
        let inner = DataSectionStart(body.count)
        let outer = DataSectionStart(inner.count + body.count)
        guard outer.count + inner.count + body.count <= maximumSize - payload.count else { return false }
        outer.withUnsafeBytes(before: inner) { payload.append(contentsOf: $0) }
        payload.append(contentsOf: body)
        count += 1
        return true
    }

    /// A writer that no copy of the batch has too.
    private mutating func ownScratch() -> Scratch {
        let isOwn = isKnownUniquelyReferenced(&scratch)
        if isOwn, let scratch { return scratch }
        let scratch = Scratch()
        self.scratch = scratch
        return scratch
    }

    /// Takes all events out, to fill the batch anew.
    public mutating func removeAll() {
        payload.removeSubrange(envelopeSize...)
        contexts.removeAll()
        count = 0
    }

    /// Makes room for a batch of `size` bytes, so that its events are not moved while it grows.
    mutating func reserve(_ size: Int) { payload.reserveCapacity(min(size, maximumSize)) }

    /// The events, decoded from where they stand.
    /// - Throws: `DecodingError`
    package func decodedEvents() throws(DecodingError) -> [EventData] {
        var events: [EventData] = []
        events.reserveCapacity(count)
        var position = envelopeSize
        while position < payload.count {
            let isShort = payload[position + 3] == DataSectionStart.shortConstructor
            position += 4
            let width = isShort ? 1 : 4
            let length = payload[position..<(position + width)].reduce(0) { $0 << 8 | Int($1) }
            position += width
            events.append(EventData(try Message(decoding: Array(payload[position..<(position + length)]))))
            position += length
        }
        return events
    }

    /// What a trace context, a key and the section around an event take at most, but for unusual contexts.
    private static let contextRoom = 512

    /// Where events are encoded before it is known whether they fit. Not checked by the compiler: only who has found it
    /// uniquely referenced uses it.
    private final class Scratch: @unchecked Sendable {
        var writer = ByteWriter()
    }
}

extension EventDataBatch: CustomStringConvertible {
    /// Count and size; not the events.
    public var description: String { "EventDataBatch(\(count) events, \(size) of \(maximumSize) bytes, \(target))" }
}
