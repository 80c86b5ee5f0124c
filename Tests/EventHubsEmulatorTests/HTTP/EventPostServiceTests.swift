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
import HTTPExchange
import Testing

@testable import EventHubsEmulator

/// Events sent as Microsoft documents it for the service, over HTTP, and what is no such request.
@Suite("Events over HTTP", .timeLimit(.minutes(2)))
struct EventPostServiceTests {
    private static let batchType = "application/vnd.microsoft.servicebus.json"

    private let client = NamespaceClient()

    private func withHub(
        _ adjust: (inout EmulatorConfiguration) -> Void = { _ in },
        _ body: @Sendable (EventHubsEmulator) async throws -> Void
    ) async throws {
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 4)])
        adjust(&configuration)
        try await EventHubsEmulator.withEmulator(configuration, body)
    }

    private func messages(_ emulator: EventHubsEmulator) -> [(partition: String, message: Message)] {
        emulator.partitions(of: "hub1").flatMap { partition in
            emulator.events(ofPartition: partition.id, in: "hub1").map { (partition.id, $0.message) }
        }
    }

    @Test("one event: its body, its headers, its key")
    func single() async throws {
        try await withHub { emulator in
            let posted = try await client.send(
                "POST",
                "hub1/messages?timeout=60&api-version=2014-01",
                [
                    .init("Alert", "Strong Wind"), .init("Quoted", #""4 \"m/s\"""#), .init("Speed", "17"),
                    .init("Share", "0.5"), .init("Valid", "true"), .init("x-ms-retrypolicy", "NoRetry"),
                    .init("BrokerProperties", #"{"PartitionKey":"k","MessageId":"m1","Unknown":{}}"#),
                ],
                body: #"{ "DeviceId":"dev-01", "Temperature":"37.0" }"#,
                to: emulator
            )
            #expect(posted == (201, ""))
            let message = try #require(messages(emulator).first?.message)
            #expect(message.body == .data([Array(#"{ "DeviceId":"dev-01", "Temperature":"37.0" }"#.utf8)]))
            #expect(message.messageAnnotations?[symbol: "x-opt-partition-key"] == .string("k"))
            #expect(message.properties?.messageID == .string("m1"))
            #expect(message.properties?.contentType == "application/atom+xml;type=entry;charset=utf-8")
            let properties = try #require(message.applicationProperties)
            #expect(properties.count == 5)
            #expect(properties[string: "Alert"] == .string("Strong Wind"))
            #expect(properties[string: "Quoted"] == .string(#"4 "m/s""#))
            #expect(properties[string: "Speed"] == .long(17))
            #expect(properties[string: "Share"] == .double(0.5))
            #expect(properties[string: "Valid"] == .bool(true))
        }
    }

    @Test("a batch: all of it in one partition, with what each message says of itself")
    func batch() async throws {
        try await withHub { emulator in
            let posted = try await client.send(
                "POST",
                "hub1/messages",
                [.init("Ignored", "yes")],
                type: Self.batchType,
                body: #"[{"Body":"Message1", "UserProperties":{"Alert":"Strong Wind","n":-3,"x":2.5,"b":false}}, "#
                    + #"{"Body":"Message2"}, {"Body":"aGk=","IsBodyBase64":true,"BrokerProperties":{"Label":"l"}}]"#,
                to: emulator
            )
            #expect(posted == (201, ""))
            let stored = messages(emulator)
            #expect(Set(stored.map(\.partition)).count == 1)
            #expect(
                stored.map(\.message.body) == ["Message1", "Message2", "hi"].map { .data([Array($0.utf8)]) }
            )
            #expect(
                stored.first?.message.applicationProperties == [
                    .string("Alert"): .string("Strong Wind"), .string("b"): .bool(false), .string("n"): .long(-3),
                    .string("x"): .double(2.5),
                ]
            )
            #expect(stored.last?.message.properties?.subject == "l")
            #expect(stored.last?.message.applicationProperties == nil)
        }
    }

    @Test("equal keys meet in one partition, over HTTP and AMQP alike")
    func keys() async throws {
        try await withHub { emulator in
            let expected = PartitionKeyHash.partition(for: "vehicle-7", partitionCount: 4)
            let key = #"{"PartitionKey":"vehicle-7"}"#
            for _ in 0..<3 {
                let posted = try await client.send(
                    "POST",
                    "hub1/messages",
                    [.init("BrokerProperties", key)],
                    body: "x",
                    to: emulator
                )
                #expect(posted.status == 201)
            }
            let batch = try await client.send(
                "POST",
                "hub1/messages",
                type: Self.batchType,
                body: #"[{"Body":"y","BrokerProperties":\#(key)},{"Body":"z","BrokerProperties":\#(key)}]"#,
                to: emulator
            )
            #expect(batch.status == 201)
            #expect(messages(emulator).map(\.partition) == Array(repeating: "\(expected)", count: 5))
        }
    }

    @Test("partitions and publishers have addresses of their own")
    func addresses() async throws {
        try await withHub { emulator in
            let partition = try await client.send("POST", "hub1/Partitions/2/messages", body: "a", to: emulator)
            let publisher = try await client.send("POST", "hub1/publishers/dev%201/messages", body: "b", to: emulator)
            #expect(partition.status == 201 && publisher.status == 201)
            let stored = messages(emulator)
            #expect(stored.contains { $0.partition == "2" && $0.message.body == .data([[0x61]]) })
            let published = stored.first { $0.message.body == .data([[0x62]]) }
            #expect(published?.message.messageAnnotations?[symbol: "x-opt-publisher"] == .string("dev 1"))
        }
    }

    @Test(
        "what cannot be stored is refused, and says why",
        arguments: [
            ("hub2/messages", 404), ("hub1/partitions/4/messages", 400), ("hub1/partitions/x/messages", 400),
            ("hub1/a/b/messages", 404), ("hub1/consumergroups/g/partitions/0/messages", 404), ("messages", 404),
        ]
    )
    func wrongAddress(path: String, status: Int) async throws {
        try await withHub { emulator in
            let refused = try await client.send("POST", path, body: "x", to: emulator)
            #expect(refused.status == status)
            #expect(refused.body.contains("<Error><Code>\(status)</Code><Detail>"))
        }
    }

    @Test(
        "bodies that are no batch",
        arguments: [
            "", "{}", "[", "[]", "[1]", "[{}]", #"[{"Body":1}]"#, #"[{"Body":"a","UserProperties":{"p":[]}}]"#,
            #"[{"Body":"a","BrokerProperties":{"PartitionKey":1}}]"#, #"[{"Body":"?","IsBodyBase64":true}]"#,
            #"[{"Body":"a","BrokerProperties":{"PartitionKey":"1"}},{"Body":"b"}]"#,
            #"[{"Body":"a","BrokerProperties":{"ContentType":"\u00e9"}}]"#, String(repeating: "[", count: 100_000),
            #"[{"Body":"a","UserProperties":"# + String(repeating: #"{"a":"#, count: 100_000),
        ]
    )
    func malformedBatch(body: String) async throws {
        try await withHub { emulator in
            let refused = try await client.send("POST", "hub1/messages", type: Self.batchType, body: body, to: emulator)
            #expect(refused.status == 400)
            #expect(messages(emulator).isEmpty)
        }
    }

    @Test("properties for the broker that are none", arguments: ["x", "[]", #"{"PartitionKey":{}}"#])
    func malformedBrokerProperties(text: String) async throws {
        try await withHub { emulator in
            let header = HTTPRequest.Field("BrokerProperties", text)
            let refused = try await client.send("POST", "hub1/messages", [header], body: "x", to: emulator)
            #expect(refused.status == 400)
        }
    }

    @Test("the limit of size is that of AMQP")
    func tooLarge() async throws {
        try await withHub({ $0.maximumMessageSize = 10_000 }) { emulator in
            for count in [9_990, 10_001, 4 << 20] {
                let body = String(repeating: "x", count: count)
                let refused = try await client.send("POST", "hub1/messages", body: body, to: emulator)
                #expect(refused.status == 413)
            }
            let fits = try await client.send(
                "POST",
                "hub1/messages",
                body: String(repeating: "x", count: 9_000),
                to: emulator
            )
            #expect(fits.status == 201)
        }
    }

    @Test("who may not send is told so")
    func unauthorized() async throws {
        let listener = SharedAccessPolicy(name: "RootManageSharedAccessKey", key: "SAS_KEY_VALUE", rights: .listen)
        try await withHub({ $0.policies = [listener] }) { emulator in
            let refused = try await client.send("POST", "hub1/messages", body: "x", to: emulator)
            #expect(refused.status == 401 && refused.body.contains("'Send'"))
        }
        try await withHub { emulator in
            for token in [nil, "", "SharedAccessSignature sr=x", "Bearer y"] {
                let refused = try await client.send("POST", "hub1/messages", body: "x", token: token, to: emulator)
                #expect(refused.status == 401)
            }
            let read = try await client.send("GET", "hub1/messages", to: emulator)
            #expect(read.status == 405)
        }
    }

    @Test("beyond the throughput units the service is busy")
    func throttled() async throws {
        try await withHub({ $0.throughputUnits = 1 }) { emulator in
            let body = String(repeating: "x", count: 900_000)
            var status = 201
            // Only a machine that stands still for a second before each of them would let them all pass.
            for _ in 0..<100 where status == 201 {
                status = try await client.send("POST", "hub1/messages", body: body, to: emulator).status
            }
            #expect(status == 503)
        }
    }
}
