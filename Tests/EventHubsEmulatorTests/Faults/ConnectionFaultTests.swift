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

@Suite("Faults on a connection", .timeLimit(.minutes(1)))
struct ConnectionFaultTests {
    private static let event: [UInt8] = [0x00, 0x53, 0x75, 0xA0, 0x01, 0x78]
    private static let partition = "hub1/ConsumerGroups/$Default/Partitions/0"

    private func broker(_ plan: String) throws -> Broker {
        let faults = try FaultPlan(plan)
        return WireClient.makeBroker { $0.faults = faults }
    }

    private func connected(_ plan: String) async throws -> WireClient {
        try await WireClient.connected(try broker(plan))
    }

    private func stored(_ client: WireClient, _ partition: String = "0") -> Int64? {
        client.broker.namespace.hub("hub1")?.partition(partition)?.summary(at: 0).eventCount
    }

    private func transfer(_ id: UInt32, handle: UInt32 = 0) -> Performative {
        .transfer(
            Transfer(
                handle: handle,
                deliveryID: id,
                deliveryTag: [UInt8(truncatingIfNeeded: id)],
                messageFormat: 0,
                settled: false
            )
        )
    }

    // MARK: connect

    @Test("a connection is dropped at once, the next one is served")
    func drop() async throws {
        let broker = try broker("connect: drop")
        #expect(await WireClient(broker).nextItem() == nil)
        _ = try await WireClient.connected(broker)
        #expect(broker.faults.strikes == [1])
    }

    @Test("a connection is dropped at a frame of the client: what came before is answered")
    func dropAtFrame() async throws {
        // sasl-init and open, then begin.
        let client = WireClient(try broker("connect: drop 3"))
        try await client.handshake(keyName: "RootManageSharedAccessKey", key: "SAS_KEY_VALUE")
        client.send(.begin(Begin(nextOutgoingID: 0, incomingWindow: 10, outgoingWindow: 10)))
        #expect(await client.nextItem() == nil)
    }

    @Test("a slow connection lets no more pass than it is given")
    func slow() async throws {
        let client = try await connected("connect: slow 20k")
        _ = try await client.attachSender("hub1/Partitions/0")
        _ = try await client.attachReceiver(Self.partition)
        client.grant(10)
        let start = ContinuousClock.now
        let body = [UInt8](repeating: 0x78, count: 8_000)
        let payload: [UInt8] = [0x00, 0x53, 0x75, 0xB0, 0, 0, 0x1F, 0x40] + body
        client.send(transfer(0), payload: payload)
        var isAccepted = false
        var received: [UInt8] = []
        while !isAccepted || received.isEmpty {
            let next = try await client.next()
            switch next.performative {
            case .disposition(let disposition): isAccepted = disposition.state == .accepted
            case .transfer: received = next.payload
            default: Issue.record("\(next.performative)")
            }
        }
        #expect(try Message(decoding: received).body == .data([body]))
        // 8,000 bytes each way, and no more than an interval's 400 for nothing.
        #expect(ContinuousClock.now - start >= .milliseconds(2 * 7_600 / 20))
    }

    @Test("a connection that is stalled says nothing any more, until it has been idle for too long")
    func stall() async throws {
        let faults = try FaultPlan("send: stall")
        let broker = WireClient.makeBroker {
            $0.faults = faults
            $0.idleTimeout = .seconds(1)
        }
        let client = try await WireClient.connected(broker)
        _ = try await client.attachSender("hub1/Partitions/0")
        client.send(transfer(0), payload: Self.event)
        #expect(await client.nextItem() == nil)
        #expect(stored(client) == 0)
    }

    // MARK: attach

    @Test("a link is refused with any condition and text")
    func refuse() async throws {
        let client = try await connected(
            #"attach hub=hub1 role=sender: refuse com.microsoft:entity-disabled "it sleeps""#
        )
        #expect(try await client.attachReceiver(Self.partition).source != nil)
        let attach = try await client.attachSender("hub1")
        #expect(attach.source == nil && attach.target == nil)
        let detach = try await client.nextDetach()
        #expect(detach.closed)
        #expect(detach.error?.condition == "com.microsoft:entity-disabled")
        #expect(detach.error?.description?.hasPrefix("it sleeps TrackingId:") == true)
    }

    @Test("an attach is not answered, or late, or twice")
    func attachAnswers() async throws {
        let client = try await connected("attach: ignore; attach: delay 20ms; attach skip=1: attach-twice")
        client.send(.attach(WireClient.sender("hub1", handle: 0, name: "ignored")))
        client.send(.attach(WireClient.sender("hub1", handle: 1, name: "late")))
        #expect(try await client.attachSender("hub1", handle: 2, name: "prompt").name == "prompt")
        #expect(try await client.nextAttach().name == "late")
        guard case .flow = try await client.next().performative else {
            Issue.record("no credit")
            return
        }
        client.send(.attach(WireClient.sender("hub1", handle: 3, name: "twice")))
        let first = try await client.nextAttach()
        var second = try await client.next().performative
        if case .flow = second { second = try await client.next().performative }
        #expect(second == .attach(first))
    }

