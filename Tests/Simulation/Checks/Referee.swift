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

import EventHubs

/// Watches a run and stops it at the first broken promise.
///
/// It keeps its own books, from what it sees at the edges of the hosts: what the hub hands out, what the store commits, what processors
/// are called with. It asks no part of a host.
final class Referee {
    /// One processor of one partition on one host, from its making to its last call.
    final class Session {
        let host: Int
        let partition: Int
        /// The checkpoint the session began at.
        let checkpoint: Int64?
        var next: Int64?
        /// Where the batch that has just failed began: it may come again, also if it was parked and the sink was too slow to say so.
        var failed: Int64?
        var isBusy = false
        /// When the host was told that its lease is lost.
        var lossLearnt: Nanoseconds?

        init(host: Int, partition: Int, checkpoint: Int64?) {
            self.host = host
            self.partition = partition
            self.checkpoint = checkpoint
        }
    }

    private struct Ledger {
        let begin: Int64
        var end: Int64
        /// How often each event was processed to the end.
        var processed: [UInt8] = []
        var checkpoint: Int64?
        /// The first event that nobody has processed yet.
        var lowWater: Int64
    }

    private let scheduler: JobScheduler
    private var ledgers: [Ledger] = []
    private var loaded: [Int: Int64] = [:]
    /// The versions of leases that somebody has claimed with success, by partition.
    private var claimed: [Int: Set<String>] = [:]
    private var sessions: [Int: Session] = [:]
    /// When the store last made a host the owner of a partition.
    private var acquired: [Int: Nanoseconds] = [:]
    private(set) var violation: Violation?
    private(set) var duplicates = 0
    private(set) var processedEvents = 0
    /// When a partition last came to another owner.
    private(set) var lastMove: Nanoseconds = 0
    private(set) var moves = 0
    /// Moves that the former owner has agreed to.
    private(set) var transfers = 0

    /// A host acts on what it has been told within the time its jobs may be deferred, a few times over.
    private static let reactionTime = 20 * JobScheduler.longestDeferral

    init(scheduler: JobScheduler) {
        self.scheduler = scheduler
    }

    func violated(_ invariant: Violation.Invariant, _ details: String, partition: Int? = nil) {
        guard violation == nil else { return }
        violation = Violation(invariant: invariant, details: details, partition: partition)
        scheduler.isStopped = true
    }

    func note(
        _ kind: Trace.Kind,
        host: Int = -1,
        partition: Int = -1,
        _ first: Int64 = Trace.none,
        _ last: Int64 = Trace.none
    ) {
        scheduler.trace.note(
            Trace.Event(
                time: scheduler.now,
                kind: kind,
                host: host,
                partition: partition,
                first: first,
                last: last
            )
        )
    }

    private static func key(_ host: Int, _ partition: Int) -> Int { host << 16 | partition }
}

// The hub and the store.
extension Referee {
    func partitionAdded(beginningAt begin: Int64) {
        ledgers.append(Ledger(begin: begin, end: begin, lowWater: begin))
    }

    func appended(_ count: Int, to partition: Int) {
        ledgers[partition].end += Int64(count)
        ledgers[partition].processed += Array(repeating: 0, count: count)
        note(.appended, partition: partition, ledgers[partition].end)
    }

    /// The store has made the host the owner, because of what it has read.
    func claimed(_ partition: Int, by host: Int, from version: String, isMove: Bool) {
        if !claimed[partition, default: []].insert(version).inserted {
            violated(.oneWinner, "host \(host) gets version '\(version)', as somebody had before", partition: partition)
        }
        acquired[Self.key(host, partition)] = scheduler.now
        guard isMove else { return }
        moves += 1
        lastMove = scheduler.now
    }

    /// A host has made another one the owner.
    func transferred(_ partition: Int, from host: Int, to heir: Int) {
        note(.handOver, host: host, partition: partition, Int64(heir))
        transfers += 1
        moves += 1
        lastMove = scheduler.now
    }

    /// The store has told the host that the partition was not its own at a time. That it has come back since is not contradicted by it.
    func lossLearnt(host: Int, partition id: PartitionID, asOf time: Nanoseconds) {
        guard let partition = Int(id.rawValue), time >= acquired[Self.key(host, partition)] ?? 0,
            let session = sessions[Self.key(host, partition)], session.lossLearnt == nil
        else { return }
        note(.learntLoss, host: host, partition: partition)
        session.lossLearnt = scheduler.now
    }

    /// The host has read a checkpoint.
    func checkpointLoaded(_ checkpoint: Int64?, host: Int, partition: Int) {
        loaded[Self.key(host, partition)] = checkpoint
        note(.checkpointLoaded, host: host, partition: partition, checkpoint ?? Trace.none)
    }

    /// The store is about to write a checkpoint of the host. The owner is whose the partition was when the store decided that the
    /// host may write.
    func checkpointStored(_ checkpoint: Int64, host: Int, partition: Int, owner: Int?) {
        note(.checkpointStored, host: host, partition: partition, checkpoint)
        if owner != host {
            let owner = owner.map { "host \($0)" } ?? "nobody"
            violated(.checkpointOwner, "host \(host) writes \(checkpoint), \(owner) owns it", partition: partition)
        }
        if let former = ledgers[partition].checkpoint, checkpoint <= former {
            violated(.monotone, "host \(host) writes \(checkpoint) over \(former)", partition: partition)
        }
        ledgers[partition].checkpoint = checkpoint
        if checkpoint >= ledgers[partition].lowWater {
            violated(
                .noSkip,
                "host \(host) writes \(checkpoint), but \(ledgers[partition].lowWater) has never been processed",
                partition: partition
            )
        }
    }
}

