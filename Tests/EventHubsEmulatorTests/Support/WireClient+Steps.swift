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
import AMQPTransport
import Testing

@testable import EventHubsEmulator

/// The usual beginnings of a conversation.
extension WireClient {
    static let saslHeader = "414d515003010000"
    static let amqpHeader = "414d515000010000"

    /// SASL by a policy's key, open, and one session on channel 0.
    static func connected(_ broker: Broker = makeBroker(), incomingWindow: UInt32 = 65_536) async throws -> WireClient {
        let client = WireClient(broker)
        try await client.handshake(keyName: "RootManageSharedAccessKey", key: "SAS_KEY_VALUE")
        try await client.begin(incomingWindow: incomingWindow)
        return client
    }

    /// The same without any right: nothing but `$cbs` is open to it.
    static func anonymous(_ broker: Broker = makeBroker()) async throws -> WireClient {
        let client = WireClient(broker)
        try await client.handshake(keyName: nil, key: "")
        try await client.begin()
        return client
    }

    func handshake(keyName: String?, key: String) async throws {
        var writer = ByteWriter()
        let plain = keyName.map { name in
            SASLInit(mechanism: "PLAIN", initialResponse: [0] + Array(name.utf8) + [0] + Array(key.utf8))
        }
        FrameEncoder.write(.saslInit(plain ?? SASLInit(mechanism: "ANONYMOUS")), into: &writer)
        send(hex: Self.saslHeader)
        send(writer.bytes)
        send(hex: Self.amqpHeader)
        send(.open(Open(containerID: "test", hostname: "localhost", maxFrameSize: 65_536)))
        guard case .open = try await next().performative else {
            Issue.record("no open")
            return
        }
    }

    func begin(incomingWindow: UInt32 = 65_536) async throws {
        send(.begin(Begin(nextOutgoingID: 0, incomingWindow: incomingWindow, outgoingWindow: 65_536)))
        guard case .begin = try await next().performative else {
            Issue.record("no begin")
            return
        }
    }

    /// Attaches a sender and waits for the credit.
    func attachSender(_ address: String, handle: UInt32 = 0, name: String = "sender") async throws -> Attach {
        send(.attach(Self.sender(address, handle: handle, name: name)))
        let attach = try await nextAttach()
        if attach.target != nil {
            guard case .flow(let flow) = try await next().performative else {
                Issue.record("no credit")
                return attach
            }
            #expect((flow.linkCredit ?? 0) >= 100)
        }
        return attach
    }

    static func sender(_ address: String, handle: UInt32, name: String) -> Attach {
        Attach(
            name: name,
            handle: handle,
            role: .sender,
            sndSettleMode: .unsettled,
            rcvSettleMode: .second,
            source: Source(address: name),
            target: Target(address: address),
            initialDeliveryCount: 0
        )
    }

    /// Attaches a receiver.
    func attachReceiver(
        _ address: String,
        handle: UInt32 = 1,
        name: String = "receiver",
        selector: String? = nil,
        properties: AMQPMap? = nil,
        capabilities: [Symbol] = []
    ) async throws -> Attach {
        let filter = selector.map { text -> AMQPMap in
            let key = AMQPValue.symbol("apache.org:selector-filter:string")
            return [key: .described(key, .string(text))]
        }
        send(
            .attach(
                Attach(
                    name: name,
                    handle: handle,
                    role: .receiver,
                    sndSettleMode: .unsettled,
                    source: Source(address: address, filter: filter),
                    target: Target(address: name),
                    desiredCapabilities: capabilities,
                    properties: properties
                )
            )
        )
        return try await nextAttach()
    }

    func nextAttach() async throws -> Attach {
        let performative = try await next().performative
        guard case .attach(let attach) = performative else { throw Unexpected(performative: performative) }
        return attach
    }

    func nextDetach() async throws -> Detach {
        let performative = try await next().performative
        guard case .detach(let detach) = performative else { throw Unexpected(performative: performative) }
        return detach
    }

    func nextTransfer() async throws -> (Transfer, [UInt8]) {
        let received = try await next()
        guard case .transfer(let transfer) = received.performative else {
            throw Unexpected(performative: received.performative)
        }
        return (transfer, received.payload)
    }

    func nextDisposition() async throws -> Disposition {
        let performative = try await next().performative
        guard case .disposition(let disposition) = performative else { throw Unexpected(performative: performative) }
        return disposition
    }

    struct Unexpected: Error {
        var performative: Performative
    }

    func grant(
        _ credit: UInt32,
        handle: UInt32 = 1,
        deliveryCount: UInt32 = 0,
        window: UInt32 = 65_536,
        drain: Bool = false
    ) {
        send(
            .flow(
                Flow(
                    nextIncomingID: deliveryCount,
                    incomingWindow: window,
                    nextOutgoingID: 0,
                    outgoingWindow: 65_536,
                    handle: handle,
                    deliveryCount: deliveryCount,
                    linkCredit: credit,
                    drain: drain
                )
            )
        )
    }

    /// Sends a message and returns what the service says to it.
    func deliver(_ payload: [UInt8], id: UInt32, format: UInt32 = 0, handle: UInt32 = 0) async throws -> DeliveryState?
    {
        send(
            .transfer(
                Transfer(
                    handle: handle,
                    deliveryID: id,
                    deliveryTag: [UInt8(truncatingIfNeeded: id)],
                    messageFormat: format,
                    settled: false
                )
            ),
            payload: payload
        )
        let disposition = try await nextDisposition()
        #expect(disposition.role == .receiver)
        #expect(disposition.settled)
        #expect(disposition.first == id)
        return disposition.state
    }
}

/// A shared access signature as clients make it.
func makeToken(
    for resource: String,
    key: String = "SAS_KEY_VALUE",
    name: String = "RootManageSharedAccessKey",
    expiresAt seconds: Int64
) -> String {
    let encoded = PercentCoding.encode(resource)
    let signature = Base64.encode(hmacSHA256(key: Array(key.utf8), data: Array("\(encoded)\n\(seconds)".utf8)))
    return "SharedAccessSignature sr=\(encoded)&sig=\(PercentCoding.encode(signature))&se=\(seconds)&skn=\(name)"
}
