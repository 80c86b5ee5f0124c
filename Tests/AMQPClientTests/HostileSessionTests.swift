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

/// Servers that break the rules of an open connection: what is hit ends with an error that names scope and condition, the
/// rest goes on, and what came before is still given out.
@Suite(.timeLimit(.minutes(2)))
struct HostileSessionTests {
    struct Attack: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var condition: ErrorCondition

        init(_ description: String, _ bytes: [UInt8], _ condition: ErrorCondition) {
            self.testDescription = description
            self.bytes = bytes
            self.condition = condition
        }
    }

    /// A session with a receiver on handle 0 and a sender on handle 1; the receiver has credit for 3.
    private struct Scene {
        var connection: AMQPConnection
        var server: HostileServer
        var session: AMQPSession
        var receiver: AMQPReceiver
        var sender: AMQPSender
    }

    private func scene(
        incomingWindow: UInt32 = 100,
        script: @escaping HostileServer.Script = { _, _, _ in false }
    ) async throws -> Scene {
        let (connection, server) = try await HostileServer.connect(script: script)
        let session = try await connection.makeSession(incomingWindow: incomingWindow)
        var options = AMQPReceiverOptions()
        options.credit = .manual
        options.maxMessageSize = 1_000
        let receiver = try await session.makeReceiver(from: "source", options: options)
        receiver.grant(3)
        let sender = try await session.makeSender(to: "target")
        return Scene(
            connection: connection,
            server: server,
            session: session,
            receiver: receiver,
            sender: sender
        )
    }

    /// What comes before the error: the bodies of the deliveries, and the error.
    private func drain(_ receiver: AMQPReceiver) async -> (bodies: [UInt8], error: AMQPError?) {
        var bodies: [UInt8] = []
        do throws(AMQPError) {
            while let batch = try await receiver.nextBatch() {
                bodies += batch.compactMap { $0.copiedBody.first }
            }
            return (bodies, nil)
        } catch {
            return (bodies, error)
        }
    }

    static let endsOfConnections: [Attack] = [
        Attack("a list that ends behind its frame", rawFrame([0, 0x53, 0x13, 0xC0, 0xFF, 11, 0x43]), .decodeError),
        Attack("an attach without fields", rawFrame([0, 0x53, 0x12, 0x45]), .decodeError),
        Attack("an unknown performative", rawFrame([0, 0x53, 0x19, 0x45]), .decodeError),
        Attack("a frame of 7 bytes", [0, 0, 0, 7, 2, 0, 0, 0], .framingError),
        Attack("a frame of 2 GiB", [0x7F, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0], .framingError),
        Attack("a data offset behind the frame", rawFrame([0, 0x53, 0x18, 0x45], dataOffset: 99), .framingError),
        Attack("an unknown type of frame", rawFrame([0, 0x53, 0x18, 0x45], type: 9), .framingError),
        Attack("a SASL frame", Handshake.outcome, .illegalState),
        Attack("a second open", Handshake.open, .illegalState),
        Attack("a channel without a session", transfer(0).enumerated().map { $0 == 7 ? 9 : $1 }, .notAllowed),
        Attack(
            "a second begin for a session",
            frame(
                .begin(Begin(remoteChannel: 0, nextOutgoingID: 0, incomingWindow: 1, outgoingWindow: 1)),
                channel: 1
            ),
            .illegalState
        ),
        Attack(
            "the answer to a begin that was not sent",
            frame(
                .begin(Begin(remoteChannel: 7, nextOutgoingID: 0, incomingWindow: 1, outgoingWindow: 1)),
                channel: 1
            ),
            .illegalState
        ),
        Attack(
            "a handle beyond handle-max",
            frame(.attach(Attach(name: "l", handle: 1_000_000, role: .sender))),
            .framingError
        ),
    ]

    @Test(arguments: endsOfConnections) func connectionsEnd(_ attack: Attack) async throws {
        let scene = try await scene()
        let sending = Task { try await scene.sender.send(Message(data: [1])) }
        _ = await scene.server.wait { if case .transfer = $0 { true } else { nil } }
        scene.server.send(transfer(0, 42) + attack.bytes)
        #expect(await scene.server.condition() == attack.condition)
        scene.server.hangUp()

        let (bodies, error) = await drain(scene.receiver)
        #expect(bodies == [42])
        #expect(error?.code == .protocolViolation)
        #expect(error?.scope == .connection)
        #expect(error?.condition == attack.condition)
        let lost = await #expect(throws: AMQPError.self) { _ = try await sending.value }
        #expect(lost?.condition == attack.condition)
        await #expect(throws: AMQPError.self) { _ = try await scene.connection.makeSession() }
        await scene.connection.close()
    }

    static let endsOfSessions: [Attack] = [
        Attack("a transfer on a handle without a link", transfer(1, handle: 5), .unattachedHandle),
        Attack("a detach on a handle without a link", frame(.detach(Detach(handle: 5))), .unattachedHandle),
        Attack(
            "an attach on a handle in use",
            frame(.attach(Attach(name: "x", handle: 0, role: .sender))),
            .handleInUse
        ),
        Attack(
            "a delivery-id that is in use",
            transfer(1, settled: false, more: true)
                + frame(.transfer(Transfer(handle: 0, deliveryID: 1, aborted: true)))
                + transfer(9, settled: false) + transfer(9, settled: false),
            .invalidField
        ),
    ]

    @Test(arguments: endsOfSessions) func sessionsEnd(_ attack: Attack) async throws {
        let scene = try await scene()
        scene.receiver.grant(10)
        scene.server.send(transfer(0, 42) + attack.bytes)
        #expect(await scene.server.condition() == attack.condition)

        let (bodies, error) = await drain(scene.receiver)
        #expect(bodies.first == 42)
        #expect(error?.code == .protocolViolation)
        #expect(error?.scope == .session)
        #expect(error?.condition == attack.condition)
        await #expect(throws: AMQPError.self) { try await scene.sender.send(Message(data: [1])) }
        try await expectService(scene)
    }

    @Test func theWindowIsViolated() async throws {
        let scene = try await scene(incomingWindow: 2)
        scene.receiver.grant(10)
        _ = await scene.server.wait { performative -> Bool? in
            if case .flow(let flow) = performative, flow.linkCredit == 10 { true } else { nil }
        }
        scene.server.send(transfer(0, 1) + transfer(1, 2) + transfer(2, 3))
        #expect(await scene.server.condition() == .windowViolation)
        let (bodies, error) = await drain(scene.receiver)
        #expect(bodies == [1, 2])
        #expect(error?.scope == .session)
        #expect(error?.condition == .windowViolation)
        try await expectService(scene)
    }

    static let endsOfLinks: [Attack] = [
        Attack(
            "deliveries beyond the credit",
            transfer(1) + transfer(2) + transfer(3),
            .transferLimitExceeded
        ),
        Attack("a delivery without a delivery-id", transfer(nil), .invalidField),
        Attack(
            "a message beyond max-message-size in one frame",
            frame(
                .transfer(Transfer(handle: 0, deliveryID: 1, deliveryTag: [1], settled: true)),
                payload: Message(data: [UInt8](repeating: 0, count: 1_001)).encoded()
            ),
            .messageSizeExceeded
        ),
        Attack(
            "a message beyond max-message-size in many frames",
            (0..<101).flatMap { _ in
                frame(
                    .transfer(Transfer(handle: 0, deliveryID: 1, deliveryTag: [1], settled: true, more: true)),
                    payload: [UInt8](repeating: 0, count: 10)
                )
            },
            .messageSizeExceeded
        ),
        Attack("frames of two deliveries mixed", transfer(1, more: true) + transfer(2), .notAllowed),
    ]

    @Test(arguments: endsOfLinks) func linksEnd(_ attack: Attack) async throws {
        let scene = try await scene(incomingWindow: 1_000)
        scene.server.send(transfer(0, 42) + attack.bytes)
        #expect(await scene.server.condition() == attack.condition)

        let (bodies, error) = await drain(scene.receiver)
        #expect(bodies.first == 42)
        #expect(error?.code == .protocolViolation)
        #expect(error?.scope == .link)
        #expect(error?.condition == attack.condition)
        // The other link of the session goes on.
        async let outcome = scene.sender.send(Message(data: [1]))
        _ = await scene.server.wait { if case .transfer = $0 { true } else { nil } }
        scene.server.send(.disposition(Disposition(role: .receiver, first: 0, settled: true, state: .accepted)))
        #expect(try await outcome == .accepted)
        await scene.connection.close()
    }

    @Test func aTransferOnALinkThatSends() async throws {
        let scene = try await scene()
        scene.server.send(transfer(0, handle: 1))
        #expect(await scene.server.condition() == .notAllowed)
        let error = await #expect(throws: AMQPError.self) { try await scene.sender.send(Message(data: [1])) }
        #expect(error?.scope == .link)
        #expect(error?.condition == .notAllowed)
        scene.server.send(transfer(0, 42))
        #expect(try await scene.receiver.nextBatch()?.first?.copiedBody == [42])
        await scene.connection.close()
    }

    /// Names deliveries that were never made, and says nothing about those that were.
    @Test func senselessDispositionsAndFlows() async throws {
        let scene = try await scene()
        async let outcome = scene.sender.send(Message(data: [1]))
        _ = await scene.server.wait { if case .transfer = $0 { true } else { nil } }
        var flow = Flow(nextIncomingID: .max, incomingWindow: .max, nextOutgoingID: 99, outgoingWindow: .max)
        scene.server.send(.flow(flow))
        flow.handle = 1
        flow.deliveryCount = .max
        flow.linkCredit = .max
        scene.server.send(
            .flow(flow),
            .disposition(Disposition(role: .receiver, first: 1, last: .max, settled: true, state: .accepted)),
            .disposition(Disposition(role: .receiver, first: 7, last: 3, settled: true, state: .accepted)),
            .disposition(Disposition(role: .sender, first: 0, last: .max, settled: true)),
            .disposition(Disposition(role: .receiver, first: 0, settled: true, state: .released))
        )
        #expect(try await outcome == .released)
        await scene.connection.close()
    }

    /// What was accepted is known to be, what was not is an error: nothing in between, and nobody waits.
    @Test func theStreamEndsInTheMiddleOfDispositions() async throws {
        let scene = try await scene()
        let results = await withTaskGroup(of: Outcome?.self, returning: [Outcome?].self) { group in
            for number in 0..<10 as Range<UInt8> {
                group.addTask { try? await scene.sender.send(Message(data: [number])) }
            }
            var count = 0
            _ = await scene.server.wait { performative -> Bool? in
                if case .transfer = performative { count += 1 }
                return count == 10 ? true : nil
            }
            let accepted = Disposition(role: .receiver, first: 0, last: 3, settled: true, state: .accepted)
            let lost = Disposition(role: .receiver, first: 4, last: 9, settled: true, state: .accepted)
            scene.server.send(frame(.disposition(accepted)) + frame(.disposition(lost)).dropLast())
            scene.server.hangUp()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.filter { $0 == .accepted }.count == 4)
        #expect(results.filter { $0 == nil }.count == 6)
        #expect(await scene.connection.end?.code == .connectionLost)
        await scene.connection.close()
    }

    @Test func theStreamEndsInTheMiddleOfATransfer() async throws {
        let scene = try await scene()
        scene.server.send(transfer(0, 42) + transfer(1, 43, more: true) + transfer(1, 43).dropLast(2))
        scene.server.hangUp()
        let (bodies, error) = await drain(scene.receiver)
        #expect(bodies == [42])
        #expect(error?.code == .connectionLost)
        #expect(error?.scope == .transport)
        await scene.connection.close()
    }

    /// A new session of the same connection works.
    private func expectService(_ scene: Scene) async throws {
        let session = try await scene.connection.makeSession()
        let receiver = try await session.makeReceiver(from: "source")
        let channel = await scene.server.channel(of: 1)
        scene.server.send(transfer(0, 77).enumerated().map { $0 == 7 ? channel : $1 })
        #expect(try await receiver.nextBatch()?.first?.copiedBody == [77])
        await scene.connection.close()
    }
}
