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

/// Who watches which descriptor. A place is used again with another generation, so an event that was fetched before its
/// descriptor was deregistered finds nobody.
struct RegistrationTable {
    private struct Entry {
        var generation: UInt32
        var descriptor: Int32
        var interest: Interest
        var handler: (any ReadinessHandler)?
    }

    private var entries: [Entry] = []
    private var free: [Int] = []

    mutating func insert(_ descriptor: Int32, interest: Interest, handler: any ReadinessHandler) -> LoopRegistration {
        if let index = free.popLast() {
            entries[index].descriptor = descriptor
            entries[index].interest = interest
            entries[index].handler = handler
            return LoopRegistration(index: index, generation: entries[index].generation)
        }
        entries.append(Entry(generation: 0, descriptor: descriptor, interest: interest, handler: handler))
        return LoopRegistration(index: entries.count - 1, generation: 0)
    }

    mutating func update(_ registration: LoopRegistration, interest: Interest) -> (Int32, Interest)? {
        guard isCurrent(registration) else { return nil }
        let old = entries[registration.index].interest
        entries[registration.index].interest = interest
        return (entries[registration.index].descriptor, old)
    }

    mutating func remove(_ registration: LoopRegistration) -> (Int32, Interest)? {
        guard isCurrent(registration) else { return nil }
        let entry = entries[registration.index]
        entries[registration.index].handler = nil
        entries[registration.index].generation &+= 1
        free.append(registration.index)
        return (entry.descriptor, entry.interest)
    }

    func handler(for token: UInt64) -> (any ReadinessHandler)? {
        let index = Int(token >> 32)
        guard index < entries.count, entries[index].generation == UInt32(truncatingIfNeeded: token) else { return nil }
        return entries[index].handler
    }

    private func isCurrent(_ registration: LoopRegistration) -> Bool {
        registration.index < entries.count && entries[registration.index].generation == registration.generation
            && entries[registration.index].handler != nil
    }
}

extension LoopRegistration {
    var token: UInt64 { UInt64(UInt32(truncatingIfNeeded: index)) << 32 | UInt64(generation) }
}
