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

/// What a partition of an emulated hub holds at one moment.
public struct EmulatorPartition: Sendable, Hashable {
    /// The partition's id.
    public var id: String
    /// How many events are retained.
    public var eventCount: Int64
    /// The sequence number of the first retained event, or of the next to come when there is none.
    public var firstSequenceNumber: Int64
    /// The sequence number of the last event, −1 when there never was one.
    public var lastSequenceNumber: Int64
    /// The bytes that the retained events take.
    public var retainedBytes: Int
    /// Who reads the partition.
    public var receivers: [EmulatorReceiver]
}

/// A receiver that is open on a partition.
public struct EmulatorReceiver: Sendable, Hashable {
    /// The consumer group it reads through.
    public var consumerGroup: String
    /// The name the client gave it, if any.
    public var name: String?
    /// Its owner level, if it has one.
    public var ownerLevel: Int64?
}
