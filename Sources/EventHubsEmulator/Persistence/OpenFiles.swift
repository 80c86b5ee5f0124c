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

/// The files that partitions append to: some stay open, the others are opened again when it is their turn. Any thread may append:
/// everything that changes is guarded by the lock.
final class OpenFiles: @unchecked Sendable {
    private struct Entry {
        let file: DataFile
        /// When it was appended to, counted in appends.
        var use: UInt64
    }

    private let limit: Int
    private let lock = Mutex(())
    // Guarded by the lock.
    private var entries: [String: Entry] = [:]
    private var appends: UInt64 = 0

    /// Keeps as many open as `limit` says, so that a process may have many more partitions than files.
    init(limit: Int = 256) {
        self.limit = limit
    }

    /// Hands bytes to the system for the end of a file: all of them or, when it refuses, none.
    func append(
        _ head: [UInt8],
        _ body: UnsafeRawBufferPointer,
        to path: String,
        creating: Bool = false
    ) throws(EmulatorError) {
        try lock.withLock { _ throws(EmulatorError) in
            let file: DataFile
            if let entry = entries[path] {
                file = entry.file
            } else {
                file = try DataFile.open(path, creating: creating)
            }
            appends += 1
            entries[path] = Entry(file: file, use: appends)
            if entries.count > limit { closeOldest() }
            try file.append(head, body)
        }
    }

    /// Closes the file that was not appended to for the longest time.
    ///
    /// One that could not be taken back to its end stays: opened anew it would go on behind the rest of a record.
    private func closeOldest() {
        let oldest = entries.filter { !$0.value.file.isBroken }.min { $0.value.use < $1.value.use }
        if let oldest { entries[oldest.key] = nil }
    }

    /// Closes a file that is not appended to any more.
    func close(_ path: String) {
        lock.withLock { _ in entries[path] = nil }
    }

    /// How many are open.
    var count: Int { lock.withLock { _ in entries.count } }
}
