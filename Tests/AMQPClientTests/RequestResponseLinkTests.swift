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
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RequestResponseLinkTests {
    /// A node that answers requests with `answer`; nil leaves them without a response.
    private func node(
        _ outcome: DeliveryState = .accepted,
        answer: @escaping @Sendable (Message) -> Message?
    ) -> TestServer.Script {
        let toClient = Mutex<LinkID?>(nil)
        var script = TestServer.Script()
        script.link = { server, id, _, attach in
            if id.isSender { toClient.withLock { $0 = id } }
            server.accept(id, attach)
        }
        script.deliveries = { server, id, batch in
            server.settle(batch, of: id, as: outcome)
            for delivery in batch {
                guard let link = toClient.withLock({ $0 }),
                    let request = try? Message(decoding: delivery.copiedPayload),
                    var response = answer(request)
                else { continue }
                var properties = response.properties ?? Properties()
                properties.correlationID = request.properties?.messageID
                response.properties = properties
                server.send([response], on: link)
            }
        }
        return script
    }

    private func open(_ script: TestServer.Script) async throws -> (RequestResponseLink, AMQPConnection, TestServer) {
        let (connection, server) = try await TestServer.connect(script)
        let link = try await RequestResponseLink.open(on: connection.makeSession(), node: "$management")
        return (link, connection, server)
    }

    @Test func responsesFindTheirRequests() async throws {
        let (link, connection, _) = try await open(
            node { request in Message(applicationProperties: request.applicationProperties, body: request.body) }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<200 {
                group.addTask {
                    let request = Message(value: .uint(UInt32(index)))
                    let response = try await link.request(request, timeout: .seconds(20))
                    #expect(response.body == request.body)
                    #expect(response.properties?.correlationID != nil)
                }
            }
            try await group.waitForAll()
        }
        await link.close()
        await connection.close()
    }

    @Test func noResponseInTime() async throws {
        let (link, connection, _) = try await open(node { _ in nil })
        let error = await #expect(throws: AMQPError.self) {
            _ = try await link.request(Message(value: .null), timeout: .milliseconds(50))
        }
        #expect(error?.code == .timedOut)
        await connection.close()
    }

    @Test func aRequestIsCancelled() async throws {
        let (link, connection, _) = try await open(node { _ in nil })
        let request = Task { try await link.request(Message(value: .null), timeout: .seconds(50)) }
        request.cancel()
        let error = await #expect(throws: AMQPError.self) { _ = try await request.value }
        #expect(error?.code == .cancelled)
        await connection.close()
    }

    @Test func aRequestIsRejected() async throws {
        let refusal = AMQPErrorInfo(condition: .unauthorizedAccess, description: "who are you")
        let (link, connection, _) = try await open(node(.rejected(refusal)) { _ in nil })
        let error = await #expect(throws: AMQPError.self) {
            _ = try await link.request(Message(value: .null), timeout: .seconds(20))
        }
        #expect(error?.code == .requestRefused)
        #expect(error?.condition == .unauthorizedAccess)
        #expect(error?.message == "who are you")
        await connection.close()
    }

    @Test func theConnectionIsLostBeforeTheResponse() async throws {
        let requests = Recorder<Bool>()
        let (link, connection, server) = try await open(
            node { _ in
                requests.record(true)
                return nil
            }
        )
        let request = Task { try await link.request(Message(value: .null), timeout: .seconds(50)) }
        _ = await requests.wait()
        server.vanish()
        let error = await #expect(throws: AMQPError.self) { _ = try await request.value }
        #expect(error?.code == .connectionLost)
        let later = await #expect(throws: AMQPError.self) {
            _ = try await link.request(Message(value: .null), timeout: .seconds(50))
        }
        #expect(later?.code == .connectionLost)
        await connection.close()
    }

    @Test func theNodeIsRefused() async throws {
        var script = TestServer.Script()
        script.link = { server, id, _, attach in
            if id.isSender { server.accept(id, attach) } else { server.refuse(id, .notAllowed, "already open") }
        }
        let (connection, _) = try await TestServer.connect(script)
        let session = try await connection.makeSession()
        let error = await #expect(throws: AMQPError.self) {
            _ = try await RequestResponseLink.open(on: session, node: "$cbs")
        }
        #expect(error?.code == .linkRefused)
        #expect(error?.condition == .notAllowed)
        await connection.close()
    }
}
