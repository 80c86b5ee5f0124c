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

/// All event hubs of the emulator, and the sources of time and identity that its parts share.
package final class Namespace: Sendable {
    package let name: String
    /// Milliseconds since 1970
    package let now: @Sendable () -> Int64
    private let hubs = Mutex<[String: EventHubLog]>([:])
    private let counter = Atomic<UInt64>(0)

    package init(name: String, now: @escaping @Sendable () -> Int64) {
        self.name = name
        self.now = now
    }

    /// Adds a hub, unless there is one of that name.
    @discardableResult
    package func add(_ hub: EventHubLog) -> Bool {
        hubs.withLock { hubs in
            let key = hub.name.lowercased()
            guard hubs[key] == nil else { return false }
            hubs[key] = hub
            return true
        }
    }

    /// Takes the hub of this name out; nil when there is none.
    func remove(_ name: String) -> EventHubLog? {
        hubs.withLock { $0.removeValue(forKey: name.lowercased()) }
    }

    /// The hub of this name in any case, or nil.
    package func hub(_ name: String) -> EventHubLog? {
        hubs.withLock { $0[name.lowercased()] }
    }

    package var allHubs: [EventHubLog] {
        hubs.withLock { $0.values.sorted { $0.name < $1.name } }
    }

    /// A number that no other caller gets: receivers, connections and tracking ids use it.
    package func nextNumber() -> UInt64 {
        counter.add(1, ordering: .relaxed).newValue
    }

    /// The tail that the service puts on its error texts, for its support staff to follow.
    package func trackingSuffix(for system: String = "NoSystemTracker") -> String {
        let number = nextNumber()
        return " TrackingId:\(hexadecimal(number))_G\(number % 16), SystemTracker:\(system), "
            + "Timestamp:\(UTCTime(milliseconds: now()).compact)"
    }

    private func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number &* 0x9E37_79B9_7F4A_7C15, radix: 16)
        let head = String(repeating: "0", count: 16 - digits.count) + digits
        let tail = String(number, radix: 16)
        return head + String(repeating: "0", count: 16 - tail.count) + tail
    }
}
