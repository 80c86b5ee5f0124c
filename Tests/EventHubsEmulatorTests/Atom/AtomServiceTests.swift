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

import HTTPExchange
import Testing

@testable import EventHubsEmulator

/// Requests as Microsoft documents them for the service, over HTTP, and what is no such request.
@Suite("Administration over HTTP", .timeLimit(.minutes(2)))
struct AtomServiceTests {
    private let client = NamespaceClient()

    /// The documented body of "Create Event Hub", with its blanks.
    private static let creation = """
        <entry xmlns='http://www.w3.org/2005/Atom'>
          <content type='application/xml'>
            <EventHubDescription xmlns:i="http://www.w3.org/2001/XMLSchema-instance" \
        xmlns="http://schemas.microsoft.com/netservices/2010/10/servicebus/connect">
              <MessageRetentionInDays>3</MessageRetentionInDays>
              <PartitionCount>2</PartitionCount>
            </EventHubDescription>
          </content>
        </entry>
        """

    private func withService(_ body: @Sendable (EventHubsEmulator) async throws -> Void) async throws {
        let configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 1)])
        try await EventHubsEmulator.withEmulator(configuration, body)
    }

    @Test("the documented requests get the documented answers")
    func documented() async throws {
        try await withService { emulator in
            let created = try await client.send(
                "PUT",
                "telemetry?timeout=60&api-version=2014-01",
                body: Self.creation,
                to: emulator
            )
            #expect(created.status == 201)
            let parts = [
                #"<entry xmlns="http://www.w3.org/2005/Atom">"#, #"<title type="text">telemetry</title>"#,
                #"<content type="application/xml"><EventHubDescription "#,
                "<MessageRetentionInDays>3</MessageRetentionInDays><AuthorizationRules />"
                    + "<Status>Active</Status><CreatedAt>",
                "<PartitionCount>2</PartitionCount>"
                    + #"<PartitionIds xmlns:d2p1="http://schemas.microsoft.com/2003/10/Serialization/Arrays">"#
                    + "<d2p1:string>0</d2p1:string><d2p1:string>1</d2p1:string></PartitionIds>",
            ]
            for part in parts { #expect(created.body.contains(part)) }
            let got = try await client.send("GET", "telemetry?api-version=2014-01", to: emulator)
            #expect(got.status == 200 && got.body == created.body)
            let list = try await client.send(
                "GET",
                "$Resources/EventHubs?api-version=2014-01&$skip=1&$top=1",
                to: emulator
            )
            #expect(
                list.body.hasPrefix(
                    #"<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">"#
                )
            )
            #expect(list.body.contains(">telemetry</title>") && !list.body.contains(">hub1</title>"))
            #expect(try await client.send("PUT", "telemetry", body: Self.creation, to: emulator).status == 409)
            let any = HTTPRequest.Field("If-Match", "*")
            let changed = Self.creation.replacing(">2<", with: ">4<")
            let updated = try await client.send("PUT", "telemetry", [any], body: changed, to: emulator)
            #expect(updated.status == 200 && updated.body.contains("<PartitionCount>4</PartitionCount>"))
            #expect(try await client.send("DELETE", "telemetry", to: emulator) == (200, ""))
            #expect(try await client.send("DELETE", "telemetry", to: emulator).status == 404)
            #expect(try await client.send("PUT", "telemetry", [any], body: changed, to: emulator).status == 404)
            let none = try await client.send("GET", "telemetry", to: emulator)
            #expect(none.status == 200 && none.body.contains("Publicly Listed Services"))
        }
    }

    @Test("an element that stands before one it has to follow is not seen")
    func order() async throws {
        try await withService { emulator in
            let body = Self.creation.replacing("<PartitionCount>2</PartitionCount>", with: "")
                .replacing(
                    "<MessageRetentionInDays>",
                    with: "<PartitionCount>2</PartitionCount><MessageRetentionInDays>"
                )
            let created = try await client.send("PUT", "telemetry", body: body, to: emulator)
            #expect(created.body.contains("<PartitionCount>16</PartitionCount>"))
            #expect(created.body.contains("<MessageRetentionInDays>3<"))
        }
    }

    @Test(
        "without the right there is nothing to see",
        arguments: [nil, "", "Bearer x", "nonsense", NamespaceClient.token.replacing("se=41", with: "se=42")]
    )
    func unauthorized(token: String?) async throws {
        try await withService { emulator in
            for (method, path) in [("GET", "hub1"), ("DELETE", "hub1"), ("GET", "$Resources/EventHubs"), ("PUT", "x")] {
                let refused = try await client.send(
                    method,
                    path,
                    body: method == "PUT" ? Self.creation : nil,
                    token: token,
                    to: emulator
                )
                #expect(refused.status == 401)
                #expect(refused.body.contains("<Error><Code>401</Code><Detail>"))
            }
            #expect(emulator.hubNames == ["hub1"])
        }
    }

    @Test(
        "what is no entry is refused",
        arguments: [
            "", "nonsense", "{}", "<entry/>", "<entry><content><EventHubDescription></content></entry>",
            "<entry><content><ConsumerGroupDescription/></content></entry>",
            String(repeating: "<a>", count: 20_000),
            // What little text stands for much of.
            "<!DOCTYPE e [<!ENTITY a \"\(String(repeating: "x", count: 20_000))\">]>"
                + creation.replacing("<content ", with: "<content b='\(String(repeating: "&a;", count: 10_000))' "),
            "<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE",
            creation.replacing(">2<", with: ">two<"), creation.replacing(">2<", with: ">0<"),
            creation.replacing(">2<", with: ">99999999999999999999<"), creation.replacing(">3<", with: ">91<"),
            creation.replacing("<PartitionCount>", with: "<Status>Odd</Status><PartitionCount>"),
        ]
    )
    func malformed(body: String) async throws {
        try await withService { emulator in
            let refused = try await client.send("PUT", "telemetry", body: body, to: emulator)
            #expect(refused.status == 400)
            #expect(emulator.hubNames == ["hub1"])
        }
    }

    @Test("a body that is too large is refused, and read no further than needed")
    func tooLarge() async throws {
        try await withService { emulator in
            let body = Self.creation.replacing("<content ", with: "\(String(repeating: " ", count: 8 << 20))<content ")
            let refused = try await client.send("PUT", "telemetry", body: body, to: emulator)
            #expect(refused.status == 413)
            #expect(try await client.send("GET", "hub1", to: emulator).status == 200)
        }
    }

    @Test("names and methods that cannot be")
    func names() async throws {
        try await withService { emulator in
            for name in ["a%2Fb", "a%20b", "%00", String(repeating: "n", count: 257)] {
                let refused = try await client.send("PUT", name, body: Self.creation, to: emulator)
                #expect(refused.status == 400)
            }
            #expect(try await client.send("PUT", "a/b/c/d", body: Self.creation, to: emulator).status == 404)
            #expect(try await client.send("PATCH", "hub1", to: emulator).status == 405)
            #expect(try await client.send("DELETE", "hub1/consumergroups/$Default", to: emulator).status == 400)
            #expect(try await client.send("DELETE", "hub1/consumergroups/none", to: emulator).status == 404)
        }
    }
}
