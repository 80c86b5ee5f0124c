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

import Logging

/// The file in which the Blob part's changes are, one after the other. Used under the store's lock.
///
/// When it has grown well beyond what is live, a new one that holds only that takes its place.
final class BlobJournal {
    /// A journal is not written anew before it has so many bytes.
    private static let smallestCompaction: Int64 = 4 * 1024 * 1024

    private let path: String
    private let compactionSize: Int64
    private let logger: Logger?
    private var file: DataFile?
    /// The size at which the next compaction is due.
    private var dueSize: Int64 = 0

    init(path: String, compactionSize: Int64 = smallestCompaction, logger: Logger?) {
        self.path = path
        self.compactionSize = compactionSize
        self.logger = logger
    }

    /// Opens the file, or makes one, and hands out what it holds.
    func load(_ apply: (BlobChange) -> Void) throws(EmulatorError) {
        guard try !DataFile.names(in: directory).contains(name) else { return try loadFile(apply) }
        try begin(path)
    }

    private func loadFile(_ apply: (BlobChange) -> Void) throws(EmulatorError) {
        let file = try DataFile.open(path)
        var reader = RecordReader(file, .blobs)
        loop: while true {
            let place = reader.position
            switch try reader.next() {
            case .record(let payload):
                guard let change = BlobChange(decoding: payload) else {
                    throw .damaged(path, at: place, "a record that is no change of a blob or container")
                }
                apply(change)
            case .end:
                break loop
            case .torn(let reason):
                logger?.warning(
                    "cut off what a crash left unfinished",
                    metadata: ["file": "\(path)", "byte": "\(reader.position)", "reason": "\(reason)"]
                )
                guard reader.position > 0 else { return try begin(path) }
                try file.truncate(to: reader.position)
                break loop
            }
        }
        self.file = file
        dueSize = compactionSize
    }

    /// Begins an empty file.
    private func begin(_ path: String) throws(EmulatorError) {
        let file = try DataFile.open(path, creating: true)
        try file.append(RecordFile.Kind.blobs.bytes)
        self.file = file
        dueSize = compactionSize
    }

    /// Hands a change to the system.
    func append(_ change: BlobChange) throws(EmulatorError) {
        guard let file else { throw EmulatorError(.dataDirectoryFailed, "the emulator has stopped") }
        try Self.append(change, to: file)
    }

    private static func append(_ change: BlobChange, to file: DataFile) throws(EmulatorError) {
        let payload = try change.encoded()
        guard payload.count <= RecordFile.maximumPayload else {
            throw EmulatorError(.dataDirectoryFailed, "a change of \(payload.count) bytes is too large for a file")
        }
        try file.append(payload.withUnsafeBytes { RecordFile.header(of: [$0]) } + payload)
    }

    var isDueForCompaction: Bool { (file?.size ?? 0) >= dueSize }

    /// Writes the journal anew from changes that make up the state. On failure the old one goes on.
    func compact(_ state: some Sequence<BlobChange>) {
        let temporary = path + DataFile.temporarySuffix
        do throws(EmulatorError) {
            let new = try DataFile.open(temporary, creating: true)
            try new.append(RecordFile.Kind.blobs.bytes)
            for change in state { try Self.append(change, to: new) }
            // Its name must not come to the disk before it does.
            try new.synchronize()
            try DataFile.move(temporary, to: path)
            file = new
        } catch {
            logger?.warning("cannot shorten the journal of the blobs", metadata: ["error": "\(error)"])
        }
        dueSize = max((file?.size ?? 0) * 2, compactionSize)
    }

    /// Takes nothing any more.
    func close() {
        file = nil
    }

    private var directory: String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }
    private var name: String { String(path.split(separator: "/").last ?? "") }
}
