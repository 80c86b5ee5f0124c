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

/// What repeats of one measurement came to: the middle one, and how far they lie apart.
struct Spread: Codable, Hashable, Sendable {
    var median: Double
    var min: Double
    var max: Double

    /// The spread of `values`; nil when there is none, or one of them is no number.
    init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last, values.allSatisfy(\.isFinite) else { return nil }
        let middle = sorted.count / 2
        median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
        (min, max) = (first, last)
    }
}
