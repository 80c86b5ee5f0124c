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
import EventHubs
import EventHubsEmulator
import Testing

let saslHeader = hex("414d5150 03 010000")
let amqpHeader = hex("414d5150 00 010000")

extension HostileClient {
    static let partition = "hub1/ConsumerGroups/$Default/Partitions/0"

    /// A client whose session on channel 0 has begun; it may do everything, or with `key` nil nothing.
    static func begin(with emulator: EventHubsEmulator, key: String? = "SAS_KEY_VALUE") async throws -> HostileClient {
        let client = try await connect(to: emulator)
        if let key { client.send(saslHeader + client.plain(key: key)) }
        client.send(amqpHeader)
        client.send(
            .open(Open(containerID: "hostile", hostname: "localhost")),
            .begin(Begin(nextOutgoingID: 0, incomingWindow: 2_048, outgoingWindow: 2_048))
        )
        _ = try await client.wait(for: "begin") { _, performative in
            if case .begin(let begin) = performative { begin } else { nil }
        }
        return client
    }

    func plain(key: String) -> [UInt8] {
        var writer = ByteWriter()
        let response = [0] + Array("RootManageSharedAccessKey".utf8) + [0] + Array(key.utf8)
        FrameEncoder.write(.saslInit(SASLInit(mechanism: "PLAIN", initialResponse: response)), into: &writer)
        return writer.bytes
    }

    /// An attach that sends to partition 0, or wherever `address` says.
    func sender(_ address: String = "hub1/Partitions/0", name: String = "out", handle: UInt32 = 0) -> Performative {
        .attach(
            Attach(
                name: name,
                handle: handle,
                role: .sender,
                source: Source(address: "here"),
                target: Target(address: address),
                initialDeliveryCount: 0
            )
        )
    }

    /// An attach that receives from partition 0, or wherever `address` says.
    func receiver(
        _ address: String = HostileClient.partition,
        name: String = "in",
        handle: UInt32 = 1,
        selector: String? = nil,
        properties: AMQPMap? = nil
    ) -> Performative {
        var source = Source(address: address)
        let key: Symbol = "apache.org:selector-filter:string"
        if let selector { source.filter = [.symbol(key): .described(.symbol(key), .string(selector))] }
        return .attach(
            Attach(
                name: name,
                handle: handle,
                role: .receiver,
                source: source,
                target: Target(address: "here"),
                properties: properties
            )
        )
    }

    /// Attaches and waits for the answer and, when the client sends, for credit.
    func attach(_ attach: Performative) async throws {
        send(attach)
        guard case .attach(let request) = attach else { return }
        let answer = try await wait(for: "attach") { _, performative -> Attach? in
            if case .attach(let answer) = performative, answer.name == request.name { answer } else { nil }
        }
        guard request.role == .sender, answer.target != nil else { return }
        _ = try await wait(for: "credit") { _, performative -> UInt32? in
            if case .flow(let flow) = performative, flow.handle == answer.handle { flow.linkCredit } else { nil }
        }
    }

    // MARK: What the server ends

    func closeCondition() async throws -> ErrorCondition? {
        try await wait(for: "close") { _, performative -> ErrorCondition?? in
            if case .close(let close) = performative { .some(close.error?.condition) } else { nil }
        }
    }

    func endCondition(channel: UInt16 = 0) async throws -> ErrorCondition? {
        try await wait(for: "end") { _, performative -> ErrorCondition?? in
            switch performative {
            case .end(let end): .some(end.error?.condition)
            case .close(let close): .some(close.error.map { ErrorCondition(rawValue: "close instead of end: \($0)") })
            default: nil
            }
        }
    }

    func detachError() async throws -> AMQPErrorInfo? {
        try await wait(for: "detach") { _, performative -> AMQPErrorInfo?? in
            switch performative {
            case .detach(let detach): .some(detach.error)
            case .end(let end): .some(AMQPErrorInfo(condition: "end instead of detach", description: "\(end)"))
            case .close(let close): .some(AMQPErrorInfo(condition: "close instead of detach", description: "\(close)"))
            default: nil
            }
        }
    }

    func outcome(of delivery: UInt32) async throws -> DeliveryState? {
        try await wait(for: "disposition") { _, performative -> DeliveryState?? in
            guard case .disposition(let disposition) = performative else { return nil }
            guard (disposition.first...(disposition.last ?? disposition.first)).contains(delivery) else { return nil }
            return .some(disposition.state)
        }
    }
}

/// A transfer of an event on a link.
func event(
    _ text: String,
    delivery: UInt32,
    handle: UInt32 = 0,
    settled: Bool = false,
    more: Bool = false
) -> [UInt8] {
    let transfer = Transfer(
        handle: handle,
        deliveryID: delivery,
        deliveryTag: [1],
        messageFormat: 0,
        settled: settled,
        more: more
    )
    return frame(.transfer(transfer), payload: Message(data: Array(text.utf8)).encoded())
}

/// Runs `body` on an emulator with one hub; afterwards a client that behaves must be served as ever.
func withTarget(
    _ adjust: (inout EmulatorConfiguration) -> Void = { _ in },
    _ body: (EventHubsEmulator) async throws -> Void
) async throws {
    var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 2)])
    adjust(&configuration)
    try await EventHubsEmulator.withEmulator(configuration) { emulator in
        try await body(emulator)
        try await expectService(of: emulator)
    }
}

/// What a client that behaves sends comes back to it.
func expectService(of emulator: EventHubsEmulator) async throws {
    let before = try #require(emulator.partitions(of: "hub1").last).lastSequenceNumber
    let connection = emulator.connectionString(hub: "hub1")
    try await EventHubProducer.withProducer(connectionString: connection) { producer in
        try await producer.send([EventData("still here")], to: .partition("1"))
    }
    try await EventHubConsumer.withConsumer(connectionString: connection) { consumer in
        let receiver = try await consumer.openPartition("1", from: .sequenceNumber(before))
        let batch = try await receiver.nextBatch(maximumCount: 1, maximumWait: HostileClient.patience)
        #expect(batch?.map(\.text) == ["still here"])
        await receiver.close()
    }
}
