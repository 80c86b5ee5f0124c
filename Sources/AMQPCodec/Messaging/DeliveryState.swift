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

/// What has become of a delivery so far (AMQP 1.0 part 3, section 3.4).
public enum DeliveryState: Sendable, Hashable {
    /// A part of the message has arrived; not terminal.
    case received(Received)
    /// The message was processed.
    case accepted
    /// The message is invalid and was not processed.
    case rejected(AMQPErrorInfo?)
    /// The message was not and will not be processed.
    case released
    /// The message was not processed and is to be changed before it is sent again.
    case modified(Modified)
    /// A state outside the core specification, for example that of a transaction.
    case unknown(AMQPDescribed)

    /// How far a partial delivery has got.
    public struct Received: Sendable, Hashable {
        /// The section of the message.
        public var sectionNumber: UInt32

        /// The byte in that section.
        public var sectionOffset: UInt64

        /// Makes a position.
        public init(sectionNumber: UInt32, sectionOffset: UInt64) {
            self.sectionNumber = sectionNumber
            self.sectionOffset = sectionOffset
        }
    }

    /// How a message is to be changed.
    public struct Modified: Sendable, Hashable {
        /// Whether this counts as a failed attempt.
        public var deliveryFailed: Bool

        /// Whether the message must not be sent on this link again.
        public var undeliverableHere: Bool

        /// Annotations to merge into the message's own.
        public var messageAnnotations: AMQPMap?

        /// Makes a modification.
        public init(
            deliveryFailed: Bool = false,
            undeliverableHere: Bool = false,
            messageAnnotations: AMQPMap? = nil
        ) {
            self.deliveryFailed = deliveryFailed
            self.undeliverableHere = undeliverableHere
            self.messageAnnotations = messageAnnotations
        }
    }
}

extension DeliveryState {
    /// Decodes a state with its descriptor.
    package init(decoding reader: inout ByteReader) throws(DecodingError) {
        var probe = reader
        guard let type = try probe.readCompositeType() else {
            self = try Self.decodeUnknown(&reader)
            return
        }
        switch type {
        case .received: self = .received(try Received(decoding: &reader))
        case .rejected: self = .rejected(try Rejected(decoding: &reader).error)
        case .modified: self = .modified(try Modified(decoding: &reader))
        case .accepted:
            _ = try Empty(decodingList: &probe)
            reader = probe
            self = .accepted
        case .released:
            _ = try Empty(decodingList: &probe)
            reader = probe
            self = .released
        default: self = try Self.decodeUnknown(&reader)
        }
    }

    private static func decodeUnknown(_ reader: inout ByteReader) throws(DecodingError) -> DeliveryState {
        let start = reader.offset
        guard case .described(let described) = try ValueDecoder.decode(&reader) else {
            throw DecodingError(code: .wrongType, offset: start, message: "a delivery state is a described value")
        }
        return .unknown(described)
    }

    /// Encodes the state with its descriptor.
    package func encode(into writer: inout ByteWriter) {
        switch self {
        case .received(let received): received.encode(into: &writer)
        case .accepted: Self.encodeEmpty(.accepted, into: &writer)
        case .rejected(let error): Rejected(error: error).encode(into: &writer)
        case .released: Self.encodeEmpty(.released, into: &writer)
        case .modified(let modified): modified.encode(into: &writer)
        case .unknown(let described): writer.write(value: .described(described))
        }
    }

    private static func encodeEmpty(_ type: CompositeType, into writer: inout ByteWriter) {
        writer.writeDescriptor(type.rawValue)
        writer.append(FormatCode.list0.rawValue)
    }
}

extension CompositeReader {
    /// Reads a field that is a delivery state or an outcome.
    package mutating func state(
        _ name: StaticString,
        _ reader: inout ByteReader
    ) throws(DecodingError) -> DeliveryState? {
        try self.field(name, &reader) { (reader: inout ByteReader) throws(DecodingError) in
            if try reader.readNull() { return nil }
            return try DeliveryState(decoding: &reader)
        }
    }
}

/// The list of a state without fields.
private struct Empty: Composite {
    static var compositeType: CompositeType { .accepted }
    static var fieldCount: Int { 0 }
    init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {}
    func encodeFields(into writer: inout ByteWriter) {}
}

/// The list of the rejected outcome.
private struct Rejected: Composite {
    static var compositeType: CompositeType { .rejected }
    static var fieldCount: Int { 1 }
    var error: AMQPErrorInfo?

    init(error: AMQPErrorInfo?) {
        self.error = error
    }

    init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.error = try fields.composite("error", &reader)
    }

    func encodeFields(into writer: inout ByteWriter) {
        writer.write(composite: self.error)
    }
}

extension DeliveryState.Received: Composite {
    package static var compositeType: CompositeType { .received }
    package static var fieldCount: Int { 2 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.sectionNumber = try fields.uint("section-number", &reader).required("section-number", at: reader.offset)
        self.sectionOffset = try fields.ulong("section-offset", &reader).required("section-offset", at: reader.offset)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(uint: self.sectionNumber)
        writer.write(ulong: self.sectionOffset)
    }
}

extension DeliveryState.Modified: Composite {
    package static var compositeType: CompositeType { .modified }
    package static var fieldCount: Int { 3 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.deliveryFailed = try fields.bool("delivery-failed", &reader) ?? false
        self.undeliverableHere = try fields.bool("undeliverable-here", &reader) ?? false
        self.messageAnnotations = try fields.map("message-annotations", &reader)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.writeTrueOrNull(self.deliveryFailed)
        writer.writeTrueOrNull(self.undeliverableHere)
        writer.write(map: self.messageAnnotations)
    }
}
