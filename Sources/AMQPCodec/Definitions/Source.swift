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

/// Where the messages of a link come from (AMQP 1.0 part 3, section 3.5.3).
public struct Source: Sendable, Hashable {
    /// The address of the node.
    public var address: String?

    /// What outlives the connection.
    public var durable: TerminusDurability

    /// When an abandoned terminus expires: `link-detach`, `session-end` (the default), `connection-close` or `never`.
    public var expiryPolicy: Symbol?

    /// How many seconds after that event it expires.
    public var timeout: UInt32

    /// Whether the peer shall make a node for this link.
    public var dynamic: Bool

    /// The properties of a node that is made for this link.
    public var dynamicNodeProperties: AMQPMap?

    /// `move` or `copy`.
    public var distributionMode: Symbol?

    /// The filters, by name; each is a described value.
    public var filter: AMQPMap?

    /// What becomes of a delivery that is settled without an outcome.
    public var defaultOutcome: DeliveryState?

    /// The outcomes that the link can use.
    public var outcomes: [Symbol]

    /// What the terminus can do.
    public var capabilities: [Symbol]

    /// Makes a source.
    public init(
        address: String? = nil,
        durable: TerminusDurability = .none,
        expiryPolicy: Symbol? = nil,
        timeout: UInt32 = 0,
        dynamic: Bool = false,
        dynamicNodeProperties: AMQPMap? = nil,
        distributionMode: Symbol? = nil,
        filter: AMQPMap? = nil,
        defaultOutcome: DeliveryState? = nil,
        outcomes: [Symbol] = [],
        capabilities: [Symbol] = []
    ) {
        self.address = address
        self.durable = durable
        self.expiryPolicy = expiryPolicy
        self.timeout = timeout
        self.dynamic = dynamic
        self.dynamicNodeProperties = dynamicNodeProperties
        self.distributionMode = distributionMode
        self.filter = filter
        self.defaultOutcome = defaultOutcome
        self.outcomes = outcomes
        self.capabilities = capabilities
    }
}

extension Source: Composite {
    package static var compositeType: CompositeType { .source }
    package static var fieldCount: Int { 11 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.address = try fields.string("address", &reader)
        self.durable = TerminusDurability(rawValue: try fields.uint("durable", &reader) ?? 0)
        self.expiryPolicy = try fields.symbol("expiry-policy", &reader)
        self.timeout = try fields.uint("timeout", &reader) ?? 0
        self.dynamic = try fields.bool("dynamic", &reader) ?? false
        self.dynamicNodeProperties = try fields.map("dynamic-node-properties", &reader)
        self.distributionMode = try fields.symbol("distribution-mode", &reader)
        self.filter = try fields.map("filter", &reader)
        self.defaultOutcome = try fields.state("default-outcome", &reader)
        self.outcomes = try fields.symbols("outcomes", &reader)
        self.capabilities = try fields.symbols("capabilities", &reader)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(string: self.address)
        writer.write(uint: self.durable == .none ? nil : self.durable.rawValue)
        writer.write(symbol: self.expiryPolicy)
        writer.write(uint: self.timeout == 0 ? nil : self.timeout)
        writer.writeTrueOrNull(self.dynamic)
        writer.write(map: self.dynamicNodeProperties)
        writer.write(symbol: self.distributionMode)
        writer.write(map: self.filter)
        writer.write(state: self.defaultOutcome)
        writer.write(symbols: self.outcomes)
        writer.write(symbols: self.capabilities)
    }
}
