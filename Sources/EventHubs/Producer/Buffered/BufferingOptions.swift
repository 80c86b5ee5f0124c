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

/// How a ``BufferedEventHubProducer`` gathers events and how much it holds. All limits are per partition.
public struct BufferingOptions: Sendable, Hashable {
    /// How long an event waits for others to share its batch. Zero sends as soon as a send may begin: batches then form
    /// only while others are under way.
    public var maximumWait: Duration

    /// How many events a batch may have; nil means as many as fit.
    public var maximumBatchCount: Int?

    /// How many bytes a batch may have; nil means 1 MiB. Never more than the service takes.
    public var maximumBatchSize: Int?

    /// How many events may be held, those under way included, before enqueuing waits.
    public var maximumBufferedCount: Int

    /// Enqueuing waits while this many bytes or more are held, those under way included. Nil means as many as keep sends going:
    /// a full batch for each that may be under way and one to be filled, which is 2 MiB unless told otherwise. More takes in
    /// longer bursts, and makes events of a constant stream wait longer.
    public var maximumBufferedBytes: Int?

    /// How many batches of one partition may be under way at once. Only 1 keeps the order of a partition's events when a
    /// batch has to be sent again.
    public var maximumConcurrentSends: Int

    /// How long the end of a scope, or of ``BufferedEventHubProducer/run()``, waits for what is held.
    public var closeDeadline: Duration

    /// Options.
    /// - Parameters:
    ///   - maximumWait: how long an event waits for others.
    ///   - maximumBatchCount: how many events a batch may have; nil means as many as fit.
    ///   - maximumBatchSize: how many bytes a batch may have; nil means 1 MiB.
    ///   - maximumBufferedCount: how many events may be held before enqueuing waits.
    ///   - maximumBufferedBytes: how many bytes may be held before enqueuing waits; nil means full batches for all that may be
    ///     under way, and one more.
    ///   - maximumConcurrentSends: how many batches of one partition may be under way at once.
    ///   - closeDeadline: how long the end of a scope waits for what is held.
    public init(
        maximumWait: Duration = .seconds(1),
        maximumBatchCount: Int? = nil,
        maximumBatchSize: Int? = nil,
        maximumBufferedCount: Int = 65_536,
        maximumBufferedBytes: Int? = nil,
        maximumConcurrentSends: Int = 1,
        closeDeadline: Duration = .seconds(30)
    ) {
        self.maximumWait = maximumWait
        self.maximumBatchCount = maximumBatchCount
        self.maximumBatchSize = maximumBatchSize
        self.maximumBufferedCount = maximumBufferedCount
        self.maximumBufferedBytes = maximumBufferedBytes
        self.maximumConcurrentSends = maximumConcurrentSends
        self.closeDeadline = closeDeadline
    }
}
