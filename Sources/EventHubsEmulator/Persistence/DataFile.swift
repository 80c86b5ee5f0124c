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

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is read from any place and grows at its end. Used by one task at a time.
final class DataFile {
    let path: String
    /// How many bytes it has.
    private(set) var size: Int64
    private let descriptor: Int32
    /// What was appended in part could not be taken back: nothing may follow it.
    private(set) var isBroken = false

    private init(path: String, descriptor: Int32, size: Int64) {
        self.path = path
        self.descriptor = descriptor
        self.size = size
    }

    deinit {
        close(descriptor)
    }

    /// Opens a file, or makes an empty one in place of what may be there.
    static func open(_ path: String, creating: Bool = false) throws(EmulatorError) -> DataFile {
        let flags = O_RDWR | O_CLOEXEC | (creating ? O_CREAT | O_TRUNC : 0)
        let descriptor = systemOpen(path, flags)
        guard descriptor >= 0 else { throw EmulatorError(errno, doing: "open", path) }
        let size = lseek(descriptor, 0, SEEK_END)
        guard size >= 0 else {
            let code = errno
            close(descriptor)
            throw EmulatorError(code, doing: "read", path)
        }
        return DataFile(path: path, descriptor: descriptor, size: Int64(size))
    }

    /// Hands bytes to the system, those of `head` and then those of `body`: all of them or, when it refuses, none.
    func append(
        _ head: [UInt8],
        _ body: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
    ) throws(EmulatorError) {
        guard !isBroken else {
            throw EmulatorError(.dataDirectoryFailed, "cannot write \(path): an earlier write failed half-way")
        }
        var failure = head.withUnsafeBytes { write($0) }
        if failure == nil { failure = write(body) }
        if let failure {
            takeBack()
            throw EmulatorError(failure, doing: "write", path)
        }
        size += Int64(head.count + body.count)
    }

    /// Writes everything at the file's end, or says why not.
    private func write(_ bytes: UnsafeRawBufferPointer) -> Int32? {
        var left = bytes
        while !left.isEmpty {
            let count = systemWrite(descriptor, left.baseAddress, left.count)
            if count > 0 {
                left = UnsafeRawBufferPointer(rebasing: left[count...])
            } else if count == 0 {
                return ENOSPC
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }

    private func takeBack() {
        isBroken = ftruncate(descriptor, off_t(size)) != 0 || lseek(descriptor, off_t(size), SEEK_SET) < 0
    }

    /// Reads the bytes from `position` on, at most so many; fewer only where the file ends.
    func read(at position: Int64, count: Int) throws(EmulatorError) -> [UInt8] {
        let wanted = Int(min(Int64(count), max(size - position, 0)))
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted {
                let place = UnsafeMutableRawPointer(buffer.baseAddress.map { $0 + filled })
                let result = pread(descriptor, place, wanted - filled, off_t(position) + off_t(filled))
                if result > 0 {
                    filled += result
                } else if result == 0 {
                    break
                } else if errno != EINTR {
                    code = errno
                    break
                }
            }
        }
        guard code == 0 else { throw EmulatorError(code, doing: "read", path) }
        return bytes
    }

    /// Cuts off everything from `position` on.
    func truncate(to position: Int64) throws(EmulatorError) {
        guard ftruncate(descriptor, off_t(position)) == 0, lseek(descriptor, off_t(position), SEEK_SET) >= 0 else {
            throw EmulatorError(errno, doing: "truncate", path)
        }
        size = position
    }

    /// Returns when the disk has what was written.
    func synchronize() throws(EmulatorError) {
        guard fsync(descriptor) == 0 else { throw EmulatorError(errno, doing: "write", path) }
    }

    /// Locks the file for as long as it is open; false when somebody else holds the lock.
    func lock() throws(EmulatorError) -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        guard errno == EWOULDBLOCK else { throw EmulatorError(errno, doing: "lock", path) }
        return false
    }

    /// Gives the lock back.
    func unlock() {
        _ = flock(descriptor, LOCK_UN)
    }
}

extension DataFile {
    /// Puts a file with this content in the place of another in one step: a crash leaves the old or the new one.
    static func replace(_ path: String, with content: [UInt8]) throws(EmulatorError) {
        let temporary = path + temporarySuffix
        let file = try open(temporary, creating: true)
        try file.append(content)
        try file.synchronize()
        try move(temporary, to: path)
    }

    static let temporarySuffix = ".new"

    /// Renames a file, in place of any that has the name.
    static func move(_ path: String, to target: String) throws(EmulatorError) {
        guard rename(path, target) == 0 else { throw EmulatorError(errno, doing: "write", target) }
    }

    /// Removes a file.
    static func remove(_ path: String) throws(EmulatorError) {
        guard unlink(path) == 0 else { throw EmulatorError(errno, doing: "remove", path) }
    }

    /// Removes a directory with all that is in it, if there is one.
    static func removeDirectory(_ path: String) throws(EmulatorError) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw EmulatorError(.dataDirectoryFailed, "cannot remove \(path): \(error.localizedDescription)")
        }
    }

    /// The names in a directory, sorted; none when there is no such directory.
    static func names(in directory: String) throws(EmulatorError) -> [String] {
        guard FileManager.default.fileExists(atPath: directory) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        } catch {
            throw EmulatorError(.dataDirectoryFailed, "cannot read \(directory): \(error.localizedDescription)")
        }
    }

    /// Makes a directory and those above it.
    static func makeDirectory(_ path: String) throws(EmulatorError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw EmulatorError(.dataDirectoryFailed, "cannot make \(path): \(error.localizedDescription)")
        }
    }
}

// Functions of the C library whose names are taken here.
#if canImport(Glibc)
    private func systemOpen(_ path: String, _ flags: Int32) -> Int32 { Glibc.open(path, flags, 0o644) }
    private let systemWrite = Glibc.write
#elseif canImport(Musl)
    private func systemOpen(_ path: String, _ flags: Int32) -> Int32 { Musl.open(path, flags, 0o644) }
    private let systemWrite = Musl.write
#else
    private func systemOpen(_ path: String, _ flags: Int32) -> Int32 { Darwin.open(path, flags, 0o644) }
    private let systemWrite = Darwin.write
#endif

extension EmulatorError {
    /// What the system said about a file.
    init(_ code: Int32, doing what: String, _ path: String) {
        self.init(.dataDirectoryFailed, "cannot \(what) \(path): \(String(cString: strerror(code)))")
    }

    /// A file is not what an emulator wrote.
    static func damaged(_ path: String, at position: Int64, _ reason: String) -> EmulatorError {
        EmulatorError(
            .dataDirectoryDamaged,
            "\(path) is damaged at byte \(position): \(reason). Nothing was changed. Put back a copy of the directory, "
                + "remove what is damaged (and lose what it holds), or use another directory"
        )
    }
}
