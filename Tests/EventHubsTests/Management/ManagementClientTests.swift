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
import Testing

@Suite("Management")
struct ManagementClientTests {
    /// The reply frame the official client accepts, without frame header and transfer (33 bytes).
    static let hubReply = Array(
        bytes(
            "0000010302000001005314c0150b52045201a0040000000043405600404040405600005373c01e0d404040404098b42abe9747c14500"
                + "b70579941752b3e240404040404040005374c12b04a10b7374617475732d636f646571000000c8a1127374617475732d64657363"
                + "72697074696f6ea1024f4b005377c1890ca1046e616d65a10468756231a10474797065a116636f6d2e6d6963726f736f66743a"
                + "6576656e74687562a10a637265617465645f6174830000018bcfe56800a10f706172746974696f6e5f636f756e745402a10d7061"
                + "72746974696f6e5f696473e00c02b100000001300000000131a11567656f7265706c69636174696f6e5f666163746f725401"
        ).dropFirst(8 + 3 + 23)
    )

    @Test("The hub's properties, from the golden reply")
    func hub() throws {
        let properties = try ManagementClient.eventHubProperties(in: try Message(decoding: Self.hubReply))
        #expect(properties.name == "hub1")
        #expect(properties.partitionIDs == ["0", "1"])
        #expect(properties.createdAt == Timestamp(millisecondsSinceEpoch: 1_700_000_000_000))
        #expect(properties.georeplicationFactor == 1)
    }

    private func partitionReply(_ changes: [(String, AMQPValue?)] = []) -> Message {
        var body: AMQPMap = [
            "name": "hub1",
            "type": "com.microsoft:partition",
            "partition": "1",
            "begin_sequence_number": .long(0),
            "last_enqueued_sequence_number": .long(-1),
            "last_enqueued_offset": "-1",
            "last_enqueued_time_utc": .timestamp(Timestamp(millisecondsSinceEpoch: -62_135_596_800_000)),
            "is_partition_empty": true,
        ]
        for (key, value) in changes { body[string: key] = value }
        return Message(applicationProperties: ["status-code": .int(200)], body: .value(.map(body)))
    }

    @Test("A partition that was never used has no last time")
    func emptyPartition() throws {
        let properties = try ManagementClient.partitionProperties(in: partitionReply(), of: "1")
        #expect(properties.isEmpty)
        #expect(properties.lastEnqueuedTime == nil)
        #expect(properties.lastEnqueuedOffset == "-1")
        #expect(properties.lastEnqueuedSequenceNumber == -1)
        #expect(properties.id == "1")
        #expect(properties.eventHubName == "hub1")
    }

    @Test("A used partition")
    func usedPartition() throws {
        let time = Timestamp(millisecondsSinceEpoch: 1_552_422_659_007)
        let reply = partitionReply([
            ("last_enqueued_sequence_number", .long(12497)), ("last_enqueued_offset", "1208024"),
            ("last_enqueued_time_utc", .timestamp(time)), ("is_partition_empty", nil),
        ])
        let properties = try ManagementClient.partitionProperties(in: reply, of: "1")
        #expect(!properties.isEmpty)
        #expect(properties.lastEnqueuedTime == time)
        #expect(properties.lastEnqueuedSequenceNumber == 12497)
    }

    @Test(
        "Replies that cannot be used",
        arguments: [
            "begin_sequence_number", "last_enqueued_sequence_number", "last_enqueued_offset", "partition", "name",
        ]
    )
    func missingField(key: String) {
        let reply = partitionReply([(key, nil)])
        do {
            _ = try ManagementClient.partitionProperties(in: reply, of: "1")
            Issue.record("accepted")
        } catch {
            #expect(error.code == .invalidResponse)
            #expect(error.message.contains("'\(key)'"))
        }
    }

    @Test("Failures keep the service's words")
    func failures() {
        let missing = Message(
            applicationProperties: [
                "status-code": .int(404), "status-description": "The messaging entity 'x' could not be found.",
                "error-condition": .symbol("amqp:not-found"),
            ]
        )
        do {
            _ = try ManagementClient.eventHubProperties(in: missing)
            Issue.record("accepted")
        } catch {
            #expect(error.code == .notFound)
            #expect(error.condition == .notFound)
            #expect(error.message.contains("could not be found"))
        }
        let noBody = Message(applicationProperties: ["status-code": .int(200)])
        #expect(throws: EventHubsError(.invalidResponse, "")) { try ManagementClient.eventHubProperties(in: noBody) }
    }

    @Test("Requests name hub, partition and token")
    func requests() async throws {
        let sent = SentMessages()
        let client = ManagementClient(eventHub: "hub1", token: { "token" }) { message async throws(EventHubsError) in
            sent.append(message)
            return Message(applicationProperties: ["status-code": .int(503)])
        }
        await #expect(throws: EventHubsError(.serverBusy, "")) { try await client.properties() }
        await #expect(throws: EventHubsError(.serverBusy, "")) { try await client.properties(of: "7") }
        let properties = sent.messages.map { $0.applicationProperties ?? AMQPMap() }
        #expect(properties.map { $0[string: "operation"] } == [.string("READ"), .string("READ")])
        #expect(properties.map { $0[string: "name"] } == [.string("hub1"), .string("hub1")])
        #expect(properties.map { $0[string: "security_token"] } == [.string("token"), .string("token")])
        #expect(
            properties.map { $0[string: "type"]?.textValue } == ["com.microsoft:eventhub", "com.microsoft:partition"]
        )
        #expect(properties.map { $0[string: "partition"]?.textValue } == [nil, "7"])
    }
}
