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

import EventHubs
import EventHubsEmulator
import HTTPExchange
import Testing

@testable import EventHubsAdministration

/// Events over HTTP, as Microsoft documents the requests of the service.
@Suite(.timeLimit(.minutes(5))) struct EventHubHTTPSenderTests {
    private func refusal(
        _ event: EventData,
        in form: (EventHubHTTPSender, EventData) async throws -> Void
    ) async -> EventHubsError.Code? {
        let service = ScriptedService(.response(201))
        let sender = EventHubHTTPSender("telemetry", service.requests())
        let error = await #expect(throws: EventHubsError.self) { try await form(sender, event) }
        #expect(error?.eventHub == "telemetry")
        #expect(service.received.isEmpty)
        return error?.code
    }

    @Test func oneEvent() async throws {
        let service = ScriptedService(.response(201))
        var event = EventData(
            #"{ "DeviceId":"dev-01", "Temperature":"37.0" }"#,
            properties: [
                .string("Alert"): .string(#"Strong "Wind""#), .string("n"): .long(-3), .string("b"): .bool(true),
            ]
        )
        event.messageID = .string("é")
        try await EventHubHTTPSender("telemetry", service.requests()).send(event, to: .key("k"))
        let request = try #require(service.received.first)
        #expect(request.method == "POST")
        #expect(request.url == "https://name.servicebus.windows.net/telemetry/messages?api-version=2014-01")
        #expect(request.header("Authorization") == "token for https://name.servicebus.windows.net/telemetry/messages")
        #expect(request.header("Content-Type") == "application/atom+xml;type=entry;charset=utf-8")
        #expect(request.header("BrokerProperties") == #"{"MessageId":"\u00e9","PartitionKey":"k"}"#)
        #expect(request.header("Alert") == #""Strong \"Wind\"""#)
        #expect(request.header("n") == "-3" && request.header("b") == "true")
        #expect(request.body == event.body)
    }

    @Test func aBatch() async throws {
        let service = ScriptedService(.response(201))
        let events = [
            EventData("Message1", properties: [.string("Alert"): .string("Strong Wind")]), EventData("Message2 \"é\""),
        ]
        try await EventHubHTTPSender("telemetry", service.requests()).send(events)
        let request = try #require(service.received.first)
        #expect(request.header("Content-Type") == "application/vnd.microsoft.servicebus.json")
        #expect(
            String(decoding: request.body ?? [], as: UTF8.self)
                == #"[{"Body":"Message1","UserProperties":{"Alert":"Strong Wind"}},{"Body":"Message2 \"é\""}]"#
        )
        try await EventHubHTTPSender("telemetry", service.requests()).send([EventData]())
        #expect(service.received.count == 1, "nothing is sent where there is nothing")
    }

    @Test func addresses() async throws {
        let service = ScriptedService(.response(201), .response(201), .response(201))
        let sender = EventHubHTTPSender("telemetry", service.requests())
        try await sender.send("a", to: .partition("3"))
        try await sender.send(["a", "b"], to: .partition("3"))
        try await sender.send("a", publisher: "device-1")
        #expect(
            service.received.map { $0.url.dropFirst("https://name.servicebus.windows.net".count).prefix { $0 != "?" } }
                == [
                    "/telemetry/partitions/3/messages", "/telemetry/partitions/3/messages",
                    "/telemetry/publishers/device-1/messages",
                ]
        )
    }

    @Test func whatHTTPDoesNotCarryIsNotSent() async throws {
        let alone = { (sender: EventHubHTTPSender, event: EventData) async throws in try await sender.send(event) }
        let together = { (sender: EventHubHTTPSender, event: EventData) async throws in try await sender.send([event]) }
        for name in ["Host", "a b", "é", "", "x-ms-date"] {
            let event = EventData("x", properties: [.string(name): .string("v")])
            #expect(await refusal(event, in: alone) == .invalidArgument)
        }
        for value in ["\r\nHost: evil", "é", "\u{7F}"] {
            let event = EventData("x", properties: [.string("a"): .string(value)])
            #expect(await refusal(event, in: alone) == .invalidArgument)
        }
        var batchType = EventData("x")
        batchType.contentType = "application/vnd.microsoft.servicebus.json"
        #expect(await refusal(batchType, in: alone) == .invalidArgument)
        #expect(await refusal(EventData([0xFF]), in: together) == .invalidArgument)
        for form in [alone, together] {
            let binary = EventData("x", properties: [.string("a"): .binary([1])])
            #expect(await refusal(binary, in: form) == .invalidArgument)
            #expect(await refusal(EventData(Message(value: .string("x"))), in: form) == .invalidArgument)
            var subject = EventData("x")
            subject.message.properties = Properties(subject: "s")
            #expect(await refusal(subject, in: form) == .invalidArgument)
            var id = EventData("x")
            id.messageID = .ulong(1)
            #expect(await refusal(id, in: form) == .invalidArgument)
        }
        let wrongTarget = { (sender: EventHubHTTPSender, event: EventData) async throws in
            try await sender.send(event, to: .key(""))
        }
        #expect(await refusal("x", in: wrongTarget) == .invalidArgument)
    }

    @Test(arguments: [
        (401, EventHubsError.Code.unauthorized), (404, .notFound), (413, .messageTooLarge), (403, .quotaExceeded),
    ])
    func refusalsAreTyped(status: Int, code: EventHubsError.Code) async throws {
        let service = ScriptedService(
            .response(status, "<Error><Code>\(status)</Code><Detail>a &lt; b TrackingId:17</Detail></Error>")
        )
        let error = await #expect(throws: EventHubsError.self) {
            try await EventHubHTTPSender("telemetry", service.requests()).send("x")
        }
        #expect(error?.code == code && error?.trackingID == "17")
        #expect(error?.message.contains("a < b") == true)
    }

    @Test func throughTheEmulator() async throws {
        let configuration = EmulatorConfiguration(hubs: [.init(name: "telemetry", partitionCount: 2)])
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let sender = try EventHubHTTPSender(
                connectionString: emulator.connectionString(hub: "telemetry"),
                configuration: .init(endpoint: "http://127.0.0.1:\(emulator.httpPort)")
            )
            var first = EventData([0xFF, 0x00], properties: [.string("a"): .string("x \"y\""), .string("n"): .int(5)])
            first.contentType = "application/octet-stream"
            first.correlationID = .string("c")
            try await sender.send(first, to: .partition("1"))
            var second = EventData("é", properties: [.string("a b"): .string("é"), .string("x"): .double(0.5)])
            second.contentType = "text/plain"
            try await sender.send([second, "three"], to: .partition("1"))
            let stored = emulator.events(ofPartition: "1", in: "telemetry").map(\.message)
            #expect(stored.map(\.body) == [[0xFF, 0x00], Array("é".utf8), Array("three".utf8)].map { .data([$0]) })
            #expect(stored[0].applicationProperties == [.string("a"): .string("x \"y\""), .string("n"): .long(5)])
            #expect(stored[0].properties?.contentType == "application/octet-stream")
            #expect(stored[0].properties?.correlationID == .string("c"))
            #expect(stored[1].applicationProperties == [.string("a b"): .string("é"), .string("x"): .double(0.5)])
            #expect(stored[1].properties?.contentType == "text/plain")
        }
    }
}
