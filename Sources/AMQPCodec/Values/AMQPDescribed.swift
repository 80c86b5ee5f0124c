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

/// A value together with the descriptor that gives it a meaning (AMQP 1.0 part 1, section 1.2.2).
public struct AMQPDescribed: Sendable, Hashable {
    /// What the value means: a symbol or an unsigned long in practice, any value in principle.
    public var descriptor: AMQPValue

    /// The described value.
    public var value: AMQPValue

    /// Makes a described value.
    public init(descriptor: AMQPValue, value: AMQPValue) {
        self.descriptor = descriptor
        self.value = value
    }
}
