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
import HTTPExchange
import Testing

@testable import EventHubsAdministration

/// Requests and answers as Microsoft documents them for the service.
@Suite(.timeLimit(.minutes(5))) struct EventHubsAdministrationClientTests {
    /// The documented body of a request, without the blanks between elements.
    static let creation =
        #"<entry xmlns="http://www.w3.org/2005/Atom"><content type="application/xml">"#
        + #"<EventHubDescription xmlns:i="http://www.w3.org/2001/XMLSchema-instance""#
        + #" xmlns="http://schemas.microsoft.com/netservices/2010/10/servicebus/connect">"#
        + "<MessageRetentionInDays>7</MessageRetentionInDays><PartitionCount>4</PartitionCount>"
        + "</EventHubDescription></content></entry>"

    static func entry(_ name: String, rules: String = "<AuthorizationRules />", status: String = "Active") -> String {
        #"""
        <entry xmlns="http://www.w3.org/2005/Atom"><id>https://name.servicebus.windows.net/\#(name)?api-version=2014-01</id>
          <title type="text">\#(name)</title><published>2026-11-22T20:49:11Z</published><updated>2026-11-22T20:49:12Z</updated>
          <author><name>name</name></author><link rel="self" href="https://name.servicebus.windows.net/\#(name)" />
          <content type="application/xml">
            <EventHubDescription xmlns="http://schemas.microsoft.com/netservices/2010/10/servicebus/connect"
                xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
              <MessageRetentionInDays>7</MessageRetentionInDays>\#(rules)<Status>\#(status)</Status>
              <CreatedAt>2026-11-22T20:49:11.5971329Z</CreatedAt><UpdatedAt>0001-01-01T00:00:00Z</UpdatedAt>
              <PartitionCount>2</PartitionCount>
              <PartitionIds xmlns:d2p1="http://schemas.microsoft.com/2003/10/Serialization/Arrays">
                <d2p1:string>0</d2p1:string><d2p1:string>1</d2p1:string>
              </PartitionIds>
            </EventHubDescription>
          </content></entry>
        """#
    }

    static func feed(_ entries: [String], title: String = "EventHubs") -> String {
        #"<feed xmlns="http://www.w3.org/2005/Atom"><title type="text">\#(title)</title>"# + entries.joined()
            + "</feed>"
    }

    private let telemetry = EventHubDescription(
        name: "telemetry",
        messageRetentionInDays: 7,
        status: .active,
        userMetadata: nil,
        createdAt: Timestamp(millisecondsSinceEpoch: 1_795_380_551_000),
        updatedAt: nil,
        partitionIDs: ["0", "1"]
    )

    @Test func creating() async throws {
        let service = ScriptedService(.response(201, Self.entry("telemetry")))
        let hub = try await service.client().createEventHub(
            "telemetry",
            EventHubSettings(partitionCount: 4, messageRetentionInDays: 7)
        )
        #expect(hub == telemetry)
        let request = try #require(service.received.first)
        #expect(request.method == "PUT")
        #expect(request.url == "https://name.servicebus.windows.net/telemetry?api-version=2014-01")
        #expect(request.header("Content-Type") == "application/atom+xml;type=entry;charset=utf-8")
        #expect(request.header("Authorization") == "token for https://name.servicebus.windows.net/telemetry")
        #expect(request.header("If-Match").isEmpty)
        #expect(String(decoding: request.body ?? [], as: UTF8.self) == Self.creation)
    }

    @Test func bearerTokensSayWhatTheyAre() async throws {
        let service = ScriptedService(.response(200, Self.entry("telemetry")))
        _ = try await service.client(FixedCredential(kind: .jwt)).eventHub("telemetry")
        #expect(service.received.first?.header("Authorization").hasPrefix("Bearer token for ") == true)
    }

    @Test func bearerTokensDoNotLeaveInTheClear() async throws {
        let service = ScriptedService(.response(200, Self.entry("telemetry")), .response(200, Self.entry("telemetry")))
        let away = service.requests(FixedCredential(kind: .jwt), endpoint: "http://name.servicebus.windows.net")
        await #expect(throws: EventHubsError(.invalidArgument, "")) {
            try await EventHubsAdministrationClient(away).eventHub("telemetry")
        }
        #expect(service.received.isEmpty)
        let here = service.requests(FixedCredential(kind: .jwt), endpoint: "http://127.0.0.1:10000")
        #expect(try await EventHubsAdministrationClient(here).eventHub("telemetry") != nil)
    }

    @Test func elementsStandInTheServicesOrderAndAreEscaped() {
        let text = AtomText.entry(
            EventHubSettings(partitionCount: 1, messageRetentionInDays: 2, status: .disabled, userMetadata: "a<b>&\r")
        )
        #expect(
            text.contains(
                "<MessageRetentionInDays>2</MessageRetentionInDays><Status>Disabled</Status>"
                    + "<UserMetadata>a&lt;b&gt;&amp;&#13;</UserMetadata><PartitionCount>1</PartitionCount>"
            )
        )
    }

    @Test func missingHubIsNil() async throws {
        // The service may answer with a list of nothing.
        let service = ScriptedService(
            .response(200, Self.feed([], title: "Publicly Listed Services")),
            .response(404, "<Error><Code>404</Code><Detail>gone</Detail></Error>")
        )
        let client = service.client()
        #expect(try await client.eventHub("none") == nil)
        #expect(try await client.eventHub("none") == nil)
    }

    @Test func listsPageAfterPage() async throws {
        let service = ScriptedService(
            .response(200, Self.feed((0..<100).map { Self.entry("hub\($0)") })),
            .response(200, Self.feed([Self.entry("hub100")]))
        )
        let hubs = try await service.client().eventHubs()
        #expect(hubs.map(\.name) == (0...100).map { "hub\($0)" })
        #expect(
            service.received.map(\.url)
                == [0, 100].map {
                    "https://name.servicebus.windows.net/$Resources/EventHubs?api-version=2014-01&$skip=\($0)&$top=100"
                }
        )
    }

    @Test func updatingKeepsWhatItDoesNotChange() async throws {
        let rules =
            #"<AuthorizationRules><AuthorizationRule i:type="SharedAccessAuthorizationRule"><KeyName>x</KeyName>"#
            + "</AuthorizationRule></AuthorizationRules>"
        let service = ScriptedService(
            .response(200, Self.entry("telemetry", rules: rules)),
            .response(200, Self.entry("telemetry", rules: rules, status: "Disabled"))
        )
        let hub = try await service.client().updateEventHub("telemetry") { $0.status = .disabled }
        #expect(hub.status == .disabled)
        let request = try #require(service.received.last)
        #expect(request.method == "PUT")
        #expect(request.header("If-Match") == "*")
        #expect(
            String(decoding: request.body ?? [], as: UTF8.self).contains(
                "<MessageRetentionInDays>7</MessageRetentionInDays>\(rules)<Status>Disabled</Status><PartitionCount>2</PartitionCount>"
            )
        )
    }

    @Test func consumerGroups() async throws {
        let group = { (name: String) in
            #"<entry xmlns="http://www.w3.org/2005/Atom"><title type="text">\#(name)</title><content type="application/xml">"#
                + #"<ConsumerGroupDescription xmlns="http://schemas.microsoft.com/netservices/2010/10/servicebus/connect">"#
                + "<UserMetadata>ours &amp; theirs</UserMetadata></ConsumerGroupDescription></content></entry>"
        }
        let service = ScriptedService(
            .response(201, group("readers")),
            .response(200, Self.feed([group("$Default"), group("readers")], title: "ConsumerGroups")),
            .response(200, group("readers")),
            .response(200)
        )
        let client = service.client()
        let made = try await client.createConsumerGroup("readers", of: "telemetry", userMetadata: "ours & theirs")
        #expect(made.name == "readers" && made.userMetadata == "ours & theirs")
        #expect(try await client.consumerGroups(of: "telemetry").map(\.name) == ["$Default", "readers"])
        #expect(try await client.consumerGroup("readers", of: "telemetry") == made)
        try await client.deleteConsumerGroup("readers", of: "telemetry")
        let base = "https://name.servicebus.windows.net/telemetry/consumergroups"
        #expect(
            service.received.map { "\($0.method) \($0.url.prefix { $0 != "?" })" } == [
                "PUT \(base)/readers", "GET \(base)", "GET \(base)/readers", "DELETE \(base)/readers",
            ]
        )
    }

    @Test(arguments: [
        (400, EventHubsError.Code.invalidArgument), (401, .unauthorized), (403, .quotaExceeded), (409, .alreadyExists),
        (412, .preconditionFailed), (501, .notImplemented),
    ])
    func refusalsAreTyped(status: Int, code: EventHubsError.Code) async throws {
        let body = "<Error><Code>\(status)</Code><Detail>Words. TrackingId:1</Detail></Error>"
        let service = ScriptedService(.response(status, body))
        let error = await #expect(throws: EventHubsError.self) { try await service.client().createEventHub("a") }
        #expect(error?.code == code)
        #expect(error?.isTransient == false)
        #expect(error?.message.contains("Words.") == true)
        #expect(service.received.count == 1)
    }

    @Test func readingIsRepeatedAndCreatingIsNot() async throws {
        let service = ScriptedService(
            .response(503),
            .failure(.connectionLost(reason: "reset")),
            .response(200, Self.entry("telemetry"))
        )
        #expect(try await service.client().eventHub("telemetry") == telemetry)
        #expect(service.pauses.first ?? .zero >= .seconds(4), "a busy service is left alone for a while")
        let once = ScriptedService(.failure(.connectionLost(reason: "reset")), .response(409))
        let error = await #expect(throws: EventHubsError.self) { try await once.client().createEventHub("a") }
        #expect(error?.code == .connectionLost)
        #expect(once.received.count == 1)
    }

    @Test func deletingWhatIsNotThereDoesNothing() async throws {
        let service = ScriptedService(.response(404))
        try await service.client().deleteEventHub("a")
        #expect(service.received.map(\.method) == ["DELETE"])
    }

    @Test(arguments: ["", "a/b", "..", "a b", "a?b", "a#b", "a%2Fb", "\u{e9}"])
    func namesThatLeadElsewhere(name: String) async throws {
        let service = ScriptedService()
        let error = await #expect(throws: EventHubsError.self) { try await service.client().deleteEventHub(name) }
        #expect(error?.code == .invalidArgument)
        #expect(service.received.isEmpty)
    }

    @Test(arguments: [
        "", "<entry>", "<html></html>", "{}", "<feed><entry></feed>", entry("a").replacing("7</Mess", with: "x</Mess"),
        // A document may not declare what little text stands for much of.
        "<!DOCTYPE entry [<!ENTITY a \"\(String(repeating: "x", count: 50_000))\">]>"
            + entry("a").replacing("<entry ", with: "<entry b='\(String(repeating: "&a;", count: 50_000))' "),
        entry("&a;").replacing("<entry ", with: "<!DOCTYPE entry [<!ENTITY a \"b\">]><entry "),
        "<?xml version='1.0' encoding='UTF-7'?>" + entry("a"), String(repeating: "<entry>", count: 100_000),
        "\u{0}" + entry("a"),
    ])
    func answersThatAreNone(body: String) async throws {
        let service = ScriptedService(.response(200, body))
        let error = await #expect(throws: EventHubsError.self) { try await service.client().eventHub("a") }
        #expect(error?.code == .invalidResponse)
    }

    @Test func listWithoutAnEndIsNotReadForEver() async throws {
        let page = Self.feed((0..<100).map { Self.entry("hub\($0)") })
        let service = ScriptedService(answers: Array(repeating: .response(200, page), count: 200))
        let error = await #expect(throws: EventHubsError.self) { try await service.client().eventHubs() }
        #expect(error?.code == .invalidResponse)
        #expect(service.received.count == 100)
    }

    @Test func answerThatIsTooLargeIsNotRead() async throws {
        let service = ScriptedService(.failure(.responseTooLarge(limit: 1)))
        let error = await #expect(throws: EventHubsError.self) { try await service.client().eventHub("a") }
        #expect(error?.code == .invalidResponse && error?.isTransient == false)
    }

    @Test(arguments: ["http://127.0.0.1:10000", "http://127.0.0.1:10000/"])
    func requestsGoToTheEndpointThatIsGiven(endpoint: String) async throws {
        let service = ScriptedService(.response(200, Self.entry("telemetry")))
        let requests = ServiceRequests(
            "name.servicebus.windows.net",
            FixedCredential(kind: .sharedAccessSignature),
            AdministrationConfiguration(endpoint: endpoint),
            transport: service
        )
        _ = try await EventHubsAdministrationClient(requests).eventHub("telemetry")
        #expect(service.received.first?.url == "http://127.0.0.1:10000/telemetry?api-version=2014-01")
        // The namespace is what the token is for, wherever the request goes.
        #expect(
            service.received.first?.header("Authorization") == "token for https://name.servicebus.windows.net/telemetry"
        )
    }

    @Test func emulatorsConnectionStringNeedsAnEndpoint() throws {
        let text = "Endpoint=sb://localhost;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true"
        let error = #expect(throws: EventHubsError.self) { try EventHubsAdministrationClient(connectionString: text) }
        #expect(error?.code == .invalidConnectionString)
    }
}
