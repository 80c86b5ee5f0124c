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

/// Where a receiver wants to begin, as its selector filter says it.
///
///     selector = "amqp.annotation." name blanks op blanks value
///     name     = "x-opt-offset" | "x-opt-sequence-number" | "x-opt-enqueued-time" | "x-opt-enqueuedtimeutc"
///     op       = ">" | ">="
///     value    = text | "'" text "'" | '"' text '"'
package struct PositionSelector: Equatable, Sendable {
    /// What the position is measured by.
    package enum Mark: Equatable, Sendable {
        /// An opaque offset; `-1` stands before the first event and `@latest` behind the last.
        case offset(String)
        case sequenceNumber(Int64)
        /// Milliseconds since 1970
        case enqueuedTime(Int64)
    }

    package var mark: Mark
    package var isInclusive: Bool

    package init(mark: Mark, isInclusive: Bool) {
        self.mark = mark
        self.isInclusive = isInclusive
    }

    /// The start of what is retained: where a receiver without a filter begins.
    package static let earliest = PositionSelector(mark: .offset("-1"), isInclusive: false)

    /// The longest selector that is looked at.
    private static let maximumLength = 1024

    package init(parsing text: String) throws(ServiceError) {
        guard text.utf8.count <= Self.maximumLength else { throw Self.unreadable("of \(text.utf8.count) bytes") }
        let prefix = "amqp.annotation."
        var rest = text.trimmed
        guard rest.lowercased().hasPrefix(prefix) else { throw Self.unreadable(text) }
        rest = rest.dropFirst(prefix.count)
        let name = rest.prefix { $0 != ">" && !$0.isBlank }.lowercased()
        rest = rest.dropFirst(name.count).trimmed
        guard rest.first == ">" else { throw Self.unreadable(text) }
        rest = rest.dropFirst()
        isInclusive = rest.first == "="
        if isInclusive { rest = rest.dropFirst() }
        guard let value = Self.unquoted(rest.trimmed), !value.isEmpty else { throw Self.unreadable(text) }
        switch name {
        case "x-opt-offset":
            mark = .offset(value)
        case "x-opt-sequence-number":
            guard let number = Int64(value) else { throw Self.unreadable(text) }
            mark = .sequenceNumber(number)
        case "x-opt-enqueued-time", "x-opt-enqueuedtimeutc":
            guard let time = Int64(value) else { throw Self.unreadable(text) }
            mark = .enqueuedTime(time)
        default:
            throw Self.unreadable(text)
        }
    }

    /// The text between matching quotes, or the bare word; nil when quotes do not match.
    private static func unquoted(_ text: Substring) -> String? {
        guard let first = text.first else { return nil }
        if first == "'" || first == "\"" {
            guard text.count >= 2, text.last == first else { return nil }
            let inner = text.dropFirst().dropLast()
            return inner.contains(first) ? nil : String(inner)
        }
        return text.contains { $0.isBlank || $0 == "'" || $0 == "\"" } ? nil : String(text)
    }

    private static func unreadable(_ text: String) -> ServiceError {
        ServiceError(.argumentError, "The supplied filter expression '\(text)' is invalid.")
    }
}

extension Character {
    fileprivate var isBlank: Bool { self == " " || self == "\t" }
}

extension StringProtocol where SubSequence == Substring {
    fileprivate var trimmed: Substring {
        var rest = self[...]
        while rest.first?.isBlank == true { rest = rest.dropFirst() }
        while rest.last?.isBlank == true { rest = rest.dropLast() }
        return rest
    }
}
