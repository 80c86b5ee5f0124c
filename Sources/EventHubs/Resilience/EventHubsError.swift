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

/// What went wrong with an event hub, in a form a program can act on.
///
/// Decide by ``code`` and ``isTransient``; ``message`` is for people. Keys, tokens and signatures never stand in it.
public struct EventHubsError: Error, Sendable {
    /// What kind of failure it is.
    @nonexhaustive
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The connection string lacks something, or contradicts itself or the arguments beside it.
        case invalidConnectionString
        /// An argument is out of range, or the service says that it is.
        case invalidArgument
        /// The start position lies outside the partition's stream.
        case invalidPosition
        /// The credential was refused, or does not allow the operation.
        case unauthorized
        /// No such event hub, consumer group or partition.
        case notFound
        /// There is one of that name already.
        case alreadyExists
        /// The event hub is disabled.
        case entityDisabled
        /// The service is throttling: wait (4 seconds at least) before trying again.
        case serverBusy
        /// Nobody answered in time, or the service gave up on time.
        case timeout
        /// The calling task was cancelled.
        case cancelled
        /// The operation was cancelled inside the service.
        case operationCancelled
        /// The connection could not be made or was lost.
        case connectionLost
        /// The service detached the link (idle, upgrade, partition moved).
        case linkDetached
        /// Another receiver with the same or a higher owner level took the partition over.
        case ownershipLost
        /// A quota is used up, for example five receivers on one partition.
        case quotaExceeded
        /// The event or batch is larger than the service takes.
        case messageTooLarge
        /// A newer producer fenced this one off.
        case producerFenced
        /// Idempotent publishing found a gap in the sequence of events.
        case outOfOrderSequence
        /// The service forbids the operation here.
        case notAllowed
        /// The service does not know the operation.
        case notImplemented
        /// A precondition of the operation did not hold.
        case preconditionFailed
        /// The service rejected, released or modified what was sent.
        case rejected
        /// The service failed inside.
        case internalError
        /// One of both sides broke the protocol.
        case protocolViolation
        /// The answer could not be understood.
        case invalidResponse
        /// The client object has been closed.
        case closed
        /// Something this version has no name for.
        case unknown
    }

    /// What kind of failure it is.
    public let code: Code

    /// Whether trying again later can succeed without anybody changing anything.
    public let isTransient: Bool

    /// What happened and what to do about it, for people.
    public let message: String

    /// The event hub concerned.
    public internal(set) var eventHub: String?

    /// The partition concerned.
    public internal(set) var partition: PartitionID?

    /// The AMQP condition the service gave, if it was the service that failed.
    public let condition: ErrorCondition?

    /// What Microsoft's support asks for: the service's identifier of the failure.
    public let trackingID: String?

    /// What else it asks for, where the service tells: its reference of the place of the failure.
    public let reference: String?

    /// What caused it.
    public let underlying: (any Error)?

    /// How and when to try again.
    package let retryAdvice: RetryAdvice

    /// What has to be made anew before trying again.
    package let recoveryScope: RecoveryScope

    package init(
        _ code: Code,
        _ message: String,
        retryAdvice: RetryAdvice = .never,
        recoveryScope: RecoveryScope = .nothing,
        eventHub: String? = nil,
        partition: PartitionID? = nil,
        condition: ErrorCondition? = nil,
        trackingID: String? = nil,
        reference: String? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.retryAdvice = retryAdvice
        self.recoveryScope = recoveryScope
        isTransient = retryAdvice.isTransient
        self.eventHub = eventHub
        self.partition = partition
        self.condition = condition
        self.trackingID = trackingID
        self.reference = reference
        self.underlying = underlying
    }
}

extension EventHubsError: Equatable {
    /// Errors are equal when their codes are.
    public static func == (left: EventHubsError, right: EventHubsError) -> Bool { left.code == right.code }
}

extension EventHubsError: CustomStringConvertible {
    /// Code, place, message and tracking identifier.
    public var description: String {
        var text = code.rawValue
        if let eventHub { text += " (event hub '\(eventHub)'\(partition.map { ", partition \($0)" } ?? ""))" }
        text += ": \(message)"
        if let condition, !message.contains(condition.rawValue) { text += " [\(condition.rawValue)]" }
        if let trackingID, !message.contains(trackingID) { text += " [tracking id \(trackingID)]" }
        return text
    }
}

extension EventHubsError {
    /// The same error, said of an event hub and, if one is given, of a partition.
    package func about(_ eventHub: String, _ partition: PartitionID? = nil) -> EventHubsError {
        var copy = self
        copy.eventHub = copy.eventHub ?? eventHub
        copy.partition = copy.partition ?? partition
        return copy
    }
}
