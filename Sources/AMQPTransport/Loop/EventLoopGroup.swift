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

/// A few loops; connections are dealt out to them in turn and never move.
package final class EventLoopGroup: Sendable {
    /// The loops of the process, started with first use and never ended. A process that gets no thread or no descriptor from
    /// its system when it begins cannot go on: that is no input's doing, and there is nobody here to tell.
    package static let shared: EventLoopGroup = {
        do {
            return try EventLoopGroup(count: 1)
        } catch {
            fatalError("cannot start the shared event loop: \(error)")
        }
    }()

    package let loops: [EventLoop]
    private let turn = Atomic<UInt>(0)

    package init(count: Int = 1) throws(TransportError) {
        precondition(count > 0, "a group has at least one loop")
        var loops: [EventLoop] = []
        for index in 0..<count { loops.append(try EventLoop(name: "amqp-loop-\(index)")) }
        self.loops = loops
    }

    /// The loop for the next connection.
    package func next() -> EventLoop {
        let (turn, _) = turn.wrappingAdd(1, ordering: .relaxed)
        return loops[Int(turn % UInt(loops.count))]
    }

    /// Ends the loops; not for the shared group.
    package func shutdown() async {
        precondition(self !== EventLoopGroup.shared, "the shared event loops are never shut down")
        for loop in loops { await loop.shutdown() }
    }
}
