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

/// Writes the few shapes that plots need. Coordinates have one decimal, text is escaped.
struct SVGWriter {
    private(set) var document = ""

    /// How many colours there are for lines; they can be told apart by people who see few colours.
    static let colourCount = 6

    /// The look: neutral text and grid, and one class a line colour, for light and for dark pages.
    static let style = """
        .plot { --text: #1f2328; --muted: #59636e; --grid: #e4e7eb; --page: #ffffff;
          --c0: #6e7781; --c1: #0969da; --c2: #bc4c00; --c3: #1a7f5a; --c4: #8250df; --c5: #bf3989; }
        @media (prefers-color-scheme: dark) {
          .plot { --text: #e6edf3; --muted: #9198a1; --grid: #2f353d; --page: #0d1117;
            --c0: #9198a1; --c1: #58a6ff; --c2: #f0883e; --c3: #3fb988; --c4: #bc8cff; --c5: #f778ba; }
        }
        .plot text { font: 12px system-ui, sans-serif; fill: var(--text); }
        .plot .title { font-size: 15px; font-weight: 600; }
        .plot .label, .plot .tick { fill: var(--muted); }
        .plot .middle { text-anchor: middle; } .plot .end { text-anchor: end; }
        .plot .grid { stroke: var(--grid); } .plot .axis { stroke: var(--muted); }
        .plot .line { fill: none; stroke-width: 2; } .plot .whisker { stroke-width: 1; opacity: 0.7; }
        \((0..<colourCount).map { ".plot .c\($0) { stroke: var(--c\($0)); } .plot .dot.c\($0) { fill: var(--c\($0)); }" }
            .joined(separator: "\n"))
        """

    mutating func open(width: Double, height: Double, title: String) {
        document += """
            <svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 \(number(width)) \(number(height))" \
            role="img" aria-label="\(Self.escaped(title))">
            <style>
            \(Self.style)
            </style>
            <rect width="100%" height="100%" style="fill: var(--page)"/>

            """
    }

    mutating func close() { document += "</svg>\n" }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, class name: String) {
        document += "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\""
        document += " class=\"\(name)\"/>\n"
    }

    mutating func text(_ text: String, x: Double, y: Double, class name: String) {
        document += "<text x=\"\(number(x))\" y=\"\(number(y))\" class=\"\(name)\">\(Self.escaped(text))</text>\n"
    }

    /// A dot that tells `title` when the pointer rests on it.
    mutating func dot(_ x: Double, _ y: Double, class name: String, title: String) {
        document += "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"3.5\" class=\"\(name)\">"
        document += "<title>\(Self.escaped(title))</title></circle>\n"
    }

    /// A line through `points`; nothing for fewer than two.
    mutating func path(_ points: [(Double, Double)], class name: String) {
        guard points.count > 1 else { return }
        let steps = points.map { "\(number($0.0)) \(number($0.1))" }.joined(separator: " L ")
        document += "<path d=\"M \(steps)\" class=\"\(name)\"/>\n"
    }

    /// Text that cannot end an element or an attribute.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }

    private func number(_ value: Double) -> String {
        let text = String(format: "%.1f", value)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
