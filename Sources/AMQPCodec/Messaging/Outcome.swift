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

/// How a delivery ended: the terminal delivery states.
public enum Outcome: Sendable, Hashable {
    /// The message was processed.
    case accepted
    /// The message is invalid and was not processed.
    case rejected(AMQPErrorInfo?)
    /// The message was not and will not be processed.
    case released
    /// The message was not processed and is to be changed before it is sent again.
    case modified(DeliveryState.Modified)

    /// The same as a delivery state.
    public var state: DeliveryState {
        switch self {
        case .accepted: .accepted
        case .rejected(let error): .rejected(error)
        case .released: .released
        case .modified(let modified): .modified(modified)
        }
    }
}

extension DeliveryState {
    /// The outcome, if the state is terminal.
    public var outcome: Outcome? {
        switch self {
        case .accepted: .accepted
        case .rejected(let error): .rejected(error)
        case .released: .released
        case .modified(let modified): .modified(modified)
        case .received, .unknown: nil
        }
    }
}
