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

/// Maps values to places on an axis, and finds round values to write beside it.
enum PlotScale: Hashable, Sendable {
    /// From zero, or from the lowest value when that is negative.
    case linear
    /// Equal factors are equally far apart.
    case logarithmic

    /// Where the axis begins and ends so that `values` lie on it, and the values to mark.
    ///
    /// Values that have no place on the scale (zero and below on a logarithmic one) are left out.
    func axis(for values: [Double]) -> Axis {
        switch self {
        case .linear: Self.linearAxis(values.filter(\.isFinite))
        case .logarithmic: Self.logarithmicAxis(values.filter { $0.isFinite && $0 > 0 })
        }
    }

    /// An axis with its marks.
    struct Axis: Hashable, Sendable {
        var scale: PlotScale
        var lower: Double
        var upper: Double
        var ticks: [Double]

        /// The place of `value`, 0 at the lower end and 1 at the upper; beyond the ends it is held at them.
        func position(of value: Double) -> Double {
            let place =
                switch scale {
                case .linear: (value - lower) / (upper - lower)
                case .logarithmic: value > 0 ? (log(value) - log(lower)) / (log(upper) - log(lower)) : 0
                }
            return min(max(place, 0), 1)
        }
    }

    private static func linearAxis(_ values: [Double]) -> Axis {
        let lowest = min(values.min() ?? 0, 0)
        let highest = max(values.max() ?? 1, lowest)
        let span = highest > lowest ? highest - lowest : 1
        let step = roundStep(span / 5)
        let lower = (lowest / step).rounded(.down) * step
        let upper = ((lowest + span) / step).rounded(.up) * step
        let count = Int(((upper - lower) / step).rounded())
        return Axis(
            scale: .linear,
            lower: lower,
            upper: upper,
            ticks: (0...count).map { lower + Double($0) * step }
        )
    }

    /// The smallest of 1, 2, 5 times a power of ten that is not below `value`.
    static func roundStep(_ value: Double) -> Double {
        let power = pow(10, log10(value).rounded(.down))
        let factor = [1.0, 2, 5].first { $0 * power >= value * 0.999_999 } ?? 10
        return factor * power
    }

    private static func logarithmicAxis(_ values: [Double]) -> Axis {
        let lowest = values.min() ?? 1
        let highest = values.max() ?? 10
        // Whole decades are too coarse for a narrow range: there, 1, 2, 5 are marked.
        let isWide = highest / lowest > 300
        let candidates = (-12...15).flatMap { exponent in
            (isWide ? [1.0] : [1, 2, 5]).map { $0 * pow(10, Double(exponent)) }
        }
        let lower = candidates.last { $0 <= lowest * 1.000_001 } ?? lowest
        let upper = candidates.first { $0 >= highest * 0.999_999 && $0 > lower } ?? highest
        return Axis(
            scale: .logarithmic,
            lower: lower,
            upper: upper,
            ticks: candidates.filter { $0 >= lower && $0 <= upper }
        )
    }
}
