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
import EventHubsEmulator
import Testing

@Suite("$management")
struct ManagementNodeTests {
    private let namespace: Namespace
    private let node: ManagementNode
    private let grants: AccessGrants

    init() {
        namespace = Namespace(name: "ns") { 1_700_000_000_000 }
        namespace.add(
            EventHubLog(
                name: "hub1",
                partitionCount: 2,
                consumerGroups: [],
                retention: Retention(maximumBytes: 1 << 20, maximumAge: 1_000_000),
                createdAt: 0x0000_018B_CFE5_6800
            )
        )
        node = ManagementNode(namespace: namespace, verifier: TokenVerifier(policies: [.developmentDefault]))
        var grants = AccessGrants()
        let path = EntityPath(segments: ["hub1"])
        _ = grants.put(AccessGrant(path: path, rights: .listen, expiry: nil), for: path)
        self.grants = grants
    }

    private func request(_ properties: [String: AMQPValue]) -> Message {
        Message(
            properties: Properties(messageID: UUIDBytes("b42abe97-47c1-4500-b705-79941752b3e2").map { .uuid($0) }),
            applicationProperties: AMQPMap(properties.map { (.string($0.key), $0.value) })
        )
    }

    private func status(_ properties: [String: AMQPValue], grants: AccessGrants? = nil) -> (Int64?, String?) {
        let reply = node.respond(to: request(properties), grants: grants ?? self.grants)
        return (
            reply.applicationProperties?[string: "status-code"]?.integerValue,
            reply.applicationProperties?[string: "error-condition"]?.textValue
        )
    }

    private let hubRead: [String: AMQPValue] = ["operation": "READ", "type": "com.microsoft:eventhub", "name": "hub1"]
    private let partitionRead: [String: AMQPValue] = [
        "operation": "READ", "type": "com.microsoft:partition", "name": "hub1", "partition": "0",
    ]

    @Test("the golden reply for a hub, byte for byte, but for the array that is written more compactly here")
    func goldenHub() {
        let reply = node.respond(to: request(hubRead), grants: grants)
        #expect(
            reply.encoded().hexadecimal
                == "005373c01e0d404040404098b42abe9747c14500b70579941752b3e240404040404040"
                + "005374c12b04a10b7374617475732d636f646571000000c8a1127374617475732d6465736372697074696f6ea1024f4b"
                + "005377c1830ca1046e616d65a10468756231a10474797065a116636f6d2e6d6963726f736f66743a6576656e74687562"
                + "a10a637265617465645f6174830000018bcfe56800a10f706172746974696f6e5f636f756e745402"
                + "a10d706172746974696f6e5f696473e00602a101300131"
                + "a11567656f7265706c69636174696f6e5f666163746f725401"
        )
    }

    @Test("an unused partition")
    func emptyPartition() throws {
        let reply = node.respond(to: request(partitionRead), grants: grants)
        guard case .value(.map(let map)) = reply.body else {
            Issue.record("no map")
            return
        }
        #expect(map[string: "begin_sequence_number"] == .long(0))
        #expect(map[string: "last_enqueued_sequence_number"] == .long(-1))
        #expect(map[string: "last_enqueued_offset"] == .string("-1"))
        #expect(map[string: "is_partition_empty"] == .bool(true))
        #expect(
            map[string: "last_enqueued_time_utc"]
                == .timestamp(Timestamp(millisecondsSinceEpoch: -62_135_596_800_000))
        )
    }

    @Test("a used partition")
    func usedPartition() throws {
        let partition = try #require(namespace.hub("HUB1")?.partition("0"))
        try partition.append(IncomingEvents(delivery: hex("005375a00178"), messageFormat: 0), at: 1_700_000_000_000)
        let reply = node.respond(to: request(partitionRead), grants: grants)
        guard case .value(.map(let map)) = reply.body else {
            Issue.record("no map")
            return
        }
        #expect(map[string: "last_enqueued_sequence_number"] == .long(0))
        #expect(map[string: "last_enqueued_offset"] == .string("0"))
        #expect(map[string: "is_partition_empty"] == .bool(false))
        #expect(map[string: "partition"] == .string("0"))
    }

    @Test("failures")
    func failures() {
        var unknownHub = hubRead
        unknownHub["name"] = "other"
        var all = AccessGrants()
        _ = all.put(
            AccessGrant(path: EntityPath(segments: []), rights: .manage, expiry: nil),
            for: EntityPath(segments: [])
        )
        #expect(status(unknownHub, grants: all) == (404, "amqp:not-found"))
        #expect(status(unknownHub) == (401, "amqp:unauthorized-access"))
        #expect(status(hubRead, grants: AccessGrants()) == (401, "amqp:unauthorized-access"))
        for partition in ["2", "-1", "x"] {
            var request = partitionRead
            request["partition"] = .string(partition)
            #expect(status(request) == (400, "com.microsoft:argument-out-of-range"))
        }
        for missing in ["name", "operation", "type"] {
            var request = hubRead
            request[missing] = nil
            #expect(status(request) == (400, "com.microsoft:argument-error"))
        }
    }

    @Test("a token in the request is proof enough")
    func ownToken() {
        var request = hubRead
        request["security_token"] = .string(
            "SharedAccessSignature sr=sb%3A%2F%2Fexample.servicebus.windows.net%2Fhub1"
                + "&sig=%2F%2B%2FPEr1rXBNo2KEDaTZSN2cz3TgFcxnGOPz8NCkbntQ%3D&se=1700000001&skn=RootManageSharedAccessKey"
        )
        // Signed for another expiry: no proof.
        #expect(status(request, grants: AccessGrants()) == (401, "amqp:unauthorized-access"))
    }
}
