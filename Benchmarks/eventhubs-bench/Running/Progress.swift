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

/// Tells on standard error what is being measured: one line that is written over on a terminal, a line each elsewhere.
struct Progress: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let begin = ContinuousClock.now

    func show(_ text: String) {
        let seconds = Int(begin.duration(to: .now) / .seconds(1))
        write(isTerminal ? "\r\u{1b}[K[\(seconds) s] \(text)" : "[\(seconds) s] \(text)\n")
    }

    /// Takes the line away, before something else is printed.
    func clear() {
        if isTerminal { write("\r\u{1b}[K") }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
