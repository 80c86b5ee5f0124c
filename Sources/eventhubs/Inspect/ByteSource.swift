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

/// Reads a file or standard input in chunks, whatever size they have.
struct ByteSource: ~Copyable {
    private let descriptor: Int32
    private let name: String

    /// Opens a file, or standard input when the path is nil or `-`.
    init(path: String?) throws(CommandFailure) {
        guard let path, path != "-" else {
            self.descriptor = 0
            self.name = "standard input"
            return
        }
        self.descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.name = path
        guard self.descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw CommandFailure(
                "cannot open \(path): \(reason)\nWhat to do: name a file that can be read, or leave FILE out."
            )
        }
    }

    deinit {
        if self.descriptor > 0 { close(self.descriptor) }
    }

    /// The next chunk; empty at the end.
    func next() throws(CommandFailure) -> [UInt8] {
        while true {
            var failure: Int32 = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
                let length = read(self.descriptor, buffer.baseAddress, buffer.count)
                if length < 0 { failure = errno }
                count = max(0, length)
            }
            if failure == 0 { return chunk }
            if failure != EINTR {
                throw CommandFailure("cannot read \(self.name): \(String(cString: strerror(failure)))")
            }
        }
    }
}
