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
import Logging

/// The directory in which an emulator keeps what has to survive it.
///
///     FORMAT                              what the directory is, and its version
///     LOCK                                locked while an emulator uses the directory; holds its process id
///     hubs/NAME/created                   when the hub was made, in milliseconds since 1970
///     hubs/NAME/definition                what administration has made of it, if it did: `HubDefinition` as JSON
///     hubs/NAME/PARTITION/FIRST.events    a segment of a partition: `SegmentFiles`
///     blobs                               containers, blobs, metadata, leases: `BlobJournal`
///
/// What was acknowledged was handed to the operating system before: it survives the emulator, however it ends. Nothing waits
/// for the disk, so a machine that loses power may lose the newest.
///
/// Immutable once made; the file that is locked is touched by `init` and `close` alone.
final class DataDirectory: @unchecked Sendable {
    static let format = "swift-event-hubs emulator data, version 1\n"
    private static let formatPrefix = "swift-event-hubs emulator data, version "

    let path: String
    let logger: Logger?
    /// Held open, and with it the lock. Not touched between `init` and `close`.
    private let lock: DataFile
    let openFiles = OpenFiles()

    /// Opens a directory or makes a new one, and locks it for as long as this lives.
    init(_ path: String, logger: Logger?) throws(EmulatorError) {
        self.path = path
        self.logger = logger
        try DataFile.makeDirectory(path)
        let formatPath = "\(path)/FORMAT"
        // What a start that was cut short leaves is no data yet.
        let unfinished: Set = ["LOCK", "FORMAT" + DataFile.temporarySuffix]
        let names = try DataFile.names(in: path)
        let isNew = names.allSatisfy(unfinished.contains)
        guard isNew || names.contains("FORMAT") else {
            throw EmulatorError(
                .dataDirectoryUnsupported,
                "\(path) holds other files: give a directory that is empty, or one that an emulator made"
            )
        }
        let lockPath = "\(path)/LOCK"
        lock = try DataFile.open(lockPath, creating: !names.contains("LOCK"))
        guard try lock.lock() else {
            let holder = String(decoding: try lock.read(at: 0, count: 20), as: UTF8.self)
            throw EmulatorError(
                .dataDirectoryInUse,
                "\(path) is in use by another emulator (process \(holder)): stop that one, or give another directory"
            )
        }
        try lock.truncate(to: 0)
        try lock.append(Array(String(ProcessInfo.processInfo.processIdentifier).utf8))
        if isNew {
            try DataFile.replace(formatPath, with: Array(Self.format.utf8))
        } else {
            try Self.checkFormat(formatPath)
        }
    }

    private static func checkFormat(_ path: String) throws(EmulatorError) {
        let found = String(decoding: try DataFile.open(path).read(at: 0, count: 128), as: UTF8.self)
        guard found != format else { return }
        guard found.hasPrefix(formatPrefix) else {
            throw EmulatorError(
                .dataDirectoryUnsupported,
                "\(path) was not written by an emulator: give another directory"
            )
        }
        let version = found.dropFirst(formatPrefix.count).trimmingCharacters(in: .whitespacesAndNewlines)
        throw EmulatorError(
            .dataDirectoryUnsupported,
            "\(path) says version \(version), this emulator writes version 1: use the emulator that made the directory, "
                + "or give another directory"
        )
    }

    /// Lets another emulator have the directory.
    func close() {
        lock.unlock()
    }

    var blobJournal: BlobJournal { BlobJournal(path: "\(path)/blobs", logger: logger) }
}
