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

/// A promise that a store has not kept.
public struct StoreContractViolation: Error, CustomStringConvertible {
    /// The promise.
    public let check: StoreContract.Check
    /// What the store did instead.
    public let message: String

    /// The promise and what was done instead, for the test's output.
    public var description: String { "\(check): \(message)" }
}
