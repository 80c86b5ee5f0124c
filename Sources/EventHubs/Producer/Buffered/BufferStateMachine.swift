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
internal import Tracing

/// What the buffer of one partition holds, and what is to be done next. It knows no clock, task or continuation.
///
/// ```
/// add ──> open ──(full, or due and a send may begin)──> sealed ──> sending ──> settled
///  │
///  └──(no room)──> waiting, in order
/// ```
/// A batch that is due but may not be sent yet stays open, and takes more events meanwhile.
struct BufferStateMachine: ~Copyable {
    struct Limits: Sendable {
        var batchCount: Int
        var bufferedCount: Int
        var bufferedBytes: Int
        var sends: Int
        /// Nothing waits for company.
        var sendsAtOnce: Bool
    }

    /// An event that waits for room.
    struct Entry: Sendable {
        var event: EventData
        var key: String?
        /// Somebody wants a receipt.
        var isSubmitted: Bool
        /// What the event's trace context belongs to, which is not the current one any more.
        var parent: ServiceContext?
    }

    enum Admission: Sendable {
        /// The event is in; the outcome, if it was submitted.
        case taken(BatchOutcome?)
        case tooLarge
        case closed
    }

    /// What is to be done.
    struct Actions: ~Copyable {
        var sends: [BufferedBatch] = []
        var admissions: [(ticket: Int, Admission)] = []
        var flushed: [Int] = []
        /// A batch has been begun: call ``waited(for:)`` when it has waited long enough.
        var timer: Int?
    }

    private struct Waiting {
        var ticket: Int
        var entry: Entry
    }

    private struct Load {
        var count: Int
        var bytes: Int
    }

    private struct Flush {
        var ticket: Int
        /// The last batch it waits for.
        var number: Int
    }

    private let limits: Limits
    /// An empty batch, to begin others with.
    private let blank: EventDataBatch
    /// Batches that have their results: their memory is for the next ones. With those that are held they are no more than
    /// were held at once.
    private var spares: [EventDataBatch] = []

    private var open: BufferedBatch
    private var sealed: Deque<BufferedBatch> = []
    private var sending: [Int: Load] = [:]
    private var waiting: Deque<Waiting> = []
    private var flushes: [Flush] = []
    private var count = 0
    private var bytes = 0
    private var nextTicket = 0
    private var timed = -1
    private var isClosed = false

    init(_ blank: EventDataBatch, limits: Limits) {
        self.blank = blank
        self.limits = limits
        open = BufferedBatch(number: 0, events: blank)
    }

    /// How many events have no result yet.
    var unsettledCount: Int { count }

    /// Whether ``proceed(_:)`` has nothing to do after an event was taken in: so it is with nearly all of them. No flush
    /// ends by that.
    var isAtRest: Bool {
        let isTimed = limits.sendsAtOnce || open.number == timed || open.isEmpty
        let isLeft = open.isEmpty || !open.isDue && !limits.sendsAtOnce
        return waiting.isEmpty && isTimed && (sending.count >= limits.sends || sealed.isEmpty && isLeft)
    }

    private var isFull: Bool { count >= limits.bufferedCount || bytes >= limits.bufferedBytes }

    /// A name for somebody who may have to wait.
    mutating func makeTicket() -> Int {
        nextTicket += 1
        return nextTicket
    }

    /// Takes an event in if there is room and nobody waits for it already; nil otherwise. Call ``proceed(_:)`` then, unless
    /// the machine ``isAtRest``.
    mutating func add(_ event: EventData, key: String?, isSubmitted: Bool) -> Admission? {
        guard !isClosed else { return .closed }
        guard waiting.isEmpty, !isFull else { return nil }
        return put(event, key: key, isSubmitted: isSubmitted, parent: nil)
    }

    /// Takes an event in, now or, when there is room, by an action.
    mutating func add(_ entry: Entry, waitingAs ticket: Int, _ actions: inout Actions) -> Admission? {
        guard !isClosed else { return .closed }
        let admission = waiting.isEmpty && !isFull ? put(entry) : nil
        // There will be no room before something is sent.
        if admission == nil { waiting.append(Waiting(ticket: ticket, entry: entry)) }
        proceed(&actions)
        return admission
    }

