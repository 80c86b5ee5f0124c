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

public import AMQPCodec
package import AMQPEngine
package import AMQPTransport
public import Logging

/// How a connection presents itself, and its limits.
public struct AMQPConnectionConfiguration: Sendable {
    /// How the client proves who it is.
    public enum SASL: Sendable, Hashable {
        /// No SASL layer at all.
        case none
        case anonymous
        case plain(user: String, password: String)
        /// The identity that the transport has proved, for example by a client certificate.
        case external
        /// The claims-based security of Azure: tokens follow on the `$cbs` node.
        case mssbcbs
    }

    /// The name of this end; random unless given.
    public var containerID: String
    /// The host name sent to the peer; the endpoint's host unless given.
    public var hostname: String?
    /// How the client proves who it is.
    public var sasl: SASL
    /// The largest frame that we take.
    public var maxFrameSize: UInt32 = 65_536
    /// How long the peer may be silent before the connection counts as lost; nil for ever.
    public var idleTimeOut: Duration? = .seconds(60)
    /// Properties of `open`.
    public var properties: AMQPMap = [:]
    /// Capabilities that we want of the peer.
    public var desiredCapabilities: [Symbol] = []
    /// The HTTP proxy on the way, if there is one.
    public var proxy: ProxyChoice = .automatic
    /// How long it may take until the connection is open: look-up, TCP, proxy, TLS, WebSocket, SASL and `open`.
    public var connectTimeout: Duration = .seconds(30)
    /// How long the peer may take to answer a begin, an attach, a drain, a detach or an end.
    public var operationTimeout: Duration = .seconds(60)
    /// How long the peer may take to answer our close.
    public var closeTimeout: Duration = .seconds(5)
    /// Where the connection reports what it does.
    public var logger: Logger?
    /// Log every frame in both directions, decoded, secrets left out.
    public var traceFrames = false

    /// The loop that the connection lives on; one of the shared ones unless given.
    package var loop: EventLoop?
    /// Where the memory for received frames comes from.
    package var slabs: SlabPool = .shared
    /// The engine's limits.
    package var limits: EngineLimits = {
        var limits = EngineLimits()
        limits.creditOverrun = 4_096
        return limits
    }()

    /// A configuration with the usual limits.
    public init(containerID: String? = nil, sasl: SASL = .anonymous) {
        self.containerID = containerID ?? Self.randomName()
        self.sasl = sasl
    }

    static func randomName() -> String {
        String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
    }
}

extension AMQPConnectionConfiguration.SASL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The mechanism and the user, never the password.
    public var description: String {
        switch self {
        case .none: "none"
        case .anonymous: "ANONYMOUS"
        case .plain(let user, _): "PLAIN(\(user), <redacted>)"
        case .external: "EXTERNAL"
        case .mssbcbs: "MSSBCBS"
        }
    }

    /// As `description`.
    public var debugDescription: String { description }

    /// Shows no part of the password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
