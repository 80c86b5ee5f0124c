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

/// When silence becomes an error, and when we have to break our own (AMQP 1.0, part 2, section 2.4.5).
struct IdleTimeout: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What is due.
    enum Action: Equatable, Sendable {
        case none
        /// We have been silent too long: send an empty frame.
        case sendEmptyFrame
        /// The peer has been silent too long: the connection is dead.
        case timedOut
    }

    /// How long the peer may be silent; nil or zero: for ever.
    private let limit: Duration?
    /// The longest we are silent, whatever the peer asks for; nil: only what the peer asks for.
    private let keepAlive: Duration?

    private var lastReceived: Instant
    private var lastSent: Instant
    /// How long we may be silent; nil before `open` has told, or when nobody asks.
    private var heartbeatInterval: Duration?

    init(limit: Duration?, keepAlive: Duration?, now: Instant) {
        self.limit = limit.flatMap { $0 > .zero ? $0 : nil }
        self.keepAlive = keepAlive.flatMap { $0 > .zero ? $0 : nil }
        lastReceived = now
        lastSent = now
    }

    /// The peer's `open` may ask for a sign of life; we give one twice as often.
    mutating func openReceived(idleTimeOutMilliseconds: UInt32?, at now: Instant) {
        let asked = idleTimeOutMilliseconds.flatMap { $0 > 0 ? Duration.milliseconds(Int64($0)) / 2 : nil }
        heartbeatInterval =
            switch (asked, keepAlive) {
            case (let asked?, let keepAlive?): min(asked, keepAlive)
            case (let asked?, nil): asked
            case (nil, let keepAlive?): keepAlive
            case (nil, nil): nil
            }
        lastSent = now
    }

    mutating func bytesReceived(at now: Instant) { lastReceived = now }

    mutating func bytesSent(at now: Instant) { lastSent = now }

    /// The next instant at which ``timeReached(_:)`` has something to say.
    var deadline: Instant? {
        let silence = limit.map { lastReceived.advanced(by: $0) }
        let heartbeat = heartbeatInterval.map { lastSent.advanced(by: $0) }
        switch (silence, heartbeat) {
        case (let silence?, let heartbeat?): return min(silence, heartbeat)
        case (let silence?, nil): return silence
        case (nil, let heartbeat): return heartbeat
        }
    }

    mutating func timeReached(_ now: Instant) -> Action {
        if let limit, now >= lastReceived.advanced(by: limit) { return .timedOut }
        guard let heartbeatInterval, now >= lastSent.advanced(by: heartbeatInterval) else { return .none }
        lastSent = now
        return .sendEmptyFrame
    }
}
