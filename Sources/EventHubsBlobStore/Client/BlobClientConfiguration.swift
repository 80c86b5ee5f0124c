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

public import EventHubsProcessor

/// How requests to the Blob service are made.
public struct BlobClientConfiguration: Sendable {
    /// How long one attempt may take.
    public var tryTimeout: Duration = .seconds(5)

    /// How often a request is repeated that was not answered, or answered with 408, 429, 500, 502, 503 or 504.
    public var maximumRetries = 3

    /// The pauses before repetitions. A pause the service asks for is kept to if it is longer, up to 30 s.
    public var backOff = BackOff(initial: .milliseconds(400), maximum: .seconds(8), jitter: 0.2)

    /// How many requests may be under way at a time; others wait until it is their turn.
    public var maximumConcurrentRequests = 32

    /// The largest answer taken in.
    public var maximumResponseSize = 16 * 1_024 * 1_024

    /// The clock of time-outs and pauses, and of the leases' expiry: the same as the host's.
    public var clock: ProcessorClock = .continuous

    /// Makes a configuration with the defaults.
    public init() {}
}
