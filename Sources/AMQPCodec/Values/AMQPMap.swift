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

/// A map that keeps the order of its entries, and duplicates, exactly as they were on the wire.
public struct AMQPMap: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var key: AMQPValue
        package var value: AMQPValue
    }

    package private(set) var entries: [Entry] = []

    /// Makes an empty map.
    public init() {}

    /// Makes a map of the given entries, in their order.
    public init(_ entries: some Sequence<(AMQPValue, AMQPValue)>) {
        self.entries = entries.map { Entry(key: $0.0, value: $0.1) }
    }

    /// How many entries the map has.
    public var count: Int { self.entries.count }

    /// Whether the map has no entries.
    public var isEmpty: Bool { self.entries.isEmpty }

    /// The keys in order.
    public var keys: [AMQPValue] { self.entries.map(\.key) }

    /// The value of the first entry with the key; setting replaces that entry, appends a new one, or, with nil, removes all of the key.
    public subscript(key: AMQPValue) -> AMQPValue? {
        get { self.entries.first { $0.key == key }?.value }
        set {
            guard let newValue else {
                self.entries.removeAll { $0.key == key }
                return
            }
            if let index = self.entries.firstIndex(where: { $0.key == key }) {
                self.entries[index].value = newValue
            } else {
                self.entries.append(Entry(key: key, value: newValue))
            }
        }
    }

    /// The value under a symbol, as in annotations and connection properties.
    public subscript(symbol key: Symbol) -> AMQPValue? {
        get { self[.symbol(key)] }
        set { self[.symbol(key)] = newValue }
    }

    /// The value under a string, as in application properties.
    public subscript(string key: String) -> AMQPValue? {
        get { self[.string(key)] }
        set { self[.string(key)] = newValue }
    }

    /// Adds an entry at the end, even if the key is there already.
    public mutating func append(key: AMQPValue, value: AMQPValue) {
        self.entries.append(Entry(key: key, value: value))
    }

    package mutating func reserveCapacity(_ count: Int) {
        self.entries.reserveCapacity(count)
    }
}

extension AMQPMap: Sequence {
    /// Walks the entries in order.
    public struct Iterator: IteratorProtocol {
        fileprivate var base: IndexingIterator<[Entry]>

        /// The next entry, or nil after the last one.
        public mutating func next() -> (key: AMQPValue, value: AMQPValue)? {
            self.base.next().map { ($0.key, $0.value) }
        }
    }

    /// Starts a walk over the entries in order.
    public func makeIterator() -> Iterator {
        Iterator(base: self.entries.makeIterator())
    }

    /// The exact number of entries.
    public var underestimatedCount: Int { self.entries.count }
}

extension AMQPMap: ExpressibleByDictionaryLiteral {
    /// Makes a map from a dictionary literal, keeping its order.
    public init(dictionaryLiteral elements: (AMQPValue, AMQPValue)...) {
        self.init(elements)
    }
}
