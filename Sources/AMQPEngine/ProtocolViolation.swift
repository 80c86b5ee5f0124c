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

package import AMQPCodec

/// What a peer did against the specification, and what ends because of it.
package struct ProtocolViolation: Error, Equatable, Sendable {
    /// The smallest thing that has to end.
    package enum Scope: Sendable {
        case link
        case session
        case connection
    }

    package var scope: Scope
    package var condition: ErrorCondition
    /// For people.
    package var description: String
    /// The part and section of the specification that was violated.
    package var section: String

    init(_ scope: Scope, _ condition: ErrorCondition, _ description: String, section: String) {
        self.scope = scope
        self.condition = condition
        self.description = description
        self.section = section
    }

    /// The error as the peer is told.
    var error: AMQPErrorInfo { AMQPErrorInfo(condition: condition, description: description) }
}
