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

@Suite("Heartbeats", .timeLimit(.minutes(1)))
struct HeartbeatTests {
    @Test("a client that wants to hear something gets empty frames while there is nothing to say")
    func heartbeats() async throws {
        let client = WireClient()
        client.send(hex: WireClient.amqpHeader)
        client.send(.open(Open(containerID: "test", hostname: "localhost", idleTimeOut: 1_000)))
        var empty = 0
        while empty < 2 {
            let item = try #require(await client.nextItem())
            if case .frame(let frame, _) = item, frame.body == .empty { empty += 1 }
        }
    }
}
