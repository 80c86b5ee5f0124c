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

/// The fields of an HTTP message, in their order; names are compared without regard to case.
package struct HTTPFields: Sendable, Hashable {
    package struct Field: Sendable, Hashable {
        package let name: String
        package let value: String
    }

    package private(set) var all: [Field] = []

    package init() {}

    package mutating func add(_ name: String, _ value: String) {
        all.append(Field(name: name, value: value))
    }

    /// The values of every field with this name.
    package func values(of name: String) -> [String] {
        let name = name.lowercased()
        return all.lazy.filter { $0.name.lowercased() == name }.map(\.value)
    }

    /// The value of a field that may be there once; nil when it is missing, or there more than once.
    package func value(of name: String) -> String? {
        let values = values(of: name)
        return values.count == 1 ? values[0] : nil
    }

    /// The members of a field whose value is a list with commas (RFC 9110, section 5.6.1).
    package func list(of name: String) -> [String] {
        values(of: name).flatMap { $0.split(separator: ",") }.map { $0.trimmingBlanks() }.filter { !$0.isEmpty }
    }

    /// Whether such a list has `member`, in any case.
    package func list(of name: String, contains member: String) -> Bool {
        let member = member.lowercased()
        return list(of: name).contains { $0.lowercased() == member }
    }
}

extension StringProtocol {
    /// Without the blanks and tabs at both ends.
    func trimmingBlanks() -> String {
        var rest = Substring(self)
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return String(rest)
    }
}
