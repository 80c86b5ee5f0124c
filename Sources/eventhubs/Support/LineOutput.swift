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

import Foundation
import Synchronization

/// Standard output for many tasks at once: what one call appends stays together, and goes out in large writes.
final class LineOutput: Sendable {
    /// The process's standard output.
    static let standard = LineOutput(descriptor: STDOUT_FILENO)

    /// Whether a person may be looking: standard output is a terminal.
    let isTerminal: Bool

    private let descriptor: Int32
    private let state = Mutex(State())

    private struct State {
        var pending: [UInt8] = []
        /// The reader has gone away, as `head` does: nothing more is written.
        var isBroken = false
    }

    private static let flushThreshold = 64 * 1024

    init(descriptor: Int32) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
    }

    /// Appends what `body` writes; it goes out when enough has come together, or with ``flush()``.
    func append(_ body: (inout [UInt8]) -> Void) {
        state.withLock { state in
            body(&state.pending)
            if state.pending.count >= Self.flushThreshold || isTerminal { write(&state) }
        }
    }

    /// Appends a line of text.
    func line(_ text: String) {
        append { bytes in
            bytes.append(contentsOf: text.utf8)
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    /// Writes out what has come together.
    func flush() {
        state.withLock { write(&$0) }
    }

    /// Whether the reader is still there.
    var isOpen: Bool { state.withLock { !$0.isBroken } }

    private func write(_ state: inout State) {
        var written = 0
        while written < state.pending.count, !state.isBroken {
            let count = state.pending[written...].withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                written += count
            } else if errno == EAGAIN {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                state.isBroken = true
            }
        }
        state.pending.removeAll(keepingCapacity: true)
    }
}
