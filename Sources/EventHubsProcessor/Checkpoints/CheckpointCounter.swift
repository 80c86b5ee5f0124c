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

/// Says when the number of events processed asks for a checkpoint. One is under way at a time: what comes due meanwhile is covered by
/// the next one.
struct CheckpointCounter {
    /// After so many events. Nil: never.
    let limit: Int?
    private var count = 0
    private var isWriting = false

    init(limit: Int?) {
        self.limit = limit
    }

    /// Events have been processed. True: a checkpoint is to be written, and ``written()`` called afterwards.
    mutating func processed(_ events: Int) -> Bool {
        guard let limit else { return false }
        count += events
        guard !isWriting, count >= limit else { return false }
        isWriting = true
        count = 0
        return true
    }

    /// The write has ended, well or not. True: another one is due.
    mutating func written() -> Bool {
        isWriting = false
        return processed(0)
    }
}
