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

/// A block of memory that outgoing frames are encoded into.
///
/// Only the ``OutputBuffer`` that made it touches it; it is a class so that segments can share it.
@safe
final class OutputChunk {
    static let capacity = 64 * 1024

    let base: UnsafeMutableRawPointer

    /// Finished segments in this chunk that have not been written to the stream.
    var waitingSegments = 0

    init() {
        unsafe base = .allocate(byteCount: Self.capacity, alignment: 16)
    }

    deinit { unsafe base.deallocate() }
}
