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

/// A first-in, first-out queue; taking an element costs constant time on average however long the queue is.
struct FIFO<Element> {
    private var storage: ContiguousArray<Element?> = []
    private var head = 0

    /// Below this many taken elements the storage is not worth compacting.
    private static var compactionThreshold: Int { 256 }

    init() {}

    var isEmpty: Bool { head == storage.count }

    var count: Int { storage.count - head }

    /// The next element, left in place. Setting it replaces it; setting nil is not allowed on an empty queue.
    var first: Element? {
        get { isEmpty ? nil : storage[head] }
        _modify {
            precondition(!isEmpty, "the queue is empty")
            yield &storage[head]
        }
    }

    mutating func append(_ element: Element) { storage.append(element) }

    /// Takes the next element.
    mutating func popFirst() -> Element? {
        guard head < storage.count else { return nil }
        let element = storage[head].take()
        head += 1
        if head == storage.count {
            storage.removeAll(keepingCapacity: storage.count <= 4 * Self.compactionThreshold)
            head = 0
        } else if head >= Self.compactionThreshold, head * 2 >= storage.count {
            storage.removeFirst(head)
            head = 0
        }
        return element
    }

    mutating func removeAll() {
        storage = []
        head = 0
    }

    /// Calls `body` with each element in order.
    func forEach(_ body: (Element) -> Void) {
        for index in head..<storage.count {
            if let element = storage[index] { body(element) }
        }
    }
}
