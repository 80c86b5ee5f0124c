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

/// What went wrong in a host, or with one of its partitions.
public struct EventProcessorError: Error, Sendable {
    /// What kind of failure this is: the part of the error that programs decide by.
    @nonexhaustive
    public enum Code: Hashable, Sendable {
        /// The partition belongs to another host now: the checkpoint was refused.
        case leaseLost
        /// The processor this context was made for has been closed: the checkpoint was refused.
        case partitionClosed
        /// The lease or checkpoint store failed, or did not answer in time.
        case storeFailed
        /// The user's processor threw.
        case processorFailed
        /// Events that failed could not be parked: they are processed again.
        case parkingFailed
        /// Events could not be received.
        case receiveFailed
        /// The configuration cannot work.
        case invalidConfiguration
        /// A processor did not return before the stop deadline and was abandoned.
        case stopTimedOut
    }

    /// The kind of failure.
    public let code: Code
    /// What happened, for people.
    public let message: String
    /// The host it happened in.
    public let host: HostID?
    /// The partition it happened to.
    public let partition: PartitionID?
    /// The error that caused this one.
    public let underlying: (any Error)?

    /// Makes an error.
    public init(
        _ code: Code,
        message: String,
        host: HostID? = nil,
        partition: PartitionID? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.host = host
        self.partition = partition
        self.underlying = underlying
    }
}

extension EventProcessorError: Equatable {
    /// Errors are equal when their codes are: text is for people.
    public static func == (left: EventProcessorError, right: EventProcessorError) -> Bool {
        left.code == right.code
    }
}

extension EventProcessorError: CustomStringConvertible {
    /// The code, the message, where it happened and the cause, for logs.
    public var description: String {
        var text = "\(code): \(message)"
        if let partition { text += ", partition \(partition)" }
        if let host { text += ", host \(host)" }
        if let underlying { text += " (\(underlying))" }
        return text
    }
}
