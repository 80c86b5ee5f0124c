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

/// How far an idempotent producer has come in one partition: save it, and a later producer goes on where this one ended.
public struct PublishingState: Sendable, Hashable, Codable {
    /// Names the producer to the service, also across its restarts (the SDKs' producer group id); nil lets the service
    /// give a new one.
    public var producerGroupID: Int64?

    /// Of two producers with the same ``producerGroupID`` the one with the higher level (once called epoch) fences the
    /// other off; nil lets the service choose.
    public var ownerLevel: Int16?

    /// The number of the last event that the service has; nil asks the service.
    public var lastSequenceNumber: Int32?

    /// A state.
    /// - Parameters:
    ///   - producerGroupID: names the producer; nil lets the service give a new name.
    ///   - ownerLevel: fences producers of the same name with lower levels off; nil lets the service choose.
    ///   - lastSequenceNumber: the number of the last event that the service has; nil asks the service.
    public init(producerGroupID: Int64? = nil, ownerLevel: Int16? = nil, lastSequenceNumber: Int32? = nil) {
        self.producerGroupID = producerGroupID
        self.ownerLevel = ownerLevel
        self.lastSequenceNumber = lastSequenceNumber
    }
}

extension PublishingState {
    /// What makes a link and a service speak of producers.
    static let capability: Symbol = "com.microsoft:idempotent-producer"

    private static let idKey: Symbol = "com.microsoft:producer-id"
    private static let epochKey: Symbol = "com.microsoft:producer-epoch"
    private static let numberKey: Symbol = "com.microsoft:producer-sequence-number"

    /// The state in the properties of an attach; nil where the peer tells nothing.
    init?(_ properties: AMQPMap?) {
        guard let properties else { return nil }
        self.init(
            producerGroupID: properties[symbol: Self.idKey]?.integerValue,
            ownerLevel: properties[symbol: Self.epochKey]?.integerValue.flatMap { Int16(exactly: $0) },
            lastSequenceNumber: properties[symbol: Self.numberKey]?.integerValue.flatMap { Int32(exactly: $0) }
        )
        if self == PublishingState() { return nil }
    }

    /// The properties of an attach: all three, null for what the service shall fill in, or none at all.
    var properties: AMQPMap? {
        guard self != PublishingState() else { return nil }
        return [
            .symbol(Self.numberKey): lastSequenceNumber.map { AMQPValue.int($0) } ?? .null,
            .symbol(Self.idKey): producerGroupID.map { AMQPValue.long($0) } ?? .null,
            .symbol(Self.epochKey): ownerLevel.map { AMQPValue.short($0) } ?? .null,
        ]
    }

    /// The envelope of a message whose first event has this number.
    func envelope(first number: Int32) -> [UInt8] {
        Message(
            messageAnnotations: [
                .symbol(Self.numberKey): .int(number),
                .symbol(Self.idKey): .long(producerGroupID ?? 0),
                .symbol(Self.epochKey): .short(ownerLevel ?? 0),
            ]
        ).encoded()
    }

    /// The most bytes that ``envelope(first:)`` may have.
    static let maximumEnvelopeSize = PublishingState(producerGroupID: .max, ownerLevel: .max).envelope(first: .max)
        .count

    /// The number that comes `count` after `number`: numbers are never negative, 0 follows the largest.
    static func number(_ number: Int32, plus count: Int) -> Int32 {
        Int32(truncatingIfNeeded: (Int64(number) + Int64(count)) & Int64(Int32.max))
    }
}
