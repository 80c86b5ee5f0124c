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

import FlyingSocks
import Foundation

/// A body that fails behind its bytes: the server then drops the connection.
struct CutBody: AsyncBufferedSequence {
    typealias Element = UInt8

    private struct Cut: Error {}

    struct Iterator: AsyncBufferedIteratorProtocol {
        fileprivate var bytes: Data

        mutating func next() async throws -> UInt8? {
            guard let byte = bytes.popFirst() else { throw Cut() }
            return byte
        }

        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            guard !bytes.isEmpty else { throw Cut() }
            defer { bytes = Data(bytes.dropFirst(count)) }
            return Data(bytes.prefix(count))
        }
    }

    let bytes: Data

    func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes) }
}
