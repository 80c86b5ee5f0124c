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

/// What a producer and a consumer have in common: how they connect, try again and log.
public struct EventHubsConfiguration: Sendable {
    /// Names this client to the service and in its error texts; a random one unless set.
    public var identifier: String

    /// Put before the library's own name in the user agent, for example `telemetry-ingest/2.1`.
    public var applicationID: String?

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

    /// A configuration.
    /// - Parameters:
    ///   - identifier: names this client; a random one unless given.
    ///   - applicationID: put before the library's own name in the user agent.
    ///   - retryPolicy: when to try again.
    ///   - idleTimeout: after how much silence either side gives the connection up.
    ///   - maximumFrameSize: the largest frame to take.
    ///   - logger: where to log; nil means nowhere.
    ///   - tracesFrames: whether every frame is logged.
    public init(
        identifier: String? = nil,
        applicationID: String? = nil,
        retryPolicy: RetryPolicy = RetryPolicy(),
        idleTimeout: Duration = .seconds(60),
        maximumFrameSize: Int = 65536,
        logger: Logger? = nil,
        tracesFrames: Bool = false
    ) {
        self.identifier = identifier ?? "swift-\(UUIDBytes.random())"
        self.applicationID = applicationID
        self.retryPolicy = retryPolicy
        self.idleTimeout = idleTimeout
        self.maximumFrameSize = maximumFrameSize
        self.logger = logger
        self.tracesFrames = tracesFrames
    }
}
