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

/// The source filter that carries an ``EventPosition`` to the service: an SQL-like selector.
package enum PositionFilter {
    /// Key and descriptor of the filter.
    package static let name: Symbol = "apache.org:selector-filter:string"

    /// The selector for `position`.
    package static func expression(for position: EventPosition) -> String {
        switch position {
        case .earliest: comparison("x-opt-offset", inclusive: false, "-1")
        case .latest: comparison("x-opt-offset", inclusive: false, "@latest")
        case .offset(let offset, let inclusive): comparison("x-opt-offset", inclusive: inclusive, offset)
        case .sequenceNumber(let number, let inclusive):
            comparison("x-opt-sequence-number", inclusive: inclusive, String(number))
        case .enqueuedTime(let time):
            comparison("x-opt-enqueued-time", inclusive: false, String(time.millisecondsSinceEpoch))
        }
    }

    /// The filter map of an attach's source for `position`.
    package static func filter(for position: EventPosition) -> AMQPMap {
        let selector = AMQPDescribed(descriptor: .symbol(name), value: .string(expression(for: position)))
        return [.symbol(name): .described(selector)]
    }

    /// A quote inside the value is doubled, as the selector grammar has it, so that no offset can end the literal.
    private static func comparison(_ annotation: String, inclusive: Bool, _ value: String) -> String {
        let quoted =
            value.contains("'")
            ? value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") : value
        return "amqp.annotation.\(annotation) \(inclusive ? ">=" : ">") '\(quoted)'"
    }
}
