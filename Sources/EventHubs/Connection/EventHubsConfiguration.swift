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

public import Logging
public import Tracing

/// What a producer and a consumer have in common: how they connect, try again and log.
public struct EventHubsConfiguration: Sendable {
    /// Names this client to the service and in its error texts; a random one unless set.
    public var identifier: String

    /// Put before the library's own name in the user agent, for example `telemetry-ingest/2.1`.
    public var applicationID: String?

    /// What carries the bytes of AMQP; nil means what the endpoint or the connection string says, which is TCP unless it
    /// names WebSockets.
    public var transport: EventHubsEndpoint.Transport?

    /// The HTTP proxy on the way to the service, if there is one.
    public var proxy: ProxyChoice

    /// How many connections a client opens.
    public var connections: ConnectionSharing

    /// When to try again.
    public var retryPolicy: RetryPolicy

    /// After how much silence either side gives the connection up. The library sends something at least twice as often.
    public var idleTimeout: Duration

    /// The largest frame to take.
    public var maximumFrameSize: Int

    /// Where to log; nil means nowhere.
    public var logger: Logger?

    /// Whether every frame is logged, decoded. Secrets are left out.
    public var tracesFrames: Bool

    /// Records spans and carries their contexts in events; nil means the one bootstrapped for the process, if there is one.
    public var tracer: (any Tracer)?

    /// Hears each time the service throttles the client: how often it has and for how long the client waits now, and the
    /// service's answer. It is called before the wait, on the task that waits; nil means that nobody wants to hear.
    public var onThrottling: (@Sendable (Throttling, EventHubsError) -> Void)?

    /// A configuration.
    /// - Parameters:
    ///   - identifier: names this client; a random one unless given.
    ///   - applicationID: put before the library's own name in the user agent.
    ///   - transport: what carries the bytes of AMQP; nil means what the endpoint says.
    ///   - proxy: the HTTP proxy on the way to the service.
    ///   - connections: how many connections a client opens.
    ///   - retryPolicy: when to try again.
    ///   - idleTimeout: after how much silence either side gives the connection up.
    ///   - maximumFrameSize: the largest frame to take.
    ///   - logger: where to log; nil means nowhere.
    ///   - tracesFrames: whether every frame is logged.
    ///   - onThrottling: hears each time the service throttles the client.
    ///   - tracer: records spans; nil means the one bootstrapped for the process.
    public init(
        identifier: String? = nil,
        applicationID: String? = nil,
        transport: EventHubsEndpoint.Transport? = nil,
        proxy: ProxyChoice = .automatic,
        connections: ConnectionSharing = .shared,
        retryPolicy: RetryPolicy = RetryPolicy(),
        idleTimeout: Duration = .seconds(60),
        maximumFrameSize: Int = 65536,
        logger: Logger? = nil,
        tracesFrames: Bool = false,
        onThrottling: (@Sendable (Throttling, EventHubsError) -> Void)? = nil,
        tracer: (any Tracer)? = nil
    ) {
        self.identifier = identifier ?? "swift-\(UUIDBytes.random())"
        self.applicationID = applicationID
        self.transport = transport
        self.proxy = proxy
        self.connections = connections
        self.retryPolicy = retryPolicy
        self.idleTimeout = idleTimeout
        self.maximumFrameSize = maximumFrameSize
        self.logger = logger
        self.tracesFrames = tracesFrames
        self.onThrottling = onThrottling
        self.tracer = tracer
    }
}