    /// Who waited for room does so no longer; false when the event is in already.
    mutating func withdraw(_ ticket: Int) -> Bool {
        guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return false }
        waiting.remove(at: index)
        return true
    }

    /// Batch `number` has waited long enough for company.
    mutating func waited(for number: Int, _ actions: inout Actions) {
        guard open.number == number, !open.isEmpty else { return }
        open.isDue = true
        proceed(&actions)
    }

    /// Everything held shall go; true when nothing is.
    mutating func flush(as ticket: Int, _ actions: inout Actions) -> Bool {
        if !open.isEmpty { open.isDue = true }
        let last = open.isEmpty ? open.number - 1 : open.number
        guard let oldest = oldestUnsettled, oldest <= last else { return true }
        flushes.append(Flush(ticket: ticket, number: last))
        proceed(&actions)
        return false
    }

    /// Who waited for a flush does so no longer.
    mutating func withdrawFlush(_ ticket: Int) { flushes.removeAll { $0.ticket == ticket } }

    /// `batch` has its result.
    mutating func settled(_ batch: BufferedBatch, _ actions: inout Actions) {
        guard let load = sending.removeValue(forKey: batch.number) else { return }
        count -= load.count
        bytes -= load.bytes
        // A partition that nothing is sent to keeps no memory for it.
        if count > 0 { spares.append(batch.events) } else { spares = [] }
        proceed(&actions)
    }

    /// Nothing is taken in any more; who waits for room is told.
    mutating func close(_ actions: inout Actions) {
        isClosed = true
        while let first = waiting.popFirst() { actions.admissions.append((first.ticket, .closed)) }
        proceed(&actions)
    }

    /// Gives up what has not begun to be sent: the batches, which count as under way until ``settled(_:_:)``.
    mutating func abandon() -> [BufferedBatch] {
        if !open.isEmpty { seal() }
        defer { sealed = [] }
        for batch in sealed { note(batch) }
        return Array(sealed)
    }

    /// The number of the oldest batch without a result; nil when there is none.
    private var oldestUnsettled: Int? {
        let waiting = sealed.first?.number ?? (open.isEmpty ? nil : open.number)
        guard let underWay = sending.keys.min() else { return waiting }
        return min(underWay, waiting ?? underWay)
    }

    private mutating func put(_ entry: Entry) -> Admission {
        put(entry.event, key: entry.key, isSubmitted: entry.isSubmitted, parent: entry.parent)
    }

    private mutating func put(
        _ event: EventData,
        key: String?,
        isSubmitted: Bool,
        parent: ServiceContext?
    ) -> Admission {
        var size = open.events.size
        if !open.events.tryAdd(event, key: key, parent: parent) {
            guard !open.isEmpty else { return .tooLarge }
            seal()
            size = open.events.size
            guard open.events.tryAdd(event, key: key, parent: parent) else { return .tooLarge }
        }
        count += 1
        bytes += open.events.size - size
        let outcome = isSubmitted ? open.noteSubmitted() : nil
        if open.events.count >= limits.batchCount { seal() }
        return .taken(outcome)
    }

    private mutating func seal() {
        var events = spares.popLast() ?? blank
        // The memory stays where nobody has kept the batch, whose sender is long done with it. Where there is none, as
        // much as this batch took is made room for at once.
        events.removeAll()
        events.reserve(open.events.size)
        let next = BufferedBatch(number: open.number + 1, events: events)
        sealed.append(open)
        open = next
    }

    private mutating func note(_ batch: BufferedBatch) {
        sending[batch.number] = Load(count: batch.events.count, bytes: batch.events.size - blank.size)
    }

    /// Gives room to those who wait for it, begins what sends may begin, and tells flushes that are done.
    mutating func proceed(_ actions: inout Actions) {
        while !isFull, let first = waiting.popFirst() {
            actions.admissions.append((first.ticket, put(first.entry)))
        }
        while sending.count < limits.sends {
            if sealed.isEmpty, !open.isEmpty, open.isDue || limits.sendsAtOnce || !waiting.isEmpty { seal() }
            guard let batch = sealed.popFirst() else { break }
            note(batch)
            actions.sends.append(batch)
        }
        if !open.isEmpty, !limits.sendsAtOnce, open.number != timed {
            timed = open.number
            actions.timer = open.number
        }
        if !flushes.isEmpty {
            let oldest = oldestUnsettled ?? .max
            actions.flushed += flushes.filter { $0.number < oldest }.map(\.ticket)
            flushes.removeAll { $0.number < oldest }
        }
    }
}
