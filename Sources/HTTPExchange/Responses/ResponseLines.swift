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

/// Cuts the lines of an answer out of its bytes, within a limit for all of them.
struct ResponseLines: Sendable {
    private let limit: Int
    private var left: Int
    private var line: [UInt8] = []

    init(limit: Int) {
        self.limit = limit
        left = limit
    }

    /// What has come of the line that is being read.
    var partialLine: [UInt8] { line }

    /// The next line without its end, and `position` behind it. Nil: it goes on beyond `bytes`, all of which are taken. With an
    /// allowance, so many bytes more than are left may stand in the line, and none counts until ``count(_:)``.
    mutating func next(
        in bytes: Span<UInt8>,
        at position: inout Int,
        allowance: Int? = nil
    ) throws(HTTPFailure) -> [UInt8]? {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\n") {
                guard line.popLast() == UInt8(ascii: "\r") else { throw .malformed(.lineEnding) }
                defer { line = [] }
                if allowance == nil { left -= line.count }
                return line
            }
            // With the CR that may be its last byte.
            guard line.count <= left + (allowance ?? 0) else { throw .malformed(.headTooLarge(limit: limit)) }
            line.append(byte)
        }
        return nil
    }

    /// Counts bytes that an allowance has let pass.
    mutating func count(_ bytes: Int) throws(HTTPFailure) {
        guard bytes <= left else { throw .malformed(.headTooLarge(limit: limit)) }
        left -= bytes
    }
}
