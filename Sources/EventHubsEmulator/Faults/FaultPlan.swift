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

/// What goes wrong in an emulator, so that a client can show what it does then.
///
/// Faults are asked in their order, each time something happens that they could strike; the first that strikes decides, and those
/// behind it do not count this time. `"send times=3: reject com.microsoft:server-busy; send: drop"` rejects three events
/// and drops the connection at the fourth. ``init(_:)`` reads such a text.
public struct FaultPlan: Sendable, Hashable {
    /// The faults, in the order in which they are asked.
    public var faults: [Fault]
    /// What decides whether a fault with a ``Fault/chance`` strikes.
    public var seed: UInt64

    /// Makes a plan of faults.
    public init(_ faults: [Fault] = [], seed: UInt64 = 0) {
        self.faults = faults
        self.seed = seed
    }

    func validate() throws(EmulatorError) {
        for (index, fault) in faults.enumerated() {
            guard let flaw = fault.flaw else { continue }
            throw EmulatorError(.invalidConfiguration, "fault \(index + 1) of the plan cannot be: \(flaw)")
        }
    }
}

/// Why a text is no fault plan, and where.
public struct FaultPlanError: Error, Sendable, Hashable {
    /// What is wrong, for people.
    public var message: String
    /// The line it is in, from 1.
    public var line: Int
    /// The character of the line at which it begins, from 1.
    public var column: Int
    /// The line.
    public var text: String

    init(_ message: String, line: Int, column: Int, text: String) {
        self.message = message
        self.line = line
        self.column = column
        self.text = text
    }
}

extension FaultPlanError: CustomStringConvertible {
    /// What is wrong, the line, and a mark below the place.
    public var description: String {
        "the fault plan is wrong in line \(line), character \(column): \(message)\n\(text)\n"
            + String(repeating: " ", count: column - 1) + "^"
    }
}
