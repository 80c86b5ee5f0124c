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

/// Who may read one partition through one consumer group.
///
/// Without an owner level up to five receivers share a partition. A receiver with an owner level reads alone: it
/// displaces everybody whose level is not higher than its own, an equal level included.
package struct OwnerLevels: Sendable {
    /// Tells one open receiver from another, across all connections.
    package struct ReceiverID: Hashable, Sendable {
        package var rawValue: UInt64

        package init(rawValue: UInt64) {
            self.rawValue = rawValue
        }
    }

    /// A receiver as the rules see it.
    package struct Receiver: Equatable, Sendable {
        package var id: ReceiverID
        package var name: String?
        package var ownerLevel: Int64?

        package init(id: ReceiverID, name: String?, ownerLevel: Int64?) {
            self.id = id
            self.name = name
            self.ownerLevel = ownerLevel
        }

        fileprivate var displayName: String { name ?? "nil" }
    }

    /// A receiver that has to go, and what it is told.
    package struct Displacement: Equatable, Sendable {
        package var receiver: ReceiverID
        package var error: ServiceError

        package init(receiver: ReceiverID, error: ServiceError) {
            self.receiver = receiver
            self.error = error
        }
    }

    /// What happens to a receiver that wants to open.
    package enum Admission: Equatable, Sendable {
        case accepted(displacing: [Displacement])
        case refused(ServiceError)
    }

    /// How many receivers without an owner level may be open at once.
    package static let maximumSharedReceivers = 5

    package private(set) var receivers: [Receiver] = []

    package init() {}

    /// Admits a receiver, or says why not. Displaced receivers have left already when this returns.
    package mutating func open(_ receiver: Receiver) -> Admission {
        let owner = receivers.filter { $0.ownerLevel != nil }.max { ($0.ownerLevel ?? 0) < ($1.ownerLevel ?? 0) }
        guard let level = receiver.ownerLevel else {
            return openShared(receiver, besides: owner)
        }
        if let owner, let highest = owner.ownerLevel, level < highest {
            return .refused(
                ServiceError(
                    .stolen,
                    "Receiver '\(owner.displayName)' with a higher epoch '\(highest)' already exists. "
                        + "Receiver '\(receiver.displayName)' with epoch \(level) cannot be created. Make sure you are "
                        + "creating receiver with increasing epoch value to ensure connectivity, or ensure all old "
                        + "epoch receivers are closed or disconnected."
                )
            )
        }
        let displaced = receivers.map { old in
            Displacement(
                receiver: old.id,
                error: ServiceError(
                    .stolen,
                    "New receiver '\(receiver.displayName)' with higher epoch of '\(level)' is created hence current "
                        + "receiver '\(old.displayName)' with epoch '\(old.ownerLevel ?? -1)' is getting disconnected. "
                        + "If you are recreating the receiver, make sure a higher epoch is used."
                )
            )
        }
        receivers = [receiver]
        return .accepted(displacing: displaced)
    }

    /// Forgets a receiver that closed; unknown ones are ignored.
    package mutating func close(_ receiver: ReceiverID) {
        receivers.removeAll { $0.id == receiver }
    }

    private mutating func openShared(_ receiver: Receiver, besides owner: Receiver?) -> Admission {
        if let level = owner?.ownerLevel {
            return .refused(
                ServiceError(
                    .stolen,
                    "At least one receiver for the endpoint is created with epoch of '\(level)', and so non-epoch "
                        + "receiver is not allowed. Either reconnect with a higher epoch, or make sure all epoch "
                        + "receivers are closed or disconnected."
                )
            )
        }
        guard receivers.count < Self.maximumSharedReceivers else {
            let names = receivers.map(\.displayName).joined(separator: ", ")
            return .refused(
                ServiceError(
                    .resourceLimitExceeded,
                    "Exceeded the maximum number of allowed receivers per partition in a consumer group which is "
                        + "\(Self.maximumSharedReceivers). List of connected receivers - \(names)."
                )
            )
        }
        receivers.append(receiver)
        return .accepted(displacing: [])
    }
}