    @Test("a link that was detached while its answer was late stays away")
    func lateAttach() async throws {
        let client = try await connected("attach: delay 50ms")
        client.send(.attach(WireClient.sender("hub1", handle: 0, name: "late")))
        client.send(.detach(Detach(handle: 0, closed: true)))
        _ = try await client.nextAttach()
        _ = try await client.nextDetach()
        #expect(try await client.attachSender("hub1", handle: 1, name: "late").target != nil)
    }

    @Test("a sender gets no credit, or may send small messages only")
    func senderLimits() async throws {
        let client = try await connected("attach: no-credit; attach: limit 100")
        client.send(.attach(WireClient.sender("hub1", handle: 0, name: "starved")))
        #expect(try await client.nextAttach().target != nil)
        #expect(try await client.attachSender("hub1", handle: 1, name: "small").maxMessageSize == 100)
        client.send(transfer(0, handle: 1), payload: [0x00, 0x53, 0x75, 0xA0, 200] + [UInt8](repeating: 1, count: 200))
        #expect(try await client.nextDetach().error?.condition == .messageSizeExceeded)
    }

    // MARK: send and sent

    @Test("deliveries are rejected, released, modified or left without an answer, and none of them is stored")
    func outcomes() async throws {
        let client = try await connected(
            "send: reject com.microsoft:server-busy; send: release; send: modify; send: ignore"
        )
        _ = try await client.attachSender("hub1/Partitions/0")
        guard case .rejected(let error?)? = try await client.deliver(Self.event, id: 0) else {
            Issue.record("not rejected")
            return
        }
        #expect(error.condition == .serverBusy)
        #expect(error.description?.contains("Please wait 4 seconds and try again.") == true)
        #expect(try await client.deliver(Self.event, id: 1) == .released)
        #expect(try await client.deliver(Self.event, id: 2) == .modified(.init(deliveryFailed: true)))
        client.send(transfer(3), payload: Self.event)
        #expect(stored(client) == 0)
        #expect(try await client.deliver(Self.event, id: 4) == .accepted)
        #expect(stored(client) == 1)
    }

    @Test("late deliveries keep those behind them waiting, late acknowledgements do not")
    func delays() async throws {
        let late = try await connected("send skip=1: delay 30ms; send skip=2: delay 30ms")
        _ = try await late.attachSender("hub1/Partitions/0")
        for id in 0..<6 as Range<UInt32> {
            late.send(transfer(id), payload: [0x00, 0x53, 0x75, 0xA0, 0x01, UInt8(id)])
        }
        var order: [UInt32] = []
        while order.count < 6 {
            let disposition = try await late.nextDisposition()
            order += disposition.first...(disposition.last ?? disposition.first)
            #expect(disposition.state == .accepted)
        }
        #expect(order == Array(0..<6))
        #expect(late.broker.faults.strikes == [1, 1])
        let log = try #require(late.broker.namespace.hub("hub1")?.partition("0"))
        var cursor = try log.cursor(for: .earliest)
        let run = log.nextRun(at: &cursor, maximumEvents: 10, maximumBytes: 10_000)
        #expect(run.map { $0.map { $0[$0.count - 1] } } == Array(0..<6))

        let unacknowledged = try await connected("sent: delay 30ms")
        _ = try await unacknowledged.attachSender("hub1/Partitions/0")
        for id in 0..<2 as Range<UInt32> { unacknowledged.send(transfer(id), payload: Self.event) }
        #expect(try await unacknowledged.nextDisposition().first == 1)
        #expect(stored(unacknowledged) == 2)
        #expect(try await unacknowledged.nextDisposition().first == 0)
    }

    @Test("what is stored may stay unacknowledged: the connection is gone, or nothing is said")
    func unknownOutcome() async throws {
        let client = try await connected("sent skip=1: drop; sent: ignore")
        _ = try await client.attachSender("hub1/Partitions/0")
        client.send(transfer(0), payload: Self.event)
        client.send(transfer(1), payload: Self.event)
        client.send(transfer(2), payload: Self.event)
        #expect(await client.nextItem() == nil)
        // The drop came before the third was looked at.
        #expect(stored(client) == 2)
    }

    // MARK: Links, sessions and connections that end

    @Test("a receiver's link, session or connection ends behind as many events as were skipped")
    func receivers() async throws {
        for verb in ["detach", "end", "close", "drop"] {
            let reason = verb == "drop" ? "" : " com.microsoft:partition-not-owned"
            let client = try await connected("receive partition=0 skip=2: \(verb)\(reason)")
            let log = try #require(client.broker.namespace.hub("hub1")?.partition("0"))
            for _ in 0..<5 { try log.append(IncomingEvents(delivery: Self.event, messageFormat: 0), at: 1) }
            _ = try await client.attachReceiver(Self.partition)
            client.grant(10)
            if verb != "drop" {
                for _ in 0..<3 { _ = try await client.nextTransfer() }
            }
            let condition: ErrorCondition?
            switch verb == "drop" ? nil : try await client.next().performative {
            case .detach(let detach): condition = verb == "detach" ? detach.error?.condition : nil
            case .end(let end): condition = verb == "end" ? end.error?.condition : nil
            case .close(let close): condition = verb == "close" ? close.error?.condition : nil
            default:
                condition = nil
                await client.waitForEnd()
            }
            #expect(condition == (verb == "drop" ? nil : "com.microsoft:partition-not-owned"), "\(verb)")
            #expect(client.broker.faults.strikes == [1])
        }
    }

