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

/// Lines over labelled points, with whiskers from the lowest to the highest repeat.
struct Plot: Sendable {
    struct Line: Sendable {
        var name: String
        /// One value for each point; nil where nothing was measured.
        var values: [Spread?]
    }

    var title: String
    /// What the points are, for example `body`.
    var pointsTitle: String
    /// What the values are, with their unit.
    var valuesTitle: String
    var points: [String]
    var lines: [Line]
    var scale = PlotScale.logarithmic

    static let width = 640.0
    static let height = 380.0
    private static let frame = (left: 70.0, right: 624.0, top: 56.0, bottom: 330.0)

    /// The plot as an SVG document. Colours follow the reader's light or dark scheme.
    var svg: String {
        var svg = SVGWriter()
        svg.open(width: Self.width, height: Self.height, title: title)
        svg.text(title, x: 16, y: 24, class: "title")
        let axis = scale.axis(for: lines.flatMap { $0.values.compactMap(\.self).flatMap { [$0.min, $0.max] } })
        drawAxes(axis, into: &svg)
        for (number, line) in lines.enumerated() { draw(line, number, axis, into: &svg) }
        drawLegend(into: &svg)
        svg.close()
        return svg.document
    }

    private func x(_ point: Int) -> Double {
        let slot = (Self.frame.right - Self.frame.left) / Double(max(points.count, 1))
        return Self.frame.left + slot * (Double(point) + 0.5)
    }

    private func y(_ value: Double, _ axis: PlotScale.Axis) -> Double {
        Self.frame.bottom - axis.position(of: value) * (Self.frame.bottom - Self.frame.top)
    }

    private func drawAxes(_ axis: PlotScale.Axis, into svg: inout SVGWriter) {
        for tick in axis.ticks {
            let height = y(tick, axis)
            svg.line(Self.frame.left, height, Self.frame.right, height, class: "grid")
            svg.text(Figures.short(tick), x: Self.frame.left - 8, y: height + 4, class: "tick end")
        }
        svg.line(Self.frame.left, Self.frame.bottom, Self.frame.right, Self.frame.bottom, class: "axis")
        for (number, point) in points.enumerated() {
            svg.line(x(number), Self.frame.bottom, x(number), Self.frame.bottom + 5, class: "axis")
            svg.text(point, x: x(number), y: Self.frame.bottom + 20, class: "tick middle")
        }
        svg.text(
            pointsTitle,
            x: (Self.frame.left + Self.frame.right) / 2,
            y: Self.frame.bottom + 40,
            class: "label middle"
        )
        svg.text(valuesTitle, x: 16, y: 44, class: "label")
    }

    private func draw(_ line: Line, _ number: Int, _ axis: PlotScale.Axis, into svg: inout SVGWriter) {
        let colour = "c\(number % SVGWriter.colourCount)"
        var run: [(Double, Double)] = []
        for (point, value) in line.values.enumerated() {
            guard let value else {
                svg.path(run, class: "line \(colour)")
                run = []
                continue
            }
            // Contenders at one point stand side by side, or their whiskers would hide each other.
            let place = x(point) + (Double(number) - Double(lines.count - 1) / 2) * 5
            run.append((place, y(value.median, axis)))
            let (low, high) = (y(value.min, axis), y(value.max, axis))
            guard low - high > 1 else { continue }
            svg.line(place, low, place, high, class: "whisker \(colour)")
            svg.line(place - 3, low, place + 3, low, class: "whisker \(colour)")
            svg.line(place - 3, high, place + 3, high, class: "whisker \(colour)")
        }
        svg.path(run, class: "line \(colour)")
        for (point, value) in line.values.enumerated() {
            guard let value else { continue }
            let place = x(point) + (Double(number) - Double(lines.count - 1) / 2) * 5
            svg.dot(
                place,
                y(value.median, axis),
                class: "dot \(colour)",
                title: "\(line.name), \(points[point]): \(Figures.spread(value))"
            )
        }
    }

    private func drawLegend(into svg: inout SVGWriter) {
        // From the right, so that the axis title on the left stays free.
        var right = Self.frame.right
        for (number, line) in lines.enumerated().reversed() {
            svg.text(line.name, x: right, y: 44, class: "label end")
            right -= Double(line.name.count) * 6.4 + 10
            svg.dot(right, 40, class: "dot c\(number % SVGWriter.colourCount)", title: line.name)
            right -= 14
        }
    }
}

extension Series {
    /// A plot of one metric over the series' points; nil when no row has it.
    func plot(_ metric: Metric, title: String, valuesTitle: String, scale: PlotScale = .logarithmic) -> Plot? {
        let lines = contenders.compactMap { contender -> Plot.Line? in
            let values = points.map { row(contender, at: $0)?[metric] }
            return values.contains { $0 != nil } ? Plot.Line(name: contender, values: values) : nil
        }
        guard !lines.isEmpty, points.count > 1 else { return nil }
        return Plot(
            title: title,
            pointsTitle: axis,
            valuesTitle: valuesTitle,
            points: points,
            lines: lines,
            scale: scale
        )
    }
}
