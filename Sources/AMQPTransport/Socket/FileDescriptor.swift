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

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An open descriptor, closed when its owner goes.
package struct FileDescriptor: ~Copyable {
    /// The system's number; -1 once closed.
    package private(set) var rawValue: Int32

    /// Takes over `rawValue`.
    package init(owning rawValue: Int32) {
        self.rawValue = rawValue
    }

    package var isOpen: Bool { rawValue >= 0 }

    package mutating func close() {
        Self.closeDescriptor(rawValue)
        rawValue = -1
    }

    /// Gives the number away without closing it.
    package consuming func take() -> Int32 {
        let value = rawValue
        rawValue = -1
        return value
    }

    deinit {
        Self.closeDescriptor(rawValue)
    }

    private static func closeDescriptor(_ value: Int32) {
        guard value >= 0 else { return }
        #if canImport(Glibc)
            _ = Glibc.close(value)
        #elseif canImport(Musl)
            _ = Musl.close(value)
        #else
            _ = Darwin.close(value)
        #endif
    }
}
