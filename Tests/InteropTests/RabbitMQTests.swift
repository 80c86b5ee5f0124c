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

import AMQPClient
import AMQPCodec
import AMQPEngine
import Testing

@Suite(.enabled(if: RabbitMQ.isRunning), .serialized, .timeLimit(.minutes(2)))
struct RabbitMQTests {
    /// 1 B to 4 MiB, in frames of the usual and of a small size: multi-frame both ways.
    @Test(arguments: [1, 300, 65_000, 65_536, 1_000_000, 4 * 1024 * 1024], [4_096, 65_536] as [UInt32])
    func sizes(size: Int, frameSize: UInt32) async throws {
        var configuration = RabbitMQ.configuration()
        configuration.maxFrameSize = frameSize
        let queue = RabbitMQ.queue()
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        try await RabbitMQ.withSession(configuration) { session in
            let outcome = try await session.withSender(to: queue) { try await $0.send(Message(data: body)) }
            #expect(outcome == .accepted)
            try await session.withReceiver(from: queue) { receiver in
                let delivery = try #require(try await receiver.next())
                let isWhole = delivery.copiedBody == body
                #expect(isWhole)
                try receiver.settle(delivery, as: .accepted)
            }
        }
    }

    @Test func everySectionSurvives() async throws {
        let queue = RabbitMQ.queue()
        var properties = Properties()
        properties.messageID = .string("id-1")
        properties.correlationID = .string("correlation")
        properties.replyTo = "somewhere"
        properties.contentType = "application/json"
        let message = Message(
            header: Header(durable: true),
            messageAnnotations: ["x-opt-test": .string("annotation")],
            properties: properties,
            applicationProperties: ["text": .string("zwölf"), "number": .long(-5), "flag": .bool(true)],
            body: .data([Array("{}".utf8)])
        )
        try await RabbitMQ.withSession { session in
            try await session.withSender(to: queue) { sender in
                let outcome = try await sender.send(message)
                #expect(outcome == .accepted)
            }
            try await session.withReceiver(from: queue) { receiver in
                let delivery = try #require(try await receiver.next())
                try receiver.settle(delivery, as: .accepted)
                let received = try Message(decoding: delivery.copiedPayload)
                #expect(received.properties?.messageID == .string("id-1"))
                #expect(received.properties?.correlationID == .string("correlation"))
                #expect(received.properties?.contentType == "application/json")
                #expect(received.applicationProperties?["text"] == .string("zwölf"))
                #expect(received.applicationProperties?["number"] == .long(-5))
                #expect(received.applicationProperties?["flag"] == .bool(true))
                #expect(received.messageAnnotations?["x-opt-test"] == .string("annotation"))
                #expect(received.body == .data([Array("{}".utf8)]))
            }
        }
    }

