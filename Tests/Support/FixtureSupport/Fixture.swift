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

/// One block of a fixture file: bytes with a name and an explanation.
package struct Fixture: Sendable {
    /// The first comment line, for example `open (service)`.
    package let name: String

    /// The other comment lines.
    package let comment: String

    /// The bytes.
    package let bytes: [UInt8]

}
