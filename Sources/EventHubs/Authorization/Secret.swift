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

/// Text that must not be seen: printing, interpolating, dumping and mirroring it show only that there is something.
///
/// Every key, token and signature of this module is stored as one, so that no enclosing type can leak it by its
/// default description.
package struct Secret: Sendable, Hashable {
    /// The text itself, to be used and not to be printed.
    package let revealed: String

    /// Wraps `text`.
    package init(_ text: String) { revealed = text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
