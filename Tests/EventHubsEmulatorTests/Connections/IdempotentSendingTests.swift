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

import AMQPCodec
import Testing

@testable import EventHubsEmulator

@Suite("Idempotent sending", .timeLimit(.minutes(1)))
struct IdempotentSendingTests {
    /// Message annotations with number 1 as a small int, id 7 as a small long and epoch 0, encoded by hand from the
    /// specification; then one data section that holds a message "x".
    private static let first = hex(
        """
        005372c16906a326636f6d2e6d6963726f736f66743a70726f64756365722d73657175656e63652d6e756d6265725401a319636f6d2e6d6963\
        726f736f66743a70726f64756365722d69645507a31c636f6d2e6d6963726f736f66743a70726f64756365722d65706f6368610000\
        005375a006005375a00178
        """
    )

    private static let plain = hex("005375a006005375a00178")

    /// The same with another number.
    private static func message(_ number: UInt8) -> [UInt8] {
        var message = first
        guard let place = message.firstIndex(of: 0x54) else { return [] }
        message[place + 1] = number
        return message
    }

    private func count(_ client: WireClient) -> Int64 {
        client.broker.namespace.hub("hub1")?.partition("0")?.summary(at: 0).eventCount ?? -1
    }

    private func attach(
        _ client: WireClient,
        _ address: String = "hub1/Partitions/0",
        handle: UInt32 = 0,
        properties: AMQPMap? = nil
    ) async throws -> Attach {
        var attach = WireClient.sender(address, handle: handle, name: "sender\(handle)")
        attach.desiredCapabilities = ["com.microsoft:idempotent-producer"]
        attach.properties = properties
        client.send(.attach(attach))
        let answer = try await client.nextAttach()
        if answer.target != nil {
            guard case .flow = try await client.next().performative else { throw Missing() }
        }
        return answer
    }

    private struct Missing: Error {}

    private static let seven: AMQPMap = [
        .symbol("com.microsoft:producer-id"): .long(7), .symbol("com.microsoft:producer-epoch"): .null,
        .symbol("com.microsoft:producer-sequence-number"): .null,
    ]

    @Test("who says nothing is given an id, an epoch and a number, of their types")
    func generated() async throws {
        let client = try await WireClient.connected()
        let properties = try #require(try await attach(client).properties)
        guard case .long(let id)? = properties[symbol: "com.microsoft:producer-id"] else {
            Issue.record("no id")
            return
        }
        #expect(id > 0)
        #expect(properties[symbol: "com.microsoft:producer-epoch"] == .short(0))
        #expect(properties[symbol: "com.microsoft:producer-sequence-number"] == .int(0))
    }

    @Test("a repetition is accepted and not written, a gap is refused, the next one is written")
    func duplicates() async throws {
        let client = try await WireClient.connected()
        _ = try await attach(client, properties: Self.seven)
        let format = IncomingEvents.batchFormat
        #expect(try await client.deliver(Self.first, id: 0, format: format) == .accepted)
        #expect(count(client) == 1)
        #expect(try await client.deliver(Self.first, id: 1, format: format) == .accepted)
        #expect(count(client) == 1)
        guard case .rejected(let error?) = try await client.deliver(Self.message(3), id: 2, format: format) else {
            Issue.record("a gap was not refused")
            return
        }
        #expect(error.condition == .outOfOrderSequence)
        #expect(try await client.deliver(Self.message(2), id: 3, format: format) == .accepted)
        #expect(count(client) == 2)
        // On another link the producer hears how far it has come.
        let answer = try await attach(client, handle: 1, properties: Self.seven)
        #expect(answer.properties?[symbol: "com.microsoft:producer-sequence-number"] == .int(2))
    }

    @Test("the numbers are not among what readers see")
    func annotations() throws {
        let incoming = try IncomingEvents(delivery: Self.first, messageFormat: IncomingEvents.batchFormat)
        #expect(incoming.stamp == ProducerSequences.Stamp(id: 7, epoch: 0, sequenceNumber: 1))
        #expect(incoming.events.map(\.annotationPairs) == [0])
    }

    @Test("a message without its numbers, or of another producer, is refused")
    func unstamped() async throws {
        let client = try await WireClient.connected()
        _ = try await attach(client)
        for (id, message) in [Self.plain, Self.first].enumerated() {
            let format = IncomingEvents.batchFormat
            guard case .rejected(let error?) = try await client.deliver(message, id: UInt32(id), format: format) else {
                Issue.record("not refused")
                return
            }
            #expect(error.condition == .argumentError)
        }
        #expect(count(client) == 0)
    }

    @Test("a higher epoch detaches the old link; a lower one is refused")
    func epochs() async throws {
        let client = try await WireClient.connected()
        func epoch(_ number: Int16) -> AMQPMap {
            var properties = Self.seven
            properties[symbol: "com.microsoft:producer-epoch"] = .short(number)
            return properties
        }
        _ = try await attach(client, properties: epoch(1))
        var newer = WireClient.sender("hub1/Partitions/0", handle: 1, name: "newer")
        newer.desiredCapabilities = ["com.microsoft:idempotent-producer"]
        newer.properties = epoch(2)
        client.send(.attach(newer))
        var detach: Detach?
        var attaches = 0
        while detach == nil || attaches == 0 {
            switch try await client.next().performative {
            case .detach(let received): detach = received
            case .attach: attaches += 1
            default: break
            }
        }
        #expect(detach?.error?.condition == .producerEpochStolen)
        let other = try await WireClient.connected(client.broker)
        let refused = try await attach(other, properties: epoch(1))
        #expect(refused.target == nil)
        #expect(try await other.nextDetach().error?.condition == .producerEpochStolen)
    }

    @Test("an idempotent producer has to address a partition")
    func wholeHub() async throws {
        let client = try await WireClient.connected()
        let refused = try await attach(client, "hub1")
        #expect(refused.target == nil)
        #expect(try await client.nextDetach().error?.condition == .notAllowed)
    }
}
