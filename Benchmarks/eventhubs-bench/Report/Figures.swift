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

/// How numbers are written in tables and plots.
enum Figures {
    /// Three significant digits, thousands and millions abbreviated: `12.3 M`, `940 k`, `0.0512`.
    static func short(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        let size = abs(value)
        switch size {
        case 999_500...: return digits(value / 1e6) + " M"
        case 9_995...: return digits(value / 1e3) + " k"
        default: return digits(value)
        }
    }

    /// Three significant digits, never fewer than the whole part has.
    static func digits(_ value: Double) -> String {
        let size = abs(value)
        let decimals =
            switch size {
            case 0: 0
            case 99.95...: 0
            case 9.995...: 1
            case 0.9995...: 2
            case 0.09995...: 3
            default: 4
            }
        return String(format: "%.\(decimals)f", value)
    }

    /// `median (min–max)`, or a dash.
    static func spread(_ spread: Spread?, _ format: (Double) -> String = short) -> String {
        guard let spread else { return "-" }
        guard spread.min < spread.max else { return format(spread.median) }
        return "\(format(spread.median)) (\(format(spread.min))–\(format(spread.max)))"
    }
}
