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

/// The composite types of the specification: descriptor code, name, symbolic descriptor and field names.
package enum CompositeType: UInt64, Sendable, CaseIterable {
    case open = 0x10
    case begin = 0x11
    case attach = 0x12
    case flow = 0x13
    case transfer = 0x14
    case disposition = 0x15
    case detach = 0x16
    case end = 0x17
    case close = 0x18
    case error = 0x1D

    case received = 0x23
    case accepted = 0x24
    case rejected = 0x25
    case released = 0x26
    case modified = 0x27
    case source = 0x28
    case target = 0x29
    case deleteOnClose = 0x2B
    case deleteOnNoLinks = 0x2C
    case deleteOnNoMessages = 0x2D
    case deleteOnNoLinksOrMessages = 0x2E

    case coordinator = 0x30
    case declare = 0x31
    case discharge = 0x32
    case declared = 0x33
    case transactionalState = 0x34

    case saslMechanisms = 0x40
    case saslInit = 0x41
    case saslChallenge = 0x42
    case saslResponse = 0x43
    case saslOutcome = 0x44

    case header = 0x70
    case deliveryAnnotations = 0x71
    case messageAnnotations = 0x72
    case properties = 0x73
    case applicationProperties = 0x74
    case data = 0x75
    case amqpSequence = 0x76
    case amqpValue = 0x77
    case footer = 0x78

    /// The name in the specification, for example `sasl-init`.
    package var name: StaticString { self.definition.name }

    /// The names of the fields in their order; empty for types that are no lists of fields.
    package var fieldNames: [StaticString] { self.definition.fields }

    /// The symbolic descriptor, for example `amqp:open:list`.
    package var symbol: Symbol {
        let form =
            switch self {
            case .deliveryAnnotations, .messageAnnotations, .applicationProperties, .footer: "map"
            case .data: "binary"
            case .amqpValue: "*"
            default: "list"
            }
        return Symbol("amqp:\(self.name):\(form)")
    }

    /// Finds the type of a symbolic descriptor.
    package init?(symbol: Symbol) {
        guard let type = Self.bySymbol[symbol] else { return nil }
        self = type
    }

    /// Finds the type of a descriptor, numeric or symbolic.
    package init?(descriptor: AMQPValue) {
        switch descriptor {
        case .ulong(let code): self.init(rawValue: code)
        case .symbol(let symbol): self.init(symbol: symbol)
        default: return nil
        }
    }

    private static let bySymbol = [Symbol: CompositeType](
        uniqueKeysWithValues: CompositeType.allCases.map { ($0.symbol, $0) }
    )

    private var definition: (name: StaticString, fields: [StaticString]) {
        switch self {
        case .open:
            (
                "open",
                [
                    "container-id", "hostname", "max-frame-size", "channel-max", "idle-time-out", "outgoing-locales",
                    "incoming-locales", "offered-capabilities", "desired-capabilities", "properties",
                ]
            )
        case .begin:
            (
                "begin",
                [
                    "remote-channel", "next-outgoing-id", "incoming-window", "outgoing-window", "handle-max",
                    "offered-capabilities", "desired-capabilities", "properties",
                ]
            )
        case .attach:
            (
                "attach",
                [
                    "name", "handle", "role", "snd-settle-mode", "rcv-settle-mode", "source", "target", "unsettled",
                    "incomplete-unsettled", "initial-delivery-count", "max-message-size", "offered-capabilities",
                    "desired-capabilities", "properties",
                ]
            )
        case .flow:
            (
                "flow",
                [
                    "next-incoming-id", "incoming-window", "next-outgoing-id", "outgoing-window", "handle",
                    "delivery-count", "link-credit", "available", "drain", "echo", "properties",
                ]
            )
        case .transfer:
            (
                "transfer",
                [
                    "handle", "delivery-id", "delivery-tag", "message-format", "settled", "more", "rcv-settle-mode",
                    "state", "resume", "aborted", "batchable",
                ]
            )
        case .disposition: ("disposition", ["role", "first", "last", "settled", "state", "batchable"])
        case .detach: ("detach", ["handle", "closed", "error"])
        case .end: ("end", ["error"])
        case .close: ("close", ["error"])
        case .error: ("error", ["condition", "description", "info"])
        case .received: ("received", ["section-number", "section-offset"])
        case .accepted: ("accepted", [])
        case .rejected: ("rejected", ["error"])
        case .released: ("released", [])
        case .modified: ("modified", ["delivery-failed", "undeliverable-here", "message-annotations"])
        case .source:
            (
                "source",
                [
                    "address", "durable", "expiry-policy", "timeout", "dynamic", "dynamic-node-properties",
                    "distribution-mode", "filter", "default-outcome", "outcomes", "capabilities",
                ]
            )
        case .target:
            (
                "target",
                [
                    "address", "durable", "expiry-policy", "timeout", "dynamic", "dynamic-node-properties",
                    "capabilities",
                ]
            )
        case .deleteOnClose: ("delete-on-close", [])
        case .deleteOnNoLinks: ("delete-on-no-links", [])
        case .deleteOnNoMessages: ("delete-on-no-messages", [])
        case .deleteOnNoLinksOrMessages: ("delete-on-no-links-or-messages", [])
        case .coordinator: ("coordinator", ["capabilities"])
        case .declare: ("declare", ["global-id"])
        case .discharge: ("discharge", ["txn-id", "fail"])
        case .declared: ("declared", ["txn-id"])
        case .transactionalState: ("transactional-state", ["txn-id", "outcome"])
        case .saslMechanisms: ("sasl-mechanisms", ["sasl-server-mechanisms"])
        case .saslInit: ("sasl-init", ["mechanism", "initial-response", "hostname"])
        case .saslChallenge: ("sasl-challenge", ["challenge"])
        case .saslResponse: ("sasl-response", ["response"])
        case .saslOutcome: ("sasl-outcome", ["code", "additional-data"])
        case .header: ("header", ["durable", "priority", "ttl", "first-acquirer", "delivery-count"])
        case .deliveryAnnotations: ("delivery-annotations", [])
        case .messageAnnotations: ("message-annotations", [])
        case .properties:
            (
                "properties",
                [
                    "message-id", "user-id", "to", "subject", "reply-to", "correlation-id", "content-type",
                    "content-encoding", "absolute-expiry-time", "creation-time", "group-id", "group-sequence",
                    "reply-to-group-id",
                ]
            )
        case .applicationProperties: ("application-properties", [])
        case .data: ("data", [])
        case .amqpSequence: ("amqp-sequence", [])
        case .amqpValue: ("amqp-value", [])
        case .footer: ("footer", [])
        }
    }
}

extension ByteReader {
    /// Reads a descriptor, numeric or symbolic; nil when it is none of the specification's composite types.
    package mutating func readCompositeType() throws(DecodingError) -> CompositeType? {
        let start = self.offset
        let byte = try self.readUInt8()
        guard byte == FormatCode.described else {
            throw Self.wrongType(byte, expected: "a described type", at: start)
        }
        if try self.peekUInt8() == FormatCode.smallUlong.rawValue {
            try self.advance(by: 1)
            return CompositeType(rawValue: UInt64(try self.readUInt8()))
        }
        return CompositeType(descriptor: try ValueDecoder.decode(&self))
    }
}
