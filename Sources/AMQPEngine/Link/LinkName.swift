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

/// What makes a link unique between two containers: its name and its direction (AMQP 1.0, part 2, section 2.6.1).
struct LinkName: Hashable, Sendable {
    var name: String
    /// Whether we send on it.
    var isSender: Bool
}
