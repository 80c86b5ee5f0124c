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
internal import Synchronization

/// A child process, read line by line. Its standard error is this process's.
final class ChildProcess: Sendable {
    private let state: Mutex<State>

    private struct State: @unchecked Sendable {
        let process: Process
        let input: FileHandle
        let output: FileHandle
        var pending = Data()
    }

    init(_ command: Command) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command.executable)
        process.arguments = command.arguments
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        state = Mutex(State(process: process, input: input.fileHandleForWriting, output: output.fileHandleForReading))
    }

    var processIdentifier: Int32 { state.withLock { $0.process.processIdentifier } }

    /// The next line, or nil at the end of the output.
    func nextLine() -> String? {
        state.withLock { state in
            while true {
                if let end = state.pending.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { state.pending = Data(state.pending[(end + 1)...]) }
                    return String(decoding: state.pending[..<end], as: UTF8.self)
                }
                let data = state.output.availableData
                guard !data.isEmpty else {
                    defer { state.pending = Data() }
                    return state.pending.isEmpty ? nil : String(decoding: state.pending, as: UTF8.self)
                }
                state.pending += data
            }
        }
    }

    /// All lines up to the end of the output, for which it waits.
    func remainingLines() -> [String] {
        var lines: [String] = []
        while let line = nextLine() { lines.append(line) }
        return lines
    }

    func write(_ line: String) throws {
        try state.withLock { try $0.input.write(contentsOf: Data((line + "\n").utf8)) }
    }

    func endInput() { state.withLock { try? $0.input.close() } }

    @discardableResult
    func waitForExit() -> Int32 {
        let process = state.withLock { $0.process }
        process.waitUntilExit()
        return process.terminationStatus
    }
}
