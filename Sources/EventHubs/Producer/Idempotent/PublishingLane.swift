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

internal import Synchronization

/// The numbers of one partition's events, given out one batch at a time.
final class PublishingLane: Sendable {
    private struct Pending {
        var first: Int32
        var last: Int32
    }

    private struct State {
        /// What the service has, as far as is known.
        var known: PublishingState
        /// The link whose answer `known` has come from, or has grown from.
        weak var link: SenderLink?
        /// A link has been attached before.
        var isEstablished = false
        /// The batch that is being sent: its numbers stay, however often that is tried.
        var pending: Pending?
        /// Somebody else has taken the producer's place.
        var fence: EventHubsError?
    }

    /// What a batch is to be sent with.
    enum Numbering {
        case envelope([UInt8])
        /// The service has the batch: its answer got lost with a link.
        case written
    }

    /// Whoever sends to the partition waits for its turn.
    let turns = Turns()
    private let state: Mutex<State>

    init(_ state: PublishingState) { self.state = Mutex(State(known: state)) }

    /// What the service is known to have.
    var known: PublishingState { state.withLock { $0.known } }

    /// What to say when a link is attached. After the first time the service is asked for the number: it knows best.
    func claim() throws(EventHubsError) -> PublishingState {
        try state.withLock { state throws(EventHubsError) in
            if let fence = state.fence { throw fence }
            var claim = state.known
            if state.isEstablished { claim.lastSequenceNumber = nil }
            return claim
        }
    }

    /// Takes over what the service has answered on a new link.
    func attached(_ link: SenderLink) {
        state.withLock { adopt(link, &$0) }
    }

    /// The numbers of the next batch, or of the same one when it is sent again.
    func number(_ count: Int, over link: SenderLink) -> Numbering {
        state.withLock { state in
            adopt(link, &state)
            let last = state.known.lastSequenceNumber ?? 0
            let pending =
                state.pending
                ?? Pending(
                    first: PublishingState.number(last, plus: 1),
                    last: PublishingState.number(last, plus: count)
                )
            if state.pending != nil, last == pending.last { return .written }
            state.pending = pending
            return .envelope(state.known.envelope(first: pending.first))
        }
    }

    /// The batch being sent has been taken.
    func accepted() {
        state.withLock { state in
            if let pending = state.pending { state.known.lastSequenceNumber = pending.last }
        }
    }

    /// The turn is over.
    /// - Parameter failure: why the batch was given up; nil when the service has it.
    /// - Returns: whether the next one has to ask the service first: nobody knows whether it has the batch.
    func finished(_ failure: EventHubsError?) -> Bool {
        state.withLock { state in
            defer { state.pending = nil }
            guard let failure else { return false }
            if failure.code == .producerFenced { state.fence = failure }
            guard state.pending != nil else { return false }
            state.known.lastSequenceNumber = nil
            state.link = nil
            return true
        }
    }

    private func adopt(_ link: SenderLink, _ state: inout State) {
        guard state.link !== link else { return }
        state.link = link
        state.isEstablished = true
        // Of a peer that tells nothing our own account goes on.
        guard let answer = link.publishingState else { return }
        state.known.producerGroupID = answer.producerGroupID ?? state.known.producerGroupID
        state.known.ownerLevel = answer.ownerLevel ?? state.known.ownerLevel
        state.known.lastSequenceNumber = answer.lastSequenceNumber ?? state.known.lastSequenceNumber
    }
}
