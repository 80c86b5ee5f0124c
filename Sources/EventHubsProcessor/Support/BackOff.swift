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

/// How long to wait before the next attempt: the pauses double up to a maximum, give or take a random part.
public struct BackOff: Hashable, Sendable {
    /// The pause after the first failure.
    public var initial: Duration
    /// The longest pause.
    public var maximum: Duration
    /// The random part: 0.2 makes a pause 20 % shorter or longer at most.
    public var jitter: Double

    /// Makes a policy.
    public init(initial: Duration = .seconds(1), maximum: Duration = .seconds(60), jitter: Double = 0.2) {
        self.initial = initial
        self.maximum = maximum
        self.jitter = jitter
    }

    /// The pause after so many failures in a row, of which there is at least one.
    package func delay(afterFailures failures: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let doublings = min(max(failures - 1, 0), 30)
        let pause = min(initial * (1 << doublings), maximum)
        let spread = min(max(jitter, 0), 1)
        return pause * Double.random(in: (1 - spread)...(1 + spread), using: &generator)
    }
}
