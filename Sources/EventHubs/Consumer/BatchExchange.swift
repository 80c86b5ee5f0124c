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

internal import DequeModule
internal import Synchronization

/// Hands batches of many tasks to one that asks for them, in the order they are offered. Whoever offers waits until the
/// batch has been taken: nothing piles up.
final class BatchExchange: Sendable {
    typealias Element = EventHubEvents.Element

    private struct Offer {
        var ticket: Int
        var element: Element
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var offers: Deque<Offer> = []
        var taker: (ticket: Int, continuation: CheckedContinuation<Result<Element, EventHubsError>, Never>)?
        var failure: EventHubsError?
        var nextTicket = 0

        mutating func makeTicket() -> Int {
            nextTicket += 1
            return nextTicket
        }
    }

    private let state = Mutex(State())

    /// Offers a batch and waits until it is taken; false when the calling task is cancelled before.
    func offer(_ element: Element) async -> Bool {
        let ticket = state.withLock { $0.makeTicket() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                let (taker, answer) = state.withLock { state in
                    if Task.isCancelled {
                        return (nil as CheckedContinuation<Result<Element, EventHubsError>, Never>?, false as Bool?)
                    }
                    if let taker = state.taker {
                        state.taker = nil
                        return (taker.continuation, true)
                    }
                    state.offers.append(Offer(ticket: ticket, element: element, continuation: continuation))
                    return (nil, nil)
                }
                taker?.resume(returning: .success(element))
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let offer = state.withLock { state in
                state.offers.firstIndex { $0.ticket == ticket }.map { state.offers.remove(at: $0) }
            }
            offer?.continuation.resume(returning: false)
        }
    }

    /// Ends the exchange: who takes hears of it when there is nothing left. The first failure counts.
    func fail(_ error: EventHubsError) {
        let taker = state.withLock { state in
            if state.failure == nil { state.failure = error }
            defer { state.taker = nil }
            return state.taker
        }
        taker?.continuation.resume(returning: .failure(error))
    }

    /// The next batch.
    /// - Throws: what the exchange has ended with, or code `cancelled` when the calling task is cancelled first.
    func next() async throws(EventHubsError) -> Element {
        let ticket = state.withLock { $0.makeTicket() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<Element, EventHubsError>, Never>) in
                let (result, offer) = state.withLock { state -> (Result<Element, EventHubsError>?, Offer?) in
                    if Task.isCancelled { return (.failure(.cancelled), nil) }
                    if let offer = state.offers.popFirst() { return (.success(offer.element), offer) }
                    if let failure = state.failure { return (.failure(failure), nil) }
                    // A second iterator: the first one makes way.
                    let displaced = state.taker
                    state.taker = (ticket, continuation)
                    displaced?.continuation.resume(returning: .failure(.cancelled))
                    return (nil, nil)
                }
                offer?.continuation.resume(returning: true)
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            let taker = state.withLock { state -> CheckedContinuation<Result<Element, EventHubsError>, Never>? in
                guard let taker = state.taker, taker.ticket == ticket else { return nil }
                state.taker = nil
                return taker.continuation
            }
            taker?.resume(returning: .failure(.cancelled))
        }
        return try result.get()
    }
}
