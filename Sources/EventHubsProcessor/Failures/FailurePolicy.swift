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

/// Decides what becomes of events after `process` has thrown.
///
/// Nothing is ever skipped but by a policy that says so: the default is ``restart``. The pauses before another attempt are those of
/// ``HostConfiguration/retryBackOff``, and grow with the number of failures in a row.
public struct FailurePolicy: Sendable {
    private let decide: @Sendable (BatchFailure) -> FailureAction

    /// A policy of one's own.
    ///
    /// - Parameter decide: Called after every call of `process` that has thrown, before the next one.
    public init(_ decide: @escaping @Sendable (BatchFailure) -> FailureAction) {
        self.decide = decide
    }

    /// Always ``FailureAction/restart``.
    public static let restart = FailurePolicy { _ in .restart }

    /// Tries again with the same processor for some times, then does something else.
    ///
    /// - Parameters:
    ///   - times: How many retries there are before.
    ///   - action: What is done when the last of them has failed.
    /// - Returns: The policy.
    public static func retry(_ times: Int, then action: FailureAction) -> FailurePolicy {
        FailurePolicy { $0.failures <= times ? .retry : action }
    }

    func action(after failure: BatchFailure) -> FailureAction { decide(failure) }
}