    @Test func manyMessagesKeepTheirOrder() async throws {
        let queue = RabbitMQ.queue()
        let count = 10_000
        try await RabbitMQ.withSession { session in
            try await session.withSender(to: queue) { sender in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    // One producer after the other, each with many sends under way.
                    for index in 0..<count {
                        if index % 500 == 499 { try await group.waitForAll() }
                        let body = withUnsafeBytes(of: UInt32(index).bigEndian) { Array($0) }
                        if index % 500 == 498 {
                            try await sender.send(Message(data: body))
                        } else {
                            group.addTask { try await sender.send(Message(data: body)) }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            var options = AMQPReceiverOptions()
            options.credit = .window(200)
            try await session.withReceiver(from: queue, options: options) { receiver in
                var seen: Set<UInt32> = []
                while seen.count < count {
                    let batch = try #require(try await receiver.nextBatch())
                    for delivery in batch { seen.insert(delivery.copiedBody.reduce(0) { $0 << 8 | UInt32($1) }) }
                    try receiver.settle(batch, as: .accepted)
                }
                #expect(seen.count == count)
                let more = try await receiver.nextSoon()
                #expect(more == nil)
            }
        }
    }

    @Test func oneTaskKeepsItsOrder() async throws {
        let queue = RabbitMQ.queue()
        try await RabbitMQ.withSession { session in
            try await session.withSender(to: queue) { sender in
                for index in 0..<200 { try await sender.send(Message(data: [UInt8(index)]), settled: index % 2 == 0) }
            }
            try await session.withReceiver(from: queue) { receiver in
                for index in 0..<200 {
                    let delivery = try #require(try await receiver.next())
                    #expect(delivery.copiedBody == [UInt8(index)])
                    try receiver.settle(delivery, as: .accepted)
                }
            }
        }
    }

    @Test func acceptedAndRejectedMessagesAreGoneReleasedOnesComeBack() async throws {
        let queue = RabbitMQ.queue()
        try await RabbitMQ.withSession { session in
            try await session.withSender(to: queue) { sender in
                for body in [1, 2, 3] as [UInt8] { try await sender.send(Message(data: [body])) }
            }
            try await session.withReceiver(from: queue) { receiver in
                let accepted = try #require(try await receiver.next())
                let rejected = try #require(try await receiver.next())
                let released = try #require(try await receiver.next())
                #expect([accepted, rejected, released].map(\.copiedBody) == [[1], [2], [3]])
                try receiver.settle(accepted, as: .accepted)
                try receiver.settle(rejected, as: .rejected(AMQPErrorInfo(condition: .internalError)))
                try receiver.settle(released, as: .released)
                let again = try #require(try await receiver.next())
                #expect(again.copiedBody == [3])
                #expect(try Message(decoding: again.copiedPayload).header?.firstAcquirer == false)
                try receiver.settle(again, as: .accepted)
                let more = try await receiver.nextSoon()
                #expect(more == nil)
            }
            try await session.withReceiver(from: queue) { receiver in
                let more = try await receiver.nextSoon()
                #expect(more == nil)
            }
        }
    }

    @Test func unsettledMessagesComeBackAfterTheSession() async throws {
        let queue = RabbitMQ.queue()
        try await RabbitMQ.withSession { session in
            try await session.withSender(to: queue) { _ = try await $0.send(Message(data: [1])) }
            try await session.withReceiver(from: queue) { receiver in _ = try #require(try await receiver.next()) }
        }
        try await RabbitMQ.withSession { session in
            try await session.withReceiver(from: queue) { receiver in
                let delivery = try #require(try await receiver.next())
                #expect(delivery.copiedBody == [1])
                try receiver.settle(delivery, as: .accepted)
            }
        }
    }

    @Test func modifiedEndsTheSessionHere() async throws {
        // RabbitMQ 3.10 does not know the modified outcome: the session's error reaches whoever waits.
        let queue = RabbitMQ.queue()
        let error = await #expect(throws: AMQPError.self) {
            try await RabbitMQ.withSession { session in
                try await session.withSender(to: queue) { _ = try await $0.send(Message(data: [1])) }
                try await session.withReceiver(from: queue) { receiver in
                    let delivery = try #require(try await receiver.next())
                    let modified = DeliveryState.Modified(
                        deliveryFailed: true,
                        undeliverableHere: false,
                        messageAnnotations: nil
                    )
                    try receiver.settle(delivery, as: .modified(modified))
                    _ = try await receiver.nextBatch()
                }
            }
        }
        #expect(error?.code == .sessionEnded)
        #expect(error?.scope == .session)
        #expect(error?.initiator == .remote)
        #expect(error?.condition == .invalidField)
    }

    @Test func aMissingQueueEndsTheSession() async throws {
        let missing = "/amq/queue/no-such-queue"
        for _ in 0..<2 {
            let receiving = await #expect(throws: AMQPError.self) {
                try await RabbitMQ.withSession { _ = try await $0.makeReceiver(from: missing) }
            }
            #expect(receiving?.code == .sessionEnded)
            #expect(receiving?.condition == .notFound)
        }
        let sending = await #expect(throws: AMQPError.self) {
            try await RabbitMQ.withSession { session in
                let sender = try await session.makeSender(to: "/exchange/no-such-exchange/key")
                try await sender.send(Message(data: [1]))
            }
        }
        #expect(sending?.code == .sessionEnded)
        #expect(sending?.condition == .notFound)
        // The connection survives its session.
        try await AMQPConnection.withConnection(
            to: RabbitMQ.endpoint,
            configuration: RabbitMQ.configuration()
        ) { connection in
            _ = try? await connection.withSession { _ = try await $0.makeReceiver(from: missing) }
            try await connection.withSession { session in
                try await session.withSender(to: RabbitMQ.queue()) { sender in
                    let outcome = try await sender.send(Message(data: [1]))
                    #expect(outcome == .accepted)
                }
            }
        }
    }

    @Test func aWrongPassword() async throws {
        let error = await #expect(throws: AMQPError.self) {
            try await RabbitMQ.withSession(RabbitMQ.configuration(.plain(user: "guest", password: "wrong"))) { _ in }
        }
        #expect(error?.code == .authenticationFailed)
        #expect(error?.initiator == .remote)
    }

