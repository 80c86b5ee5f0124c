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

import AMQPCodec
import AMQPDriver
import AMQPEngine
import AMQPTransport
import Synchronization

/// A receiver link: the mailbox, the credit that follows its consumption, and the settlements on their way. Tasks reach the mailbox and
/// the settlements, which have locks; the rest is confined to the loop.
final class ReceiverCore: LinkCore, @unchecked Sendable {
    private struct Settlement {
        var first: DeliveryID
        var last: DeliveryID
        let outcome: Outcome
    }

    private struct Settlements {
        var waiting: [Settlement] = []
        var isScheduled = false
        var end: AMQPError?
    }

    let connection: ConnectionCore
    let attached = Waiter<Attach>()
    let detached = Waiter<Void>()
    private let options: AMQPReceiverOptions
    private let window: Int
    private let settlements = Mutex(Settlements())

    // Confined to the loop.
    private(set) var id: LinkID?
    /// An estimate, so that large messages are not let in by the window's count alone.
    private var averageSize = 16_384
    private var drains: [Waiter<Void>] = []
    /// Takes batches on the loop in place of the mailbox.
    private let sink: (@Sendable (ReceiverCore, DeliveryBatch) -> Void)?
    private let sinkEnded: (@Sendable (AMQPError?) -> Void)?

    let mailbox = Mailbox()

    init(
        connection: ConnectionCore,
        options: AMQPReceiverOptions,
        sink: (@Sendable (ReceiverCore, DeliveryBatch) -> Void)? = nil,
        sinkEnded: (@Sendable (AMQPError?) -> Void)? = nil
    ) {
        self.connection = connection
        self.options = options
        self.sink = sink
        self.sinkEnded = sinkEnded
        switch options.credit {
        case .window(let count): window = max(count, 1)
        case .manual: window = 0
        }
    }

    // MARK: Any thread

    /// Notes an outcome for deliveries; the loop is woken once for all that are noted meanwhile.
    func settle(
        _ deliveries: some Sequence<(id: UInt32, isSettled: Bool)>,
        as outcome: Outcome
    ) throws(AMQPError) {
        let wakes = try settlements.withLock { settlements throws(AMQPError) in
            if let end = settlements.end { throw end }
            for delivery in deliveries where !delivery.isSettled {
                Self.add(DeliveryID(delivery.id), outcome, to: &settlements.waiting)
            }
            guard !settlements.waiting.isEmpty else { return false }
            defer { settlements.isScheduled = true }
            return !settlements.isScheduled
        }
        if wakes { connection.loop.execute { self.flushSettlements() } }
    }

    private static func add(_ id: DeliveryID, _ outcome: Outcome, to list: inout [Settlement]) {
        if let index = list.indices.last, list[index].outcome == outcome, list[index].last.rawValue &+ 1 == id.rawValue
        {
            list[index].last = id
        } else {
            list.append(Settlement(first: id, last: id, outcome: outcome))
        }
    }

    /// The next batch for the consumer, at once if there is one.
    func take(_ maximum: Int) async throws(AMQPError) -> Mailbox.Answer {
        try await mailbox.take(maximum) { self.replenish() }
    }

    /// As `take(_:)`, for a limited time.
    func take(_ maximum: Int, waitingAtMost limit: Duration) async throws(AMQPError) -> Mailbox.Answer {
        let loop = connection.loop
        let deadline = loop.now.advanced(by: limit)
        let timer = Mutex<LoopTimer?>(nil)
        defer { timer.withLock { $0 }?.cancel() }
        return try await mailbox.take(maximum, consumed: { self.replenish() }) { giveUp in
            let scheduled = loop.schedule(at: deadline, giveUp)
            timer.withLock { $0 = scheduled }
        }
    }

    /// Sets the credit, absolutely.
    func grant(_ credit: UInt32) {
        connection.loop.execute { [self] in
            if let id { setCredit(credit, id) }
        }
    }

    private func replenish() {
        connection.loop.execute { self.topUp() }
    }

    // MARK: The loop

    func begin(_ id: LinkID) {
        self.id = id
    }

    func handle(_ event: LinkEvent) {
        switch event {
        case .deliveries(let batch):
            deliver(batch)
        case .drained:
            for drain in drains { drain.resolve(.success(())) }
            drains = []
        case .aborted:
            topUp()
        case .credit, .updated:
            break
        }
    }

    func ended(_ error: AMQPError?) {
        let end = error ?? AMQPError(.detachedLocally(answer: nil))
        settlements.withLock { settlements in
            if settlements.end == nil { settlements.end = end }
            settlements.waiting = []
        }
        mailbox.finish(error, discarding: error == nil && isClosing)
        for drain in drains { drain.resolve(.failure(end)) }
        drains = []
        sinkEnded?(error)
        id = nil
    }

    /// This side has asked for the end: what waits is not wanted any more.
    var isClosing = false

    /// Grants so much credit as the window has room for, in deliveries and in bytes.
    func topUp() {
        guard window > 0, let id else { return }
        let backlog = mailbox.backlog
        let bytes = max(options.maximumBufferedBytes - backlog.bytes, 0)
        var room = min(max(window - backlog.count, 0), bytes / max(averageSize, 1))
        if backlog.count == 0 { room = max(room, 1) }
        mailbox.reportConsumption(after: (backlog.count + room + 1) / 2)
        setCredit(UInt32(clamping: room), id)
    }

    func drain(_ waiter: Waiter<Void>) {
        guard let id else {
            waiter.resolve(.failure(AMQPError(.unknownLink)))
            return
        }
        do throws(UsageError) {
            try connection.driver.withEngine { engine throws(UsageError) in try engine.drain(id) }
            drains.append(waiter)
        } catch {
            waiter.resolve(.failure(AMQPError(error)))
        }
    }

    private func setCredit(_ credit: UInt32, _ id: LinkID) {
        connection.driver.withEngine { engine in
            // A link that has just gone has no credit to set.
            try? engine.setCredit(id, credit)
        }
    }

    private func deliver(_ batch: DeliveryBatch) {
        guard !batch.isEmpty else { return }
        let bytes = batch.byteCount
        let size = bytes / batch.count
        averageSize = (averageSize * 7 + size + 7) / 8
        if let sink {
            sink(self, batch)
            topUp()
            return
        }
        let backlog = mailbox.push(batch, bytes: bytes)
        // Larger messages than expected: nothing more before these are consumed.
        if backlog.bytes > options.maximumBufferedBytes { topUp() }
    }

    private func flushSettlements() {
        let waiting = settlements.withLock { settlements in
            settlements.isScheduled = false
            defer { settlements.waiting = [] }
            return settlements.waiting
        }
        guard let id else { return }
        connection.driver.withEngine { engine in
            for settlement in waiting {
                try? engine.settle(id, from: settlement.first, through: settlement.last, as: settlement.outcome.state)
            }
        }
    }
}
