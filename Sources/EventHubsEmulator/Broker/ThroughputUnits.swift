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

import Synchronization

/// What the throughput units of a namespace let pass: a second's worth at once, and then as much as a second brings.
///
/// More comes in than that: it is refused. More is to go out: it goes later. What is larger than a second's worth passes when nothing
/// else is under way, and is paid back before the next does.
final class ThroughputUnits: Sendable {
    private struct Use {
        var events: Bucket
        var bytes: Bucket

        mutating func leak(to now: Int64) {
            events.leak(to: now)
            bytes.leak(to: now)
        }
    }

    /// Fills with what passes, and leaks at a steady rate.
    private struct Bucket {
        /// How much leaks in a second.
        let rate: Double
        var level = 0.0
        var lastLeak: Int64

        init(rate: Int, at now: Int64) {
            self.rate = Double(rate)
            lastLeak = now
        }

        var isFull: Bool { level >= rate }
        /// How many milliseconds it takes until it is full no more.
        var wait: Int64 { isFull ? Int64((level - rate) / rate * 1_000) + 1 : 0 }

        mutating func leak(to now: Int64) {
            level = max(level - rate * Double(max(now - lastLeak, 0)) / 1_000, 0)
            lastLeak = max(now, lastLeak)
        }
    }

    /// How many questions about hubs and partitions the service answers in a second.
    private static let readsPerSecond = 50

    private let now: @Sendable () -> Int64
    private let ingress: Mutex<Use>
    private let egress: Mutex<Use>
    private let reads: Mutex<Bucket>

    init(_ count: Int, now: @escaping @Sendable () -> Int64) {
        self.now = now
        let time = now()
        func use(events: Int, bytes: Int) -> Use {
            Use(events: Bucket(rate: events * count, at: time), bytes: Bucket(rate: bytes * count, at: time))
        }
        ingress = Mutex(use(events: 1_000, bytes: 1_000_000))
        egress = Mutex(use(events: 4_096, bytes: 2_000_000))
        reads = Mutex(Bucket(rate: Self.readsPerSecond, at: time))
    }

    /// Lets a delivery in; false when the namespace has to be left alone for a while.
    func admit(events: Int, bytes: Int) -> Bool {
        let now = now()
        return ingress.withLock { use in
            use.leak(to: now)
            guard !use.events.isFull, !use.bytes.isFull else { return false }
            use.events.level += Double(events)
            use.bytes.level += Double(bytes)
            return true
        }
    }

    /// How many milliseconds nothing may go out.
    var egressWait: Int64 {
        let now = now()
        return egress.withLock { use in
            use.leak(to: now)
            return max(use.events.wait, use.bytes.wait)
        }
    }

    /// Notes what has gone out.
    func sent(events: Int, bytes: Int) {
        egress.withLock { use in
            use.events.level += Double(events)
            use.bytes.level += Double(bytes)
        }
    }

    /// Lets a question about a hub or partition pass; false when there have been too many.
    func admitRead() -> Bool {
        let now = now()
        return reads.withLock { bucket in
            bucket.leak(to: now)
            guard !bucket.isFull else { return false }
            bucket.level += 1
            return true
        }
    }
}
