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

import Dispatch
import Foundation

/// Reads lines from a file descriptor without holding up a thread of Swift concurrency while nothing comes.
final class LineReader {
    enum Next: Equatable {
        /// A line, without its end. Never empty: empty lines are skipped.
        case line([UInt8])
        /// Nothing has come for a moment: a good time to send what there is.
        case nothingYet
        case end
    }

    /// A line may have so many bytes: no event can have more.
    static let maximumLength = 1024 * 1024

    private let descriptor: Int32
    private let name: String
    private let queue = DispatchQueue(label: "eventhubs.input")
    private var pending: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    private var lineNumber = 0

    private static let patience: Int32 = 100
    private static let chunkSize = 64 * 1024

    /// Reads from an open descriptor, which the caller closes. `name` is for messages.
    init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// The next line, or that there is none now.
    func next() async throws -> Next {
        while true {
            if let end = pending[position...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = takeLine(until: end)
                position = end + 1
                if !line.isEmpty { return .line(line) }
                continue
            }
            if isAtEnd {
                let line = takeLine(until: pending.endIndex)
                position = pending.endIndex
                return line.isEmpty ? .end : .line(line)
            }
            pending.removeSubrange(..<position)
            position = 0
            guard pending.count <= Self.maximumLength else {
                throw CommandFailure("\(name): line \(lineNumber + 1) is longer than \(Self.maximumLength) bytes")
            }
            guard try await read() else { return .nothingYet }
        }
    }

    private func takeLine(until end: Int) -> [UInt8] {
        lineNumber += 1
        let line = pending[position..<end]
        return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }

    /// Waits a moment for bytes; false when none came.
    private func read() async throws -> Bool {
        let descriptor = descriptor
        let outcome: Result<[UInt8]?, CommandFailure> = await withCheckedContinuation { continuation in
            let name = name
            queue.async {
                var readiness = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&readiness, 1, Self.patience) > 0 else {
                    return continuation.resume(returning: .success(nil))
                }
                var count = 0
                let chunk = [UInt8](unsafeUninitializedCapacity: Self.chunkSize) { buffer, initialized in
                    count = Foundation.read(descriptor, buffer.baseAddress, Self.chunkSize)
                    initialized = max(count, 0)
                }
                if count >= 0 {
                    continuation.resume(returning: .success(chunk))
                } else if errno == EINTR || errno == EAGAIN {
                    continuation.resume(returning: .success(nil))
                } else {
                    let reason = String(cString: strerror(errno))
                    continuation.resume(returning: .failure(CommandFailure("cannot read \(name): \(reason)")))
                }
            }
        }
        guard let chunk = try outcome.get() else { return false }
        pending.append(contentsOf: chunk)
        isAtEnd = chunk.isEmpty
        return true
    }
}
