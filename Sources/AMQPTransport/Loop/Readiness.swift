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

/// What a descriptor is watched for.
package struct Interest: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let readable = Interest(rawValue: 1)
    package static let writable = Interest(rawValue: 2)
}

/// What a descriptor is ready for.
package struct Readiness: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let readable = Readiness(rawValue: 1)
    package static let writable = Readiness(rawValue: 2)
    /// An error or a hang-up: reading tells which.
    package static let hangup = Readiness(rawValue: 4)
}

/// Who watches a descriptor; called on the loop.
package protocol ReadinessHandler: AnyObject {
    func isReady(_ readiness: Readiness)
}

/// Who has something to do after all jobs and events of a turn, such as writing what they produced.
package protocol EndOfTurnHandler: AnyObject {
    func turnEnded()
}

/// Names one registration of a descriptor with a loop.
package struct LoopRegistration: Sendable, Hashable {
    let index: Int
    let generation: UInt32
}
