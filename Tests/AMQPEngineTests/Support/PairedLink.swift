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
import AMQPEngine
import Testing

/// A pair with one session and one link, seen from both ends.
struct PairedLink {
    let pair: EnginePair
    let clientSession: SessionID
    /// The client's end of the link.
    let client: LinkID
    /// The server's end of the link.
    let server: LinkID

    /// The client sends, the server receives.
    static func clientSends(
        on pair: EnginePair = .opened(),
        sender: (inout SenderOptions) -> Void = { _ in }
    ) throws -> PairedLink {
        let session = try pair.beganSession()
        var options = SenderOptions(name: "sender", target: Target(address: "hub"))
        sender(&options)
        let link = try pair.client.attachSender(session, options)
        pair.drive()
        return PairedLink(
            pair: pair,
            clientSession: session,
            client: link,
            server: try #require(pair.requestedLinks.last)
        )
    }

    /// The server sends, the client receives.
    static func clientReceives(
        on pair: EnginePair = .opened(),
        receiver: (inout ReceiverOptions) -> Void = { _ in }
    ) throws -> PairedLink {
        let session = try pair.beganSession()
        var options = ReceiverOptions(name: "receiver", source: Source(address: "hub"))
        receiver(&options)
        let link = try pair.client.attachReceiver(session, options)
        pair.drive()
        return PairedLink(
            pair: pair,
            clientSession: session,
            client: link,
            server: try #require(pair.requestedLinks.last)
        )
    }
}

extension EnginePair {
    func beganSession() throws -> SessionID {
        let session = try client.beginSession()
        drive()
        return session
    }

    /// Links that the server was asked for.
    var requestedLinks: [LinkID] {
        serverEvents.compactMap { event in
            if case .linkRequested(let link, _, _) = event { link } else { nil }
        }
    }

    /// What a side has received, message by message.
    func payloads(of side: Side) -> [[UInt8]] {
        let events = side == .client ? clientEvents : serverEvents
        return events.flatMap { event -> [[UInt8]] in
            if case .deliveries(_, let batch) = event { batch.map(\.copiedPayload) } else { [] }
        }
    }

    /// The ids of what a side has received.
    func deliveryIDs(of side: Side) -> [UInt32] {
        let events = side == .client ? clientEvents : serverEvents
        return events.flatMap { event -> [UInt32] in
            if case .deliveries(_, let batch) = event { batch.map(\.deliveryID) } else { [] }
        }
    }

    /// The deliveries of the client that have been settled, in the order in which that was reported.
    func settledSends(of side: Side) -> [SendID] {
        let events = side == .client ? clientEvents : serverEvents
        return events.flatMap { event -> [SendID] in
            if case .deliveryUpdated(_, let first, let last, _, settled: true) = event {
                (first.rawValue...last.rawValue).map { SendID($0) }
            } else {
                []
            }
        }
    }
}
