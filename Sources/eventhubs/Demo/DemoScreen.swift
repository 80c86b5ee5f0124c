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

/// Shows the demo: on a terminal a table that is drawn over and over with the latest news below it, elsewhere lines.
final class DemoScreen: Sendable {
    private let output: LineOutput
    private let state = Mutex(State())

    private struct State {
        var news: [String] = []
        /// How many lines the table on the screen takes, if there is one.
        var drawn = 0
        var lastLine: Duration = .zero
    }

    private static let newsLines = 6
    private static let lineInterval: Duration = .seconds(1)

    init(output: LineOutput = .standard) { self.output = output }

    /// Something happened: told at once, or with the next table.
    func tell(_ text: String, at elapsed: Duration) {
        let line = "\(DemoTable.seconds(elapsed))  \(text)"
        state.withLock { $0.news.append(line) }
        guard !output.isTerminal else { return }
        output.line(line)
        output.flush()
    }

    func show(_ snapshot: DemoSnapshot) {
        output.isTerminal ? redraw(snapshot) : writeLine(snapshot)
    }

    private func redraw(_ snapshot: DemoSnapshot) {
        state.withLock { state in
            var lines = DemoTable.table(snapshot) + [""]
            let news = state.news.suffix(Self.newsLines)
            lines += news + Array(repeating: "", count: Self.newsLines - news.count)
            // Up to the first line of the former table, then each line anew.
            let up = state.drawn > 0 ? "\u{1B}[\(state.drawn)A" : ""
            let text = up + lines.map { "\u{1B}[2K\($0)\n" }.joined()
            state.drawn = lines.count
            output.append { $0.append(contentsOf: text.utf8) }
        }
        output.flush()
    }

    private func writeLine(_ snapshot: DemoSnapshot) {
        let isDue = state.withLock { state in
            guard snapshot.elapsed - state.lastLine >= Self.lineInterval else { return false }
            state.lastLine = snapshot.elapsed
            return true
        }
        guard isDue else { return }
        output.line(DemoTable.line(snapshot))
        output.flush()
    }

    /// The end: lines below everything.
    func finish(_ lines: [String]) {
        output.line("")
        for line in lines { output.line(line) }
        output.flush()
    }
}
