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

@testable import AMQPEngine

@Suite struct FrameTraceTests {
    @Test func bothDirectionsAreSeenAndSecretsAreNot() throws {
        let frames = RecordedFrames()
        let plain = SASLCredentials.plain(authorizationID: "", authenticationID: "name", password: "hunter2")
        var configuration = EngineConfiguration.testClient(credentials: [plain])
        configuration.frameTrace = frames.trace
        let pair = EnginePair.opened(client: configuration)
        let link = try PairedLink.clientSends(on: pair)
        try pair.server.setCredit(link.server, 5)
        pair.drive()
        try pair.client.send(link.client, OutgoingDelivery(payload: TransferPairTests.message([UInt8]("token".utf8))))
        pair.drive()
        let id = try #require(pair.deliveryIDs(of: .server).first)
        try pair.server.settle(link.server, DeliveryID(id), as: .accepted)
        pair.drive()
        pair.client.close()
        pair.drive()
        let out = frames.all(.outgoing).map(Self.name)
        let into = frames.all(.incoming).map(Self.name)
        #expect(out == ["header 3", "sasl-init", "header 0", "open", "begin", "attach", "transfer 10", "close"])
        #expect(
            into == [
                "header 3", "sasl-mechanisms", "sasl-outcome", "header 0", "open", "begin", "attach", "flow",
                "disposition", "close",
            ]
        )
        let text = String(describing: frames.all(.outgoing))
        #expect(!text.contains("hunter2"))
        #expect(
            frames.all(.outgoing).contains { frame in
                if case .sasl(.saslInit(let body)) = frame.content {
                    body.initialResponse == [UInt8]("<redacted>".utf8)
                } else {
                    false
                }
            }
        )
    }

    @Test func heartbeatsAreSeen() {
        let frames = RecordedFrames()
        var configuration = EngineConfiguration.testServer()
        configuration.frameTrace = frames.trace
        let pair = EnginePair.opened(server: configuration)
        pair.advance(by: .seconds(30))
        pair.drive()
        #expect(frames.all(.incoming).map(Self.name).last == "empty")
        #expect(frames.all(.outgoing).map(Self.name).last == "empty")
    }

    static func name(_ frame: TracedFrame) -> String {
        switch frame.content {
        case .header(let header): "header \(header.id)"
        case .empty: "empty"
        case .sasl(let body):
            switch body {
            case .mechanisms: "sasl-mechanisms"
            case .saslInit: "sasl-init"
            case .challenge: "sasl-challenge"
            case .response: "sasl-response"
            case .outcome: "sasl-outcome"
            }
        case .performative(let performative):
            switch performative {
            case .open: "open"
            case .begin: "begin"
            case .attach: "attach"
            case .flow: "flow"
            case .transfer: "transfer \(frame.payloadSize)"
            case .disposition: "disposition"
            case .detach: "detach"
            case .end: "end"
            case .close: "close"
            }
        }
    }
}
