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

/// What an end does while protocol headers are exchanged.
enum HeaderPolicy: Equatable, Sendable {
    /// - Parameters:
    ///   - credentials: what to authenticate with, best first; empty: no SASL layer.
    ///   - pipelinesOpen: send `open` right behind the AMQP header, without waiting for the peer's.
    case client(credentials: [SASLCredentials], pipelinesOpen: Bool)

    /// - Parameters:
    ///   - mechanisms: what to offer; empty: no SASL layer.
    ///   - requiresSASL: turn away clients that begin with the AMQP header.
    ///   - pipelinesOpen: send `open` right behind the AMQP header, without waiting for the client's.
    case server(mechanisms: [SASLMechanism], requiresSASL: Bool, pipelinesOpen: Bool)
}
