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

/// Where the messages of a link go to (AMQP 1.0 part 3, section 3.5.4).
public struct Target: Sendable, Hashable {
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

    /// What the terminus can do.
    public var capabilities: [Symbol]

    /// Makes a target.
    public init(
        address: String? = nil,
        durable: TerminusDurability = .none,
        expiryPolicy: Symbol? = nil,
        timeout: UInt32 = 0,
        dynamic: Bool = false,
        dynamicNodeProperties: AMQPMap? = nil,
        capabilities: [Symbol] = []
    ) {
        self.address = address
        self.durable = durable
        self.expiryPolicy = expiryPolicy
        self.timeout = timeout
        self.dynamic = dynamic
        self.dynamicNodeProperties = dynamicNodeProperties
        self.capabilities = capabilities
    }
}

extension Target: Composite {
    package static var compositeType: CompositeType { .target }
    package static var fieldCount: Int { 7 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.address = try fields.string("address", &reader)
        self.durable = TerminusDurability(rawValue: try fields.uint("durable", &reader) ?? 0)
        self.expiryPolicy = try fields.symbol("expiry-policy", &reader)
        self.timeout = try fields.uint("timeout", &reader) ?? 0
        self.dynamic = try fields.bool("dynamic", &reader) ?? false
        self.dynamicNodeProperties = try fields.map("dynamic-node-properties", &reader)
        self.capabilities = try fields.symbols("capabilities", &reader)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(string: self.address)
        writer.write(uint: self.durable == .none ? nil : self.durable.rawValue)
        writer.write(symbol: self.expiryPolicy)
        writer.write(uint: self.timeout == 0 ? nil : self.timeout)
        writer.writeTrueOrNull(self.dynamic)
        writer.write(map: self.dynamicNodeProperties)
        writer.write(symbols: self.capabilities)
    }
}
