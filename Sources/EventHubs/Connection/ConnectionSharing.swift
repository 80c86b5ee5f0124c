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

/// How many connections the links of a client share.
public enum ConnectionSharing: Sendable, Hashable {
    /// One for all: the least that the service has to hold open, and enough for most.
    case shared
    /// One for each partition, and one for what belongs to none: more bytes per second where one connection or one core
    /// is the limit, and a fault takes one partition with it at most.
    case perPartition
}
