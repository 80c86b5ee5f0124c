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

/// How much the service has throttled a client: it answered `com.microsoft:server-busy`, and the client waited.
public struct Throttling: Sendable, Hashable {
    /// How many times.
    public internal(set) var count = 0

    /// How long the client has waited for it altogether, or is about to.
    public internal(set) var totalWait: Duration = .zero

    /// How long the last wait is.
    public internal(set) var lastWait: Duration = .zero

    /// Never.
    public init() {}
}
