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

import Testing

@testable import eventhubs_bench

@Suite struct PlotScaleTests {
    @Test func aLinearAxisBeginsAtZeroAndEndsRound() {
        let axis = PlotScale.linear.axis(for: [3, 87])
        #expect(axis.lower == 0)
        #expect(axis.upper == 100)
        #expect(axis.ticks == [0, 20, 40, 60, 80, 100])
        #expect(axis.position(of: 25) == 0.25)
    }

    @Test func aLinearAxisHoldsNegativeValues() {
        let axis = PlotScale.linear.axis(for: [-3, 6])
        #expect(axis.lower <= -3)
        #expect(axis.upper >= 6)
        #expect(axis.ticks.contains(0))
    }

    @Test(arguments: [(0.9, 1.0), (1.1, 2), (2, 2), (3, 5), (7, 10), (120, 200), (0.003, 0.005)])
    func stepsAreRound(value: Double, step: Double) {
        #expect(abs(PlotScale.roundStep(value) / step - 1) < 1e-9)
    }

    @Test func aNarrowLogarithmicAxisMarksOneTwoFive() {
        let axis = PlotScale.logarithmic.axis(for: [3, 42])
        #expect(axis.ticks == [2, 5, 10, 20, 50])
        #expect((axis.lower, axis.upper) == (2, 50))
    }

    @Test func aWideLogarithmicAxisMarksDecades() {
        let axis = PlotScale.logarithmic.axis(for: [2_000, 9_000_000])
        #expect(axis.ticks == [1_000, 10_000, 100_000, 1_000_000, 10_000_000])
        #expect(abs(axis.position(of: 100_000) - 0.5) < 1e-9)
    }

    @Test func valuesWithoutALogarithmAreLeftOut() {
        #expect(PlotScale.logarithmic.axis(for: [0, -4, 10, 20]).lower == 10)
        #expect(PlotScale.logarithmic.axis(for: [10, 20]).position(of: 0) == 0)
    }

    @Test(arguments: [PlotScale.linear, .logarithmic])
    func nothingAndOneValueHaveAnAxisToo(scale: PlotScale) {
        for values in [[], [7.0], [0], [.nan]] {
            let axis = scale.axis(for: values)
            #expect(axis.upper > axis.lower)
            #expect(axis.ticks.count >= 2)
        }
    }
}
