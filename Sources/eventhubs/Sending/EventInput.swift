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

/// What `eventhubs send` sends: the lines of files one after the other, or each file as a whole.
struct EventInput {
    enum Next {
        case body([UInt8])
        case nothingYet
        case end
    }

    private var remaining: ArraySlice<String>
    private let takesWholeFiles: Bool
    private var current: (reader: LineReader, handle: FileHandle)?

    /// `-` is standard input.
    init(files: [String], takesWholeFiles: Bool) {
        remaining = (files.isEmpty ? ["-"] : files)[...]
        self.takesWholeFiles = takesWholeFiles
    }

    mutating func next() async throws -> Next {
        while true {
            if let current {
                switch try await current.reader.next() {
                case .line(let bytes): return .body(bytes)
                case .nothingYet: return .nothingYet
                case .end:
                    if current.handle !== FileHandle.standardInput { try? current.handle.close() }
                    self.current = nil
                }
            }
            guard let file = remaining.popFirst() else { return .end }
            let handle = try Self.open(file)
            guard takesWholeFiles else {
                let reader = LineReader(descriptor: handle.fileDescriptor, name: file == "-" ? "standard input" : file)
                current = (reader, handle)
                continue
            }
            let body = try Self.contents(of: handle, file)
            return .body(body)
        }
    }

    private static func open(_ file: String) throws -> FileHandle {
        if file == "-" { return .standardInput }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory), !isDirectory.boolValue else {
            throw CommandFailure("cannot read '\(file)': no such file")
        }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            throw CommandFailure("cannot read '\(file)': check its permissions")
        }
        return handle
    }

    /// The whole file, which may not be larger than any event can be.
    private static func contents(of handle: FileHandle, _ file: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty {
            bytes.append(contentsOf: chunk)
            guard bytes.count <= LineReader.maximumLength else {
                throw CommandFailure("'\(file)' is larger than \(LineReader.maximumLength) bytes: no event can be")
            }
        }
        if handle !== FileHandle.standardInput { try? handle.close() }
        return bytes
    }
}
