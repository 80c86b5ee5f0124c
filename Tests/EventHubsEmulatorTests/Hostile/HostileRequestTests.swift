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

import EventHubsEmulator
import Testing

/// Clients of the HTTP port that stop half-way or send noise: nothing of it is stored, and the others are served.
@Suite("Hostile requests", .timeLimit(.minutes(2)))
struct HostileRequestTests {
    private let client = NamespaceClient()

    private func withHub(_ body: @Sendable (EventHubsEmulator) async throws -> Void) async throws {
        let configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 1)])
        try await EventHubsEmulator.withEmulator(configuration, body)
    }

    private func request(_ method: String, _ path: String, body: String) -> [UInt8] {
        Array(
            """
            \(method) \(path) HTTP/1.1\r
            Host: 127.0.0.1\r
            Authorization: \(NamespaceClient.token)\r
            Content-Length: \(body.utf8.count)\r
            \r
            \(body)
            """.utf8
        )
    }

    @Test("a request that is cut off anywhere does nothing")
    func cutOff() async throws {
        try await withHub { emulator in
            let entry =
                "<entry><content><EventHubDescription><PartitionCount>1</PartitionCount></EventHubDescription></content></entry>"
            for whole in [request("POST", "/hub1/messages", body: "cut off"), request("PUT", "/hub2", body: entry)] {
                for share in 1..<40 {
                    let raw = try await HostileClient.connect(toPort: emulator.httpPort)
                    raw.send(Array(whole.prefix(whole.count * share / 40)))
                    raw.close()
                }
            }
            let raw = try await HostileClient.connect(toPort: emulator.httpPort)
            raw.send(request("POST", "/hub1/messages", body: "whole"))
            try await emulator.until { $0.partitions(of: "hub1")[0].eventCount > 0 }
            raw.close()
            #expect(emulator.events(ofPartition: "0", in: "hub1").map(\.text) == ["whole"])
            #expect(emulator.hubNames == ["hub1"])
        }
    }

    @Test(
        "noise is let go of",
        arguments: [
            "\r\n\r\n", "GET\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "AMQP\u{0}\u{1}\u{0}\u{0}\n\n",
            "GET /hub1 HTTP/9.9\r\n:\r\n\r\n",
            "POST /hub1/messages HTTP/1.1\r\nContent-Length: -1\r\n\r\nx",
            "POST /hub1/messages HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\nx",
            "POST /hub1/messages HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "GET /%ff%fe%00/%2e%2e/%zz?%&=&&a=%f HTTP/1.1\r\nHost: \u{1}\r\n\r\n",
        ]
    )
    func noise(text: String) async throws {
        try await withHub { emulator in
            for _ in 0..<5 {
                let raw = try await HostileClient.connect(toPort: emulator.httpPort)
                raw.send(Array(text.utf8))
                raw.close()
            }
            let served = try await client.send("POST", "hub1/messages", body: "x", to: emulator)
            #expect(served.status == 201)
            #expect(emulator.partitions(of: "hub1").map(\.eventCount) == [1])
        }
    }
}
