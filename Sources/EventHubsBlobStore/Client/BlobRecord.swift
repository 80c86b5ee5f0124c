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

/// A blob whose metadata is its content.
struct BlobRecord: Sendable, Hashable {
    let name: String
    /// Without quotes.
    let etag: String
    /// How long before the answer it was written, by the service's clock.
    let age: Duration
    /// By lower-case name.
    let metadata: [String: String]
    /// Whether somebody holds the blob's lease.
    var isLeased = false

    /// Reads the state of a lease: one that breaks is still held.
    static func isLeased(_ state: String?) -> Bool {
        state == "leased" || state == "breaking"
    }
}

/// What became of a conditional write.
enum BlobWriteOutcome: Sendable, Hashable {
    case written(BlobRecord)
    /// Somebody has written the blob before: perhaps we ourselves, by an attempt that was not answered.
    case changed(mayBeOwn: Bool)
    /// There is no such blob.
    case missing
}
