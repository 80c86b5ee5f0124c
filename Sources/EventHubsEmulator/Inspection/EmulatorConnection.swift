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
import AMQPDriver
import AMQPTransport

/// An AMQP connection that is open.
public struct EmulatorConnection: Sendable, Hashable {
    /// The emulator's number of it.
    public var number: UInt64
    /// The client's address.
    public var peer: String
    /// What the client calls itself.
    public var containerID: String
    /// What the client tells of itself: `product`, `version`, `platform`, `user-agent`.
    public var properties: [String: String]
    /// The links that are attached, by name.
    public var links: [EmulatorLink]
}

/// A link that a client has attached.
public struct EmulatorLink: Sendable, Hashable {
    /// Which end of the link the client has.
    public enum Role: String, Sendable, Hashable {
        /// The client sends.
        case sender
        /// The client receives.
        case receiver
    }

    /// Which end of the link the client has.
    public var role: Role
    /// The name that the client gave the link.
    public var name: String
    /// What the link leads to, as a path: `telemetry/Partitions/0`, `$cbs`.
    public var entity: String
}

extension ServerConnection {
    /// What there is to tell; nil when the connection is not open, or not any more.
    func describe() async -> EmulatorConnection? {
        await withCheckedContinuation { continuation in
            loop.execute { [self] in continuation.resume(returning: description) }
        }
    }

    private var description: EmulatorConnection? {
        guard let open else { return nil }
        var properties: [String: String] = [:]
        for (key, value) in open.properties ?? AMQPMap() {
            if let name = key.textValue, let text = value.textValue { properties[name] = text }
        }
        return EmulatorConnection(
            number: number,
            peer: driver.peer,
            containerID: open.containerID,
            properties: properties,
            links: links.values.map { link in
                EmulatorLink(
                    role: link.common.site.role ?? .receiver,
                    name: link.common.name,
                    entity: link.common.path.segments.joined(separator: "/")
                )
            }.sorted { $0.name < $1.name }
        )
    }
}