    @Test("events come late, and all of them in order")
    func slowEvents() async throws {
        let client = try await connected("receive skip=1 times=2: delay 20ms")
        let log = try #require(client.broker.namespace.hub("hub1")?.partition("0"))
        for _ in 0..<5 { try log.append(IncomingEvents(delivery: Self.event, messageFormat: 0), at: 1) }
        _ = try await client.attachReceiver(Self.partition)
        client.grant(10)
        for number in 0..<5 { #expect(try await client.nextTransfer().0.deliveryID == UInt32(number)) }
        #expect(client.broker.faults.strikes == [2])
    }

    // MARK: Nodes

    @Test("requests about hubs are answered with a status, late, or not at all")
    func reads() async throws {
        let client = try await connected(
            "read: ignore; read: delay 30ms; read partition=1: answer 503 com.microsoft:server-busy"
        )
        _ = try await client.attachReceiver("$management", handle: 1, name: "replies")
        client.grant(10, handle: 1)
        _ = try await client.attachSender("$management", handle: 0, name: "requests")
        for id in 0..<3 as Range<UInt32> {
            let request = Message(
                properties: Properties(messageID: .ulong(UInt64(id))),
                applicationProperties: [
                    .string("operation"): .string("READ"), .string("type"): .string("com.microsoft:partition"),
                    .string("name"): .string("hub1"), .string("partition"): .string(id == 2 ? "1" : "0"),
                ]
            )
            client.send(
                .transfer(Transfer(handle: 0, deliveryID: id, deliveryTag: [1], settled: true)),
                payload: request.encoded()
            )
        }
        let busy = try Message(decoding: try await client.nextTransfer().1)
        #expect(busy.properties?.correlationID == .ulong(2))
        #expect(busy.applicationProperties?[string: "status-code"] == .int(503))
        #expect(busy.applicationProperties?[string: "error-condition"]?.textValue == "com.microsoft:server-busy")
        let late = try Message(decoding: try await client.nextTransfer().1)
        #expect(late.properties?.correlationID == .ulong(1))
        #expect(late.applicationProperties?[string: "status-code"] == .int(200))
    }

    @Test("a token lapses sooner than it says, and its links go")
    func lapse() async throws {
        let client = try await WireClient.anonymous(try broker("token hub=hub1: lapse 5s"))
        _ = try await client.attachReceiver("$cbs", handle: 10, name: "cbs-reply")
        client.grant(50, handle: 10)
        _ = try await client.attachSender("$cbs", handle: 11, name: "cbs")
        let audience = "sb://localhost/hub1"
        let token = makeToken(for: audience, expiresAt: SystemTime.now() / 1_000 + 1_000)
        let request = Message(
            properties: Properties(messageID: .string("m")),
            applicationProperties: [
                .string("operation"): .string("put-token"),
                .string("type"): .string("servicebus.windows.net:sastoken"), .string("name"): .string(audience),
            ],
            body: .value(.string(token))
        )
        // Time enough to attach on a busy machine.
        let put = Transfer(handle: 11, deliveryID: 0, deliveryTag: [1], messageFormat: 0, settled: true)
        client.send(.transfer(put), payload: request.encoded())
        _ = try await client.nextTransfer()
        #expect(try await client.attachSender("hub1").target != nil)
        while true {
            guard case .detach(let detach) = try await client.next().performative else { continue }
            #expect(detach.error?.condition == .detachForced)
            #expect(detach.error?.description?.contains("Code: RenewToken.") == true)
            break
        }
    }

    // MARK: Blobs

    @Test("blob requests are answered with a status and its code, or any other")
    func blobAnswers() throws {
        let store = BlobStore(now: { 0 })
        let blobs = BlobService(store: store, account: .development, now: { 0 }, nextNumber: { 1 })
        let request = ServiceRequest(method: "PUT", path: "/devstoreaccount1/c/b", query: "", headers: [:])
        for (status, code, expected) in [
            (412, nil, "ConditionNotMet"), (503, nil, "ServerBusy"), (500, nil, "InternalError"),
            (409, "BlobAlreadyExists", "BlobAlreadyExists"),
        ] as [(Int, String?, String)] {
            let response = blobs.refuse(request, status: status, code: code)
            #expect(response.status == status)
            #expect(response.header("x-ms-error-code") == expected)
            #expect(String(decoding: response.body, as: UTF8.self).contains("<Code>\(expected)</Code>"))
            #expect(response.header("x-ms-request-id") != nil)
        }
    }
}
