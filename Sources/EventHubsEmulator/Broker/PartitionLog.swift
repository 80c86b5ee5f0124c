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

import Synchronization

/// How much of a partition is kept.
package struct Retention: Sendable, Equatable {
    /// The oldest segments go when more bytes than this are held.
    package var maximumBytes: Int
    /// Events older than this many milliseconds go, a whole segment at a time.
    package var maximumAge: Int64
    /// How much memory is taken at a time.
    package var segmentSize: Int

    package init(maximumBytes: Int, maximumAge: Int64, segmentSize: Int? = nil) {
        self.maximumBytes = max(maximumBytes, 1)
        self.maximumAge = max(maximumAge, 1)
        self.segmentSize = segmentSize ?? min(max(maximumBytes / 8, 16 * 1024), 1024 * 1024)
    }
}

/// Somebody who waits for a partition to grow.
package protocol PartitionLogObserver: AnyObject, Sendable {
    /// Called once for each ``PartitionLog/wait(_:at:)`` that asked for it, on any thread and without a lock held.
    func partitionLogGrew()
}

/// The link of an idempotent producer.
package protocol ProducerLink: AnyObject, Sendable {
    /// A producer with a higher epoch has taken its place; on any thread and without a lock held.
    func fenced(by error: ServiceError)
}

