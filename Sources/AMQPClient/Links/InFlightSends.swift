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

import AMQPEngine
import DequeModule

/// The messages that wait for their outcome, by the engine's numbers.
///
/// Numbers ascend, so a message is found by subtraction. One that is settled out of order leaves a gap, which goes away when it
/// reaches the front; what is left behind while many others are settled is set aside, so that gaps stay fewer than messages.
struct InFlightSends {
    struct Entry {
        var send: PendingSend
        var size: Int
    }

    /// Fewer gaps than this are not worth setting anything aside.
    private static let tolerance = 256

    /// The messages from number `first` on.
    private var entries: Deque<Entry?> = []
    private var first: UInt64 = 0
    private var setAside: [UInt64: Entry] = [:]

    /// How many wait, and their bytes.
    private(set) var count = 0
    private(set) var bytes = 0

    /// Adds a message whose number is higher than all before.
    mutating func append(_ send: PendingSend, size: Int, as id: SendID) {
        if entries.isEmpty { first = id.rawValue }
        let gap = id.rawValue - first - UInt64(entries.count)
        if gap + UInt64(entries.count) > UInt64(2 * count + Self.tolerance) { setAll(before: id.rawValue) }
        while first + UInt64(entries.count) < id.rawValue { entries.append(nil) }
        entries.append(Entry(send: send, size: size))
        count += 1
        bytes += size
    }

    /// Takes out those of the messages from `first` through `last` that still wait, and hands them to `body`.
    mutating func remove(from first: SendID, through last: SendID, _ body: (PendingSend) -> Void) {
        guard first <= last else { return }
        let range = first.rawValue...last.rawValue
        if !setAside.isEmpty, range.lowerBound < self.first {
            for number in setAside.keys.filter(range.contains).sorted() {
                if let entry = setAside.removeValue(forKey: number) { taken(entry, body) }
            }
        }
        let end = self.first + UInt64(entries.count)
        let (lower, upper) = (max(range.lowerBound, self.first), min(range.upperBound, end &- 1))
        guard !entries.isEmpty, lower <= upper else { return }
        for number in lower...upper {
            if let entry = entries[Int(number - self.first)].take() { taken(entry, body) }
        }
        while case .some(nil) = entries.first { dropFirst() }
    }

    /// Takes all of them out.
    mutating func removeAll() -> [PendingSend] {
        defer { self = InFlightSends() }
        return setAside.sorted { $0.key < $1.key }.map(\.value.send) + entries.compactMap { $0?.send }
    }

    private mutating func taken(_ entry: Entry, _ body: (PendingSend) -> Void) {
        count -= 1
        bytes -= entry.size
        body(entry.send)
    }

    private mutating func dropFirst() {
        entries.removeFirst()
        first += 1
    }

    /// Sets aside what still waits, to begin anew with `number`.
    private mutating func setAll(before number: UInt64) {
        for (index, entry) in entries.enumerated() {
            if let entry { setAside[first + UInt64(index)] = entry }
        }
        entries.removeAll()
        first = number
    }
}
