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

package import AMQPCodec

/// What an engine tells its peer about itself, and the bounds it keeps.
package struct EngineConfiguration: Sendable {
    /// Which end begins.
    package enum Role: Sendable {
        /// Sends the first header, authenticates with the first of `credentials` that the server offers; without any there is no
        /// SASL layer.
        case client(credentials: [SASLCredentials])
        /// Offers SASL `mechanisms`, and unless `requiresSASL` also takes clients that skip SASL.
        case server(mechanisms: [SASLMechanism], requiresSASL: Bool)
    }

    package var role: Role
    package var containerID: String
    /// The host the client wants to talk to; also goes into the SASL exchange.
    package var hostname: String?
    /// The largest frame we take; at least 512.
    package var maxFrameSize: UInt32 = 65_536
    /// The highest channel number: one less than the sessions we take.
    package var channelMax: UInt16 = 4_999
    /// How long the peer may be silent before the connection is given up, as announced in `open`; nil: for ever.
    package var idleTimeOut: Duration? = .seconds(60)
    /// The longest time without a frame from us, even if the peer does not care; nil: only what the peer asks for.
    package var keepAlive: Duration? = .seconds(60)
    package var offeredCapabilities: [Symbol] = []
    package var desiredCapabilities: [Symbol] = []
    package var properties: AMQPMap?
    /// Send `open` right behind the AMQP header. Nil: clients do, servers wait for the client's.
    package var pipelinesOpen: Bool?
    /// How long header exchange, SASL and `open` may take.
    package var handshakeTimeout: Duration = .seconds(30)
    /// How long the peer may take to answer our `close`.
    package var closeTimeout: Duration = .seconds(10)
    package var limits = EngineLimits()
    /// Sees every frame in both directions; nil costs nothing. With a trace the fast path is off.
    package var frameTrace: FrameTrace?

    package init(role: Role, containerID: String, hostname: String? = nil) {
        self.role = role
        self.containerID = containerID
        self.hostname = hostname
    }

    var headerPolicy: HeaderPolicy {
        switch role {
        case .client(let credentials):
            .client(credentials: credentials, pipelinesOpen: pipelinesOpen ?? true)
        case .server(let mechanisms, let requiresSASL):
            .server(mechanisms: mechanisms, requiresSASL: requiresSASL, pipelinesOpen: pipelinesOpen ?? false)
        }
    }
}
