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
import Testing

@testable import eventhubs_bench

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct PlotTests {
    private let plot = Plot(
        title: "A <title> & \"more\"",
        pointsTitle: "body",
        valuesTitle: "events/s",
        points: ["100 B", "1 KiB"],
        lines: [
            .init(
                name: "drain",
                values: [Spread(median: 10, min: 8, max: 12), Spread(median: 100, min: 100, max: 100)]
            ),
            .init(name: "receive", values: [Spread(median: 20, min: 20, max: 20), nil]),
        ]
    )

    @Test func itIsWellFormed() throws {
        let document = try XMLDocument(xmlString: plot.svg)
        #expect(document.rootElement()?.name == "svg")
    }

    @Test func labelsStandInIt() throws {
        let texts = try XMLDocument(xmlString: plot.svg).nodes(forXPath: "//*[local-name()='text']")
            .compactMap(\.stringValue)
        for text in ["A <title> & \"more\"", "body", "events/s", "100 B", "1 KiB", "drain", "receive"] {
            #expect(texts.contains(text), "\(text)")
        }
    }

    /// A dot for each value and one for each name in the legend; a whisker only where repeats differ; no line to a gap.
    @Test func whatIsMeasuredIsDrawn() throws {
        let document = try XMLDocument(xmlString: plot.svg)
        #expect(try document.nodes(forXPath: "//*[local-name()='circle']").count == 3 + 2)
        #expect(try document.nodes(forXPath: "//*[contains(@class,'whisker')]").count == 3)
        #expect(try document.nodes(forXPath: "//*[local-name()='path']").count == 1)
    }

    @Test func everythingLiesInside() throws {
        let document = try XMLDocument(xmlString: plot.svg)
        func numbers(_ name: String) throws -> [Double] {
            try document.nodes(forXPath: "//*[local-name()='circle']/@\(name)").compactMap { node in
                node.stringValue.flatMap(Double.init)
            }
        }
        #expect(try numbers("cx").count == 5)
        #expect(try numbers("cx").allSatisfy((0...Plot.width).contains))
        #expect(try numbers("cy").count == 5)
        #expect(try numbers("cy").allSatisfy((0...Plot.height).contains))
    }
}
