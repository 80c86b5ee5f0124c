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

/// One frame or protocol header as it was sent, generic enough to show what a typed decoding would hide.
package struct FrameDescription: Sendable, Hashable {
    /// What the frame carries.
    package enum Content: Sendable, Hashable {
        /// A performative or SASL body: its type, its fields as they were sent, and how many bytes of payload follow.
        case fields(CompositeType, [AMQPValue], payloadCount: Int)
        /// Nothing.
        case empty
    }

    package var header: FrameHeader
    package var content: Content

    /// Decodes the bytes of exactly one frame.
    package init(
        decoding bytes: RawSpan,
        baseOffset: Int = 0,
        limits: DecodingLimits = .default
    ) throws(DecodingError) {
        var reader = ByteReader(bytes, baseOffset: baseOffset, limits: limits)
        let header = try FrameHeader(decoding: &reader)
        guard header.size == bytes.byteCount else {
            throw DecodingError(
                code: header.size > bytes.byteCount ? .truncated : .malformedFrame,
                offset: baseOffset,
                message: "a frame of \(header.size) bytes is given as \(bytes.byteCount) bytes"
            )
        }
        try reader.advance(by: header.bodyOffset - FrameHeader.fixedSize)
        self.header = header
        if reader.isAtEnd && header.type == .amqp {
            self.content = .empty
            return
        }
        let start = reader.offset
        guard let type = try reader.readCompositeType(), Self.isBody(type, of: header.type) else {
            throw DecodingError(
                code: .unknownDescriptor,
                offset: start,
                message: "this is no body of a frame of type \(header.type.rawValue)"
            )
        }
        let listStart = reader.offset
        do throws(DecodingError) {
            guard case .list(let fields) = try ValueDecoder.decode(&reader) else {
                throw DecodingError(code: .wrongType, offset: listStart, message: "expected a list of fields")
            }
            self.content = .fields(type, fields, payloadCount: reader.remaining)
        } catch {
            throw error.inside(type.name)
        }
        guard header.type == .amqp || reader.isAtEnd else {
            throw reader.error(.malformedFrame, "\(reader.remaining) bytes follow the body of a SASL frame")
        }
    }

    private static func isBody(_ type: CompositeType, of frameType: FrameHeader.FrameType) -> Bool {
        switch frameType {
        case .amqp: (CompositeType.open.rawValue...CompositeType.close.rawValue).contains(type.rawValue)
        case .sasl: (CompositeType.saslMechanisms.rawValue...CompositeType.saslOutcome.rawValue).contains(type.rawValue)
        }
    }
}

extension FrameDescription: CustomStringConvertible {
    /// The frame on one line, for example `ch 0 flow(incoming-window=5000u, echo=false)`. A password or token that a
    /// SASL body carries is not shown.
    package var description: String {
        let place = self.header.type == .sasl ? "sasl" : "ch \(self.header.channel)"
        guard case .fields(let type, let fields, let payloadCount) = self.content else { return "\(place) empty" }
        var text = "\(place) \(type.name)"
        AMQPValue.describe(fields: .list(Self.redacted(fields, of: type)), of: type, into: &text)
        if payloadCount > 0 { text += " + \(payloadCount) bytes" }
        return text
    }

    /// The fields without what authenticates a peer.
    private static func redacted(_ fields: [AMQPValue], of type: CompositeType) -> [AMQPValue] {
        let secret: Int
        switch type {
        case .saslInit: secret = 1
        case .saslResponse, .saslChallenge: secret = 0
        default: return fields
        }
        return fields.enumerated().map { index, field in
            guard index == secret, case .binary(let bytes) = field, !bytes.isEmpty else { return field }
            return .symbol("redacted")
        }
    }
}

extension ProtocolHeader: CustomStringConvertible {
    /// The header on one line.
    package var description: String {
        let layer =
            switch self.id {
            case 0: "AMQP"
            case 2: "TLS"
            case 3: "SASL"
            default: "protocol \(self.id)"
            }
        return "header \(layer) \(self.major).\(self.minor).\(self.revision)"
    }
}
