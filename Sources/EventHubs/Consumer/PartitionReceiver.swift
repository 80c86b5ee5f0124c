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

package import Logging
internal import Synchronization
internal import Tracing

/// Receives one partition, for one task at a time.
///
/// A transient loss of the link or the connection is overcome inside: the receiver attaches again after the last event
/// it handed out, without loss and without repetition. What cannot be overcome is thrown, typed: above all
/// ``EventHubsError/Code/ownershipLost``.
public final class PartitionReceiver: Sendable {
    /// Attaches at a position.
    package typealias Attach = @Sendable (EventPosition) async throws(EventHubsError) -> any EventLink

    /// The partition.
    public let partitionID: PartitionID

    private let eventHub: String
    private let recovery: LinkRecovery
    private let attach: Attach
    private let tracksLastEnqueued: Bool
    private let logger: Logger?
    private let state: Mutex<State>

    /// Makes the spans of this partition; nil without a tracer.
    package let tracer: MessagingTracer?

    private struct State {
        enum Link {
            case attached(any EventLink)
            case recovering(SingleFlight<any EventLink>)
            case failed(EventHubsError)
            case closed
        }

        var link: Link
        var position: EventPosition
        var attempts: LinkRecovery.Attempts
        var last: ReceivedEventData?
    }

    /// A receiver on an attached link.
    package init(
        partitionID: PartitionID,
        eventHub: String,
        link: any EventLink,
        position: EventPosition,
        recovery: LinkRecovery,
        tracksLastEnqueued: Bool = false,
        logger: Logger? = nil,
        tracer: MessagingTracer? = nil,
        attach: @escaping Attach
    ) {
        self.partitionID = partitionID
        self.eventHub = eventHub
        self.recovery = recovery
        self.tracksLastEnqueued = tracksLastEnqueued
        self.logger = logger
        self.tracer = tracer
        self.attach = attach
        state = Mutex(State(link: .attached(link), position: position, attempts: recovery.attached()))
    }

    deinit {
        if case .recovering(let flight) = state.withLock({ $0.link }) { flight.cancel() }
    }

    /// The next events: what has arrived, at once, or what arrives first.
    ///
    /// When the calling task is cancelled, the wait ends with ``EventHubsError/Code/cancelled`` and no event is lost.
    /// - Parameters:
    ///   - maximumCount: how many events at most; nil means what has arrived.
    ///   - maximumWait: how long to wait for the first event; nil means without end.
    /// - Returns: the events; an empty batch when `maximumWait` has passed without one; nil after ``close()``.
    /// - Throws: ``EventHubsError``
    public func nextBatch(
        maximumCount: Int? = nil,
        maximumWait: Duration? = nil
    ) async throws(EventHubsError) -> EventBatch? {
        guard let tracer else { return try await takeBatch(maximumCount, maximumWait) }
        let begin = DefaultTracerClock.now
        let batch = try await takeBatch(maximumCount, maximumWait)
        if let batch, !batch.isEmpty { tracer.received(batch, since: begin) }
        return batch
    }

    private func takeBatch(
        _ maximumCount: Int?,
        _ maximumWait: Duration?
    ) async throws(EventHubsError) -> EventBatch? {
        let count = max(maximumCount ?? .max, 1)
        let start = maximumWait == nil ? nil : ContinuousClock.now
        while true {
            let remaining = maximumWait.map { wait in max(wait - (start?.duration(to: .now) ?? .zero), .zero) }
            switch state.withLock({ $0.link }) {
            case .closed:
                return nil
            case .failed(let error):
                throw error
            case .attached(let link):
                if let batch = try await receive(from: link, count, remaining) { return batch }
            case .recovering(let flight):
                if try await !finish(flight, within: remaining) { return .empty }
            }
        }
    }

    /// Where the partition ended according to the last event received, when
    /// ``PartitionOptions/tracksLastEnqueuedEvent`` is set and an event has come.
    public var lastEnqueued: LastEnqueuedEvent? {
        guard tracksLastEnqueued, let event = state.withLock({ $0.last }) else { return nil }
        return (try? event.decoded().deliveryAnnotations).flatMap { LastEnqueuedEvent(deliveryAnnotations: $0) }
    }

