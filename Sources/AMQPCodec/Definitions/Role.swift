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

/// Which end of a link a peer is (AMQP 1.0 part 2, section 2.8.1).
public enum Role: Sendable, Hashable {
    /// The end that sends deliveries.
    case sender
    /// The end that receives deliveries.
    case receiver

    /// The other end.
    public var opposite: Role {
        switch self {
        case .sender: .receiver
        case .receiver: .sender
        }
    }

    /// The boolean that stands for the role on the wire.
    package var isReceiver: Bool { self == .receiver }

    package init(isReceiver: Bool) {
        self = isReceiver ? .receiver : .sender
    }
}
