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

import CPlatform
import Foundation
import Synchronization

/// A program to run without a shell: with a time limit, no input, and as much output as is allowed.
struct Command: Sendable {
    struct Result: Sendable {
        /// The exit code; 128 and the signal's number when a signal ended it.
        let status: Int32
        let output: [UInt8]
        let errors: [UInt8]
    }

    enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
        case notStarted(Int32)
        case tookTooLong(Duration)
        case printedTooMuch(limit: Int)
        case cancelled

        var description: String {
            switch self {
            case .notStarted(let number): "cannot be run: \(String(cString: strerror(number)))"
            case .tookTooLong(let limit): "took longer than \(limit)"
            case .printedTooMuch(let limit): "printed more than \(limit) bytes"
            case .cancelled: "was ended because the task was cancelled"
            }
        }
    }

    let path: String
    let arguments: [String]
    let variables: [String: String]

    /// Runs the program in a process group of its own, in the root directory. When the time is up, it prints too much or
    /// the task is cancelled, the whole group is killed.
    func run(limit: Duration, maximumOutput: Int) async throws(Failure) -> Result {
        let child = Child()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Swift.Result<Result, Failure>, Never>) in
                // Waiting for a process blocks: not a thread of the pool's.
                Thread.detachNewThread {
                    continuation.resume(
                        returning: Swift.Result { () throws(Failure) in
                            try attempt(child, limit: limit, maximumOutput: maximumOutput)
                        }
                    )
                }
            }
        } onCancel: {
            child.cancel()
        }
        return try result.get()
    }

    private func attempt(_ child: Child, limit: Duration, maximumOutput: Int) throws(Failure) -> Result {
        let output = try Channel()
        let errors = try Channel()
        let start = ContinuousClock.now
        try child.start(self, output: output.writing, errors: errors.writing)
        output.closeWriting()
        errors.closeWriting()
        var printed = (output: [UInt8](), errors: [UInt8]())
        var open = (output: true, errors: true)
        var failure: Failure?
        while open.output || open.errors, failure == nil {
            let left = limit - (ContinuousClock.now - start)
            guard left > .zero else {
                failure = .tookTooLong(limit)
                break
            }
            var polled = [
                pollfd(fd: open.output ? output.reading : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: open.errors ? errors.reading : -1, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&polled, nfds_t(polled.count), Int32(min(left / .milliseconds(1), 1_000)) + 1)
            if polled[0].revents != 0 { open.output = output.read(into: &printed.output) }
            if polled[1].revents != 0 { open.errors = errors.read(into: &printed.errors) }
            if printed.output.count + printed.errors.count > maximumOutput {
                failure = .printedTooMuch(limit: maximumOutput)
            }
        }
        // It has closed its output or is killed: either way it ends now, or when its time is up.
        let end = failure == nil ? start.advanced(by: limit) : start
        let status = child.wait(until: end)
        if child.isCancelled { throw .cancelled }
        if let failure { throw failure }
        guard let status else { throw .tookTooLong(limit) }
        return Result(status: status, output: printed.output, errors: printed.errors)
    }
}

/// A running program, and the only place that signals and reaps it.
private final class Child: Sendable {
    private struct State {
        var process: pid_t?
        var isCancelled = false
    }

    private let state = Mutex(State())

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            if let process = state.process { kill(-process, SIGKILL) }
        }
    }

    func start(_ command: Command, output: Int32, errors: Int32) throws(Command.Failure) {
        try state.withLock { state throws(Command.Failure) in
            guard !state.isCancelled else { throw .cancelled }
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, output, 1)
            posix_spawn_file_actions_adddup2(&actions, errors, 2)
            _ = cplatform_spawn_in(&actions, "/")
            var attributes = posix_spawnattr_t()
            posix_spawnattr_init(&attributes)
            defer { posix_spawnattr_destroy(&attributes) }
            var noSignals = sigset_t()
            sigemptyset(&noSignals)
            posix_spawnattr_setsigmask(&attributes, &noSignals)
            posix_spawnattr_setpgroup(&attributes, 0)
            posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK))
            let arguments = CStrings([command.path] + command.arguments)
            let variables = CStrings(command.variables.map { "\($0.key)=\($0.value)" })
            var process: pid_t = 0
            let number = withExtendedLifetime((arguments, variables)) {
                posix_spawn(&process, command.path, &actions, &attributes, arguments.pointers, variables.pointers)
            }
            guard number == 0 else { throw .notStarted(number) }
            state.process = process
        }
    }

    /// Waits for the program's end; past `end` it is killed and nil returned.
    func wait(until end: ContinuousClock.Instant) -> Int32? {
        var isLate = false
        while true {
            let status: Int32?? = state.withLock { state in
                guard let process = state.process else { return .some(nil) }
                var status: Int32 = 0
                // Reaped under the lock: no signal goes to a number that has been given away again.
                let result = waitpid(process, &status, isLate ? 0 : WNOHANG)
                if result == 0 || (result < 0 && errno == EINTR) { return nil }
                state.process = nil
                return isLate || result < 0 ? .some(nil) : .some(Self.exitCode(status))
            }
            if let status { return status }
            if ContinuousClock.now >= end {
                state.withLock { if let process = $0.process { kill(-process, SIGKILL) } }
                isLate = true
            } else {
                usleep(5_000)
            }
        }
    }

    private static func exitCode(_ status: Int32) -> Int32 {
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}

/// A pipe whose ends the programs that this process runs do not inherit.
private final class Channel {
    let reading: Int32
    private(set) var writing: Int32

    init() throws(Command.Failure) {
        var ends: [Int32] = [-1, -1]
        guard cplatform_pipe(&ends) == 0 else { throw .notStarted(errno) }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        close(reading)
        closeWriting()
    }

    func closeWriting() {
        guard writing >= 0 else { return }
        close(writing)
        writing = -1
    }

    /// Appends what has come; false at the end.
    func read(into bytes: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        let count = Foundation.read(reading, &buffer, buffer.count)
        guard count > 0 else { return count < 0 && (errno == EINTR || errno == EAGAIN) }
        bytes += buffer[..<count]
        return true
    }
}

/// Strings as C wants them: an array of pointers with a null at its end.
private final class CStrings {
    let pointers: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [String]) { pointers = strings.map { strdup($0) } + [nil] }

    deinit { for pointer in pointers { free(pointer) } }
}
