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

import Foundation

/// Reads fixture files: blocks of comment lines and hexadecimal lines, separated by empty lines.
package enum FixtureFile {
    /// Why a fixture file cannot be used.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    /// The directory `Fixtures` at the top of the repository.
    package static var directory: String {
        let levels = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return levels.dropLast(4).joined(separator: "/") + "/Fixtures"
    }

    /// The blocks of a file, for example `Frames/specification.hex`.
    package static func load(_ path: String) throws -> [Fixture] {
        let text = try String(contentsOfFile: self.directory + "/" + path, encoding: .utf8)
        return try self.parse(text)
    }

    /// The block of a file with a name.
    package static func load(_ path: String, named name: String) throws -> Fixture {
        guard let fixture = try self.load(path).first(where: { $0.name == name }) else {
            throw Failure(description: "\(path) has no block named \(name)")
        }
        return fixture
    }

    /// Parses the text of a file; a block without bytes is a remark on the whole file.
    package static func parse(_ text: String) throws -> [Fixture] {
        var fixtures: [Fixture] = []
        var comments: [String] = []
        var hexadecimal = ""
        func finishBlock() throws {
            defer {
                comments = []
                hexadecimal = ""
            }
            if hexadecimal.isEmpty { return }
            guard let bytes = self.bytes(hexadecimal) else {
                throw Failure(description: "block \(comments.first ?? "?") is not hexadecimal")
            }
            let comment = comments.dropFirst().joined(separator: " ")
            fixtures.append(Fixture(name: comments.first ?? "", comment: comment, bytes: bytes))
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty {
                try finishBlock()
            } else if line.hasPrefix("#") {
                comments.append(line.dropFirst().trimmingCharacters(in: .whitespaces))
            } else {
                hexadecimal += line.filter { !$0.isWhitespace }
            }
        }
        try finishBlock()
        return fixtures
    }

    /// The bytes of hexadecimal text; nil when it is none. Spaces mean nothing.
    package static func bytes(_ hexadecimal: String) -> [UInt8]? {
        let digits = hexadecimal.filter { !$0.isWhitespace }.map(\.hexDigitValue)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(UInt8(high * 16 + low))
        }
        return bytes
    }
}
