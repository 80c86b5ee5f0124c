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

/// Writes XML, escaping what has to be.
struct XMLText {
    /// Bodies begin with a byte order mark, as those of the service do.
    private(set) var text = "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>"

    mutating func open(_ name: String, attributes: [(String, String)] = []) {
        text += "<\(name)"
        for (attribute, value) in attributes { text += " \(attribute)=\"\(Self.escape(value))\"" }
        text += ">"
    }

    mutating func close(_ name: String) {
        text += "</\(name)>"
    }

    /// Characters between two tags.
    mutating func text(_ value: String) {
        text += Self.escape(value)
    }

    mutating func element(_ name: String, _ value: String) {
        if value.isEmpty {
            text += "<\(name) />"
        } else {
            text += "<\(name)>\(Self.escape(value))</\(name)>"
        }
    }

    /// The name of a blob; characters that XML cannot hold make it percent-encoded as a whole.
    mutating func name(_ name: String) {
        if name.unicodeScalars.allSatisfy(Self.isAllowed) {
            element("Name", name)
        } else {
            text += "<Name Encoded=\"true\">\(PercentCoding.encode(name))</Name>"
        }
    }

    private static func escape(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case _ where !isAllowed(scalar): escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
