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

/// Whether and when to try again after an error.
package enum RetryAdvice: Sendable, Hashable {
    /// Trying again would fail again.
    case never
    /// Try again at once, the first time.
    case immediately
    /// Try again when the policy says so.
    case later
    /// Try again when the policy says so, but not before this time has passed.
    case notBefore(Duration)
    /// Try once more with a new token.
    case afterAuthorization

    /// Whether trying again without anybody changing anything can succeed.
    var isTransient: Bool {
        switch self {
        case .never, .afterAuthorization: false
        case .immediately, .later, .notBefore: true
        }
    }
}

/// What a failure has destroyed: it has to be made anew, with all that depends on it, before the next attempt.
package enum RecoveryScope: Sendable, Hashable, Comparable {
    case nothing
    case link
    case session
    case connection
}
