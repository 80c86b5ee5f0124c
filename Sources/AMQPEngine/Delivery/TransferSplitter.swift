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

/// Cuts the payload of a delivery into frames of at most the peer's maximum size.
struct TransferSplitter: Equatable, Sendable {
    /// One frame's share of the payload.
    struct Piece: Equatable, Sendable {
        var range: Range<Int>
        /// Whether further pieces follow.
        var more: Bool
    }

    let payloadCount: Int

    /// How much of the payload has been handed out.
    private(set) var offset = 0

    init(payloadCount: Int) { self.payloadCount = payloadCount }

    /// Whether the next piece is the first one, which carries id, tag and format.
    var isAtStart: Bool { offset == 0 }

    /// The next piece, for a frame of at most `maximumFrameSize` bytes of which `headerSize` are taken by the performative.
    mutating func next(maximumFrameSize: Int, headerSize: Int) -> Piece {
        let room = max(1, maximumFrameSize - headerSize)
        let end = min(payloadCount, offset + room)
        let piece = Piece(range: offset..<end, more: end < payloadCount)
        offset = end
        return piece
    }
}
