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

import AMQPTransport
import EventHubs

/// How requests prove what they may do.
package enum BlobCredential: Sendable, Hashable {
    /// The account's key signs every request.
    case sharedKey(AccountKey)
    /// A query string that was signed beforehand goes with every request.
    case sharedAccessSignature(Secret)
    /// A token of Microsoft Entra ID goes with every request.
    case tokens(BlobTokens)

    /// The query of a shared access signature, with or without the leading question mark.
    static func sharedAccessSignature(query: String) -> BlobCredential {
        .sharedAccessSignature(Secret(query.hasPrefix("?") ? String(query.dropFirst()) : query))
    }
}