    /// How many bytes of events have been received and not consumed: they wait here, or are those of the last batch.
    public var bufferedBytes: Int {
        guard case .attached(let link) = state.withLock({ $0.link }) else { return 0 }
        return link.bufferedBytes
    }

    /// Where the receiver would begin if it attached now: after the last event it handed out.
    package var position: EventPosition { state.withLock { $0.position } }

    /// Detaches and drops what has not been taken. A wait that is under way ends with nil. Calling again does nothing.
    public func close() async {
        let link = state.withLock { state in
            defer { state.link = .closed }
            return state.link
        }
        switch link {
        case .attached(let link): await link.close()
        case .recovering(let flight):
            flight.cancel()
            if let link = try? await flight.value() { await link.close() }
        case .failed, .closed: break
        }
    }

    /// Ends the receiver without a word to the service: the connection is about to be closed.
    func abandon() {
        let link = state.withLock { state in
            defer { state.link = .closed }
            return state.link
        }
        if case .recovering(let flight) = link { flight.cancel() }
    }

    /// Takes events from `link`; nil when the link is gone and something else has to be done first.
    private func receive(
        from link: any EventLink,
        _ count: Int,
        _ wait: Duration?
    ) async throws(EventHubsError) -> EventBatch? {
        let loss: EventHubsError
        do throws(EventHubsError) {
            switch try await link.next(maximumCount: count, maximumWait: wait) {
            case .events(let batch):
                return state.withLock { note(batch, in: &$0) } ? batch : nil
            case .nothing:
                return .empty
            case .ended:
                loss = EventHubsError(.linkDetached, "The link ended.", retryAdvice: .later, recoveryScope: .link)
            }
        } catch {
            if error.code == .cancelled { throw error }
            loss = error.about(eventHub, partitionID)
        }
        // Its session may still stand; the peer need not be waited for.
        if recover(from: loss) { Task { await link.close() } }
        return nil
    }

    /// Waits for the new link; false when `wait` passes first.
    private func finish(
        _ flight: SingleFlight<any EventLink>,
        within wait: Duration?
    ) async throws(EventHubsError) -> Bool {
        let link: any EventLink
        do throws(EventHubsError) {
            guard let attached = try await recovery.wait(for: flight, atMost: wait) else { return false }
            link = attached
        } catch {
            if Task.isCancelled { throw .cancelled }
            recover(from: error)
            return true
        }
        let isWanted = state.withLock { state in
            guard case .recovering = state.link else { return false }
            state.link = .attached(link)
            state.attempts = recovery.attached(after: state.attempts)
            return true
        }
        if !isWanted { await link.close() }
        return true
    }

    /// Notes that the link is gone and begins to attach again, or gives up. False when the receiver is closed.
    @discardableResult
    private func recover(from loss: EventHubsError) -> Bool {
        let line = state.withLock { state -> String? in
            if case .closed = state.link { return nil }
            if loss.code == .closed {
                state.link = .closed
                return nil
            }
            switch recovery.decide(after: loss, &state.attempts) {
            case .stop:
                state.link = .failed(loss)
                return "receiving ended"
            case .retry(let delay):
                let (position, recovery, attach) = (state.position, recovery, attach)
                state.link = .recovering(
                    SingleFlight { () async throws(EventHubsError) in
                        try await recovery.pause(delay)
                        return try await attach(position)
                    }
                )
                return "attaching again in \(delay), \(position)"
            }
        }
        guard let line else { return false }
        logger?.info("\(line)", metadata: ["partition": "\(partitionID)", "error": "\(loss)"])
        return true
    }

    /// Remembers where `batch` ends; false when the receiver has been closed meanwhile.
    private func note(_ batch: EventBatch, in state: inout State) -> Bool {
        guard case .attached = state.link else { return false }
        if let last = batch.last {
            let offset = last.offset
            if !offset.isEmpty {
                state.position = .offset(offset)
            } else if last.sequenceNumber >= 0 {
                state.position = .sequenceNumber(last.sequenceNumber)
            }
            if tracksLastEnqueued { state.last = last.detached() }
        }
        state.attempts.eventsCame()
        return true
    }
}
