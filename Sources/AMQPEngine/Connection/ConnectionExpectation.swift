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

/// What the next bytes from the peer have to be.
enum ConnectionExpectation: Equatable, Sendable {
    case protocolHeader
    case saslFrame
    case amqpFrame
    /// Nothing may be read until the application has decided about the credentials.
    case decision
    /// Whatever comes is dropped.
    case nothing
}