/// The events of one partition: an append-only log in memory, and in files if it has some, that many readers read at their
/// own pace.
///
/// Sequence numbers count events from 0; offsets are byte positions. Old segments are dropped as ``Retention`` demands,
/// and a reader that was still there goes on at the first event that is left.
package final class PartitionLog: Sendable {
    /// The next event that a reader gets.
    package struct Cursor: Equatable, Sendable {
        package var sequenceNumber: Int64
    }

    package let id: String
    let offsets: OffsetStyle
    private let state: Mutex<State>

    /// An empty log in memory.
    package init(id: String, retention: Retention, offsets: OffsetStyle = .plain) {
        self.id = id
        self.offsets = offsets
        state = Mutex(State(retention: retention, offsets: offsets))
    }

    /// A log with the events that the files hold; those that come go there too.
    init(
        id: String,
        retention: Retention,
        offsets: OffsetStyle = .plain,
        files: sending SegmentFiles
    ) throws(EmulatorError) {
        self.id = id
        self.offsets = offsets
        state = Mutex(try State(files, retention: retention, offsets: offsets))
    }

    /// Appends all events of a delivery, or none, and returns the sequence number of the first.
    ///
    /// They are in the partition's file, if it has any, before a reader or the caller hears of them. Of a delivery that is
    /// stamped by an idempotent producer nothing is stored when it repeats another: nil then.
    @discardableResult
    package func append(
        _ incoming: IncomingEvents,
        at now: Int64,
        stamp: ProducerSequences.Stamp? = nil
    ) throws(ServiceError) -> Int64? {
        let (first, observers) = try state.withLock {
            (state) throws(ServiceError) -> (Int64?, [any PartitionLogObserver]) in
            if let refusal = state.refusal { throw refusal }
            if let stamp, try state.producers.verdict(on: stamp, count: incoming.count) == .repetition {
                return (nil, [])
            }
            let first = state.nextSequenceNumber
            // A clock that steps back must not break the order that lookups by time rely on.
            let time = max(now, state.last?.enqueuedTime ?? now)
            do throws(EmulatorError) {
                try state.append(incoming, at: time, stamp: stamp)
            } catch {
                throw ServiceError(.internalError, "The events could not be stored: \(error.message).")
            }
            state.prune(at: time)
            defer { state.observers.removeAll(keepingCapacity: true) }
            return (first, state.observers)
        }
        for observer in observers { observer.partitionLogGrew() }
        return first
    }

    /// Lets an idempotent producer in; links of the same producer with a lower epoch are told that they are fenced off.
    package func openProducer(
        _ claim: ProducerSequences.Claim,
        link: any ProducerLink
    ) throws(ServiceError) -> ProducerSequences.Stamp {
        let (stamp, fenced) = try state.withLock { (state) throws(ServiceError) in
            let stamp = try state.openProducer(claim)
            let fenced = state.producerLinks.filter { !state.producers.isCurrent($0.stamp) }
            state.producerLinks.removeAll { !state.producers.isCurrent($0.stamp) }
            state.producerLinks.append((stamp, link))
            return (stamp, fenced)
        }
        for old in fenced {
            old.link.fenced(by: ProducerSequences.stolen(stamp.id, old.stamp.epoch, by: stamp.epoch))
        }
        return stamp
    }

    /// Forgets the link of an idempotent producer; the producer stays known.
    package func closeProducer(_ link: any ProducerLink) {
        state.withLock { $0.producerLinks.removeAll { $0.link === link } }
    }

    /// The place at which a reader with this selector begins.
    package func cursor(for selector: PositionSelector) throws(ServiceError) -> Cursor {
        try state.withLock { (state) throws(ServiceError) in
            Cursor(sequenceNumber: try state.sequenceNumber(for: selector))
        }
    }

    /// The next events at a cursor, at most so many and about so many bytes but at least one, or nil at the end.
    package func nextRun(at cursor: inout Cursor, maximumEvents: Int, maximumBytes: Int) -> LogRun? {
        guard maximumEvents > 0 else { return nil }
        return state.withLock { state in
            guard let run = state.run(at: cursor.sequenceNumber, maximumEvents, maximumBytes) else { return nil }
            cursor.sequenceNumber = run.firstSequenceNumber + Int64(run.count)
            return run
        }
    }

    /// Asks to be told once when there is something at the cursor; false when there is already.
    package func wait(_ observer: any PartitionLogObserver, at cursor: Cursor) -> Bool {
        state.withLock { state in
            // What was dropped in the meantime is nothing to read either.
            let wanted = max(cursor.sequenceNumber, state.beginSequenceNumber)
            guard wanted >= state.nextSequenceNumber else { return false }
            if !state.observers.contains(where: { $0 === observer }) { state.observers.append(observer) }
            return true
        }
    }

    /// Takes back a ``wait(_:at:)``.
    package func stopWaiting(_ observer: any PartitionLogObserver) {
        state.withLock { $0.observers.removeAll { $0 === observer } }
    }

    /// Keeps events for so long from now on, and refuses new ones if there is a reason to.
    func set(_ retention: Retention, refusal: ServiceError?) {
        state.withLock { state in
            state.retention = retention
            state.refusal = refusal
        }
    }

    /// Takes nothing more, for this reason, and lets go of the files.
    func end(because error: ServiceError) {
        state.withLock { state in
            state.refusal = error
            state.files?.close()
        }
    }

    /// Lets go of the files; there is no appending to a log that has some from then on.
    func close() {
        state.withLock { $0.files?.close() }
    }

    /// What the partition holds now.
    package func summary(at now: Int64) -> PartitionSummary {
        state.withLock { state in
            state.prune(at: now)
            return PartitionSummary(
                beginSequenceNumber: state.beginSequenceNumber,
                lastEnqueuedSequenceNumber: state.nextSequenceNumber - 1,
                lastEnqueuedOffset: state.last.map { offsets.text(of: $0.offset) } ?? "-1",
                lastEnqueuedTime: state.last?.enqueuedTime,
                retainedBytes: state.retainedBytes
            )
        }
    }
}

/// What a partition holds at one moment.
package struct PartitionSummary: Equatable, Sendable {
    package var beginSequenceNumber: Int64
    /// −1 when nothing was ever enqueued
    package var lastEnqueuedSequenceNumber: Int64
    /// `-1` when nothing was ever enqueued
    package var lastEnqueuedOffset: String
    /// Milliseconds since 1970, or nil when nothing was ever enqueued
    package var lastEnqueuedTime: Int64?
    package var retainedBytes: Int

    package var isEmpty: Bool { beginSequenceNumber > lastEnqueuedSequenceNumber }
    package var eventCount: Int64 { lastEnqueuedSequenceNumber - beginSequenceNumber + 1 }
}