// The processors.
extension Referee {
    func sessionBegan(host: Int, partition: Int) -> Session {
        let key = Self.key(host, partition)
        let session = Session(host: host, partition: partition, checkpoint: loaded[key])
        sessions[key] = session
        return session
    }

    func processing(_ range: ClosedRange<Int64>, in session: Session, from receiver: SimulatedReceiver?) {
        let (host, partition) = (session.host, session.partition)
        note(.processing, host: host, partition: partition, range.lowerBound, range.upperBound)
        if session.isBusy { violated(.oneCall, "host \(host)", partition: partition) }
        session.isBusy = true
        let expected = session.next ?? session.checkpoint.map { $0 + 1 } ?? ledgers[partition].begin
        if range.lowerBound != expected, range.lowerBound != session.failed {
            violated(.order, "host \(host) is given \(range), expected is \(expected)", partition: partition)
        }
        session.next = range.upperBound + 1
        session.failed = nil
        if sessions[Self.key(host, partition)] !== session {
            violated(.oneCall, "host \(host) goes on with a former session", partition: partition)
        }
        if let learnt = session.lossLearnt, scheduler.now > learnt + Self.reactionTime {
            violated(
                .stopsWhenLost,
                "host \(host) was told \((scheduler.now - learnt) / 1_000_000) ms ago",
                partition: partition
            )
        }
        // A host may give its processor less at a time than it has received.
        guard let receiver, receiver.partition == partition, let received = receiver.handedOut,
            received.contains(range.lowerBound), received.contains(range.upperBound)
        else {
            return violated(.order, "host \(host) is given \(range) that was not received", partition: partition)
        }
        if receiver.isClosed || receiver.hasToldOfItsEnd {
            violated(.stopsWhenLost, "host \(host): receiver \(receiver.number) has ended", partition: partition)
        }
        if let last = receiver.lastBeforeCutOff, range.upperBound > last {
            violated(
                .oneOwner,
                "host \(host) reads \(range) with receiver \(receiver.number), which was cut off at \(last)",
                partition: partition
            )
        }
    }

    func processed(_ range: ClosedRange<Int64>, in session: Session) {
        let partition = session.partition
        note(.processed, host: session.host, partition: partition, range.lowerBound, range.upperBound)
        session.isBusy = false
        mark(range, of: partition, countsRepeats: true)
    }

    /// A policy of the host has decided that the events are done with.
    func setAside(_ range: ClosedRange<Int64>, host: Int, partition: Int, _ how: Trace.Kind) {
        note(how, host: host, partition: partition, range.lowerBound, range.upperBound)
        mark(range, of: partition, countsRepeats: false)
        sessions[Self.key(host, partition)]?.next = range.upperBound + 1
    }

    private func mark(_ range: ClosedRange<Int64>, of partition: Int, countsRepeats: Bool) {
        for number in range {
            let index = Int(number - ledgers[partition].begin)
            if ledgers[partition].processed[index] == 0 {
                processedEvents += 1
            } else if countsRepeats {
                duplicates += 1
            }
            ledgers[partition].processed[index] = min(ledgers[partition].processed[index] + 1, 200)
        }
        var lowWater = ledgers[partition].lowWater
        while lowWater < ledgers[partition].end,
            ledgers[partition].processed[Int(lowWater - ledgers[partition].begin)] > 0
        {
            lowWater += 1
        }
        ledgers[partition].lowWater = lowWater
    }

    func threw(_ range: ClosedRange<Int64>, in session: Session) {
        note(.processorThrew, host: session.host, partition: session.partition, range.lowerBound, range.upperBound)
        session.isBusy = false
        session.next = range.lowerBound
        session.failed = range.lowerBound
    }

    func sessionEnded(_ session: Session) {
        note(.processorClosed, host: session.host, partition: session.partition)
        if session.isBusy { violated(.oneCall, "closed while it processes", partition: session.partition) }
    }
}

// The end.
extension Referee {
    /// The first partition with an event that nobody has processed.
    var unprocessed: Int? { ledgers.firstIndex { $0.lowWater < $0.end } }

    func checkEverythingProcessed() {
        guard let partition = unprocessed else { return }
        let ledger = ledgers[partition]
        violated(.everything, "\(ledger.lowWater) has not, the partition ends at \(ledger.end)", partition: partition)
    }

    func checkCheckpointsAtTheEnd() {
        for (partition, ledger) in ledgers.enumerated() where ledger.end > ledger.begin {
            guard ledger.checkpoint != ledger.end - 1 else { continue }
            let checkpoint = ledger.checkpoint.map { "\($0)" } ?? "missing"
            violated(
                .checkpointsInTheEnd,
                "the checkpoint of partition \(partition) is \(checkpoint), the last event \(ledger.end - 1)",
                partition: partition
            )
        }
    }
}