    @Test(arguments: [AMQPConnectionConfiguration.SASL.anonymous, .none]) func guests(
        sasl: AMQPConnectionConfiguration.SASL
    ) async throws {
        try await RabbitMQ.withSession(RabbitMQ.configuration(sasl)) { session in
            try await session.withSender(to: RabbitMQ.queue()) { sender in
                let outcome = try await sender.send(Message(data: [1]))
                #expect(outcome == .accepted)
            }
        }
    }

    @Test func aMechanismThatIsNotOffered() async throws {
        let error = await #expect(throws: AMQPError.self) {
            try await RabbitMQ.withSession(RabbitMQ.configuration(.mssbcbs)) { _ in }
        }
        #expect(error?.code == .authenticationFailed)
        #expect(error?.message.contains("PLAIN") == true)
    }

    @Test func tlsWithAPassword() async throws {
        let tls = AMQPEndpoint.TLS(trustedCertificatesFile: RabbitMQ.certificate("ca"))
        let endpoint = AMQPEndpoint(host: "localhost", port: RabbitMQ.tlsPort, tls: tls)
        let queue = RabbitMQ.queue()
        let body = [UInt8](repeating: 42, count: 2_000_000)
        try await RabbitMQ.withSession(to: endpoint) { session in
            try await session.withSender(to: queue) { sender in
                let outcome = try await sender.send(Message(data: body))
                #expect(outcome == .accepted)
            }
            try await session.withReceiver(from: queue) { receiver in
                let delivery = try #require(try await receiver.next())
                let isWhole = delivery.copiedBody == body
                #expect(isWhole)
                try receiver.settle(delivery, as: .accepted)
            }
        }
        let untrusted = AMQPEndpoint(host: "localhost", port: RabbitMQ.tlsPort)
        let error = await #expect(throws: AMQPError.self) { try await RabbitMQ.withSession(to: untrusted) { _ in } }
        #expect(error?.code == .connectFailed)
        #expect(error?.message.contains("not trusted") == true)
    }

    @Test func aClientCertificateIsTheIdentity() async throws {
        let tls = AMQPEndpoint.TLS(
            trustedCertificatesFile: RabbitMQ.certificate("ca"),
            certificateChainFile: RabbitMQ.certificate("client"),
            privateKeyFile: RabbitMQ.certificate("client-key")
        )
        let endpoint = AMQPEndpoint(host: "localhost", port: RabbitMQ.tlsPort, tls: tls)
        try await RabbitMQ.withSession(RabbitMQ.configuration(.external), to: endpoint) { session in
            try await session.withSender(to: RabbitMQ.queue()) { sender in
                let outcome = try await sender.send(Message(data: [1]))
                #expect(outcome == .accepted)
            }
        }
    }

    @Test func theBrokerClosesTheConnection() async throws {
        let queue = RabbitMQ.queue()
        let error = await #expect(throws: AMQPError.self) {
            try await RabbitMQ.withSession { session in
                try await session.withReceiver(from: queue) { receiver in
                    let wait = Task { try await receiver.next() == nil }
                    try RabbitMQ.control("close_all_connections", "maintenance")
                    _ = try await wait.value
                }
            }
        }
        #expect([.sessionEnded, .connectionClosed, .connectionLost].contains(error?.code))
        #expect(error?.initiator == .remote)
    }

    @Test func idleConnectionsAreKeptAlive() async throws {
        var configuration = RabbitMQ.configuration()
        configuration.idleTimeOut = .seconds(2)
        let queue = RabbitMQ.queue()
        try await RabbitMQ.withSession(configuration) { session in
            try await session.withReceiver(from: queue) { receiver in
                // Longer than the time-out that both ends keep.
                guard case .nothing = try await receiver.nextBatch(maximumCount: 1, maximumWait: .seconds(5)) else {
                    Issue.record("the connection did not survive its silence")
                    return
                }
            }
        }
    }
}
