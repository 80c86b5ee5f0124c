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

import HeapModule

/// Virtual time.
typealias Nanoseconds = Int64

/// Runs a whole simulated world on one thread: of all that is ready, the seed decides what runs next; when nothing is ready, time goes on
/// to the next timer.
final class JobScheduler: @unchecked Sendable {
    private struct Alarm: Comparable {
        let time: Nanoseconds
        let order: UInt64
        let timer: SimulatedTimer

        static func == (left: Alarm, right: Alarm) -> Bool { left.order == right.order }
        static func < (left: Alarm, right: Alarm) -> Bool { (left.time, left.order) < (right.time, right.order) }
    }

    /// The one that jobs go to: of the world that is being simulated.
    @exclusivity(unchecked) nonisolated(unsafe) static var current = JobScheduler(seed: 0)

    // One thread runs it all, twenty thousand items a seed, and nothing of the following is changed by who has it in hand: exclusive
    // access is not checked.

    /// The world around the hosts.
    let environment: Domain
    /// In whose name work is done at the moment.
    @exclusivity(unchecked) unowned(unsafe) var domain: Domain
    @exclusivity(unchecked) private(set) var now: Nanoseconds = 0
    @exclusivity(unchecked) var runnable: [Item] = []
    @exclusivity(unchecked) var generator: SimulationRandom
    let trace: Trace
    /// What jobs are told that they run on.
    let executor = SimulationExecutor.shared.asUnownedSerialExecutor()
    /// How often in a million a job has to wait a while though it is ready, as when a machine is busy.
    @exclusivity(unchecked) var deferralsPerMillion = 0
    /// Ends the run.
    @exclusivity(unchecked) var isStopped = false

    /// How long a deferred job waits at most.
    static let longestDeferral: Nanoseconds = 500.milliseconds
    /// More than any run needs between two moments: whoever gets there goes round in a circle.
    private static let itemsPerMoment = 200_000

    @exclusivity(unchecked) private var alarms = Heap<Alarm>()
    private var lastOrder: UInt64 = 0
    @exclusivity(unchecked) private(set) var itemsRun = 0

    init(seed: UInt64, trace: Trace = Trace(isPrinting: false)) {
        generator = SimulationRandom(seed: seed)
        self.trace = trace
        let environment = Domain(name: "world", index: -1)
        (self.environment, domain) = (environment, environment)
    }

    func enqueue(_ job: UnownedJob) {
        put(Item(domain: domain, content: .job(job)))
    }

    /// Does the work as soon as its turn comes, in the name of the domain.
    func post(in domain: Domain, _ work: @escaping () -> Void) {
        put(Item(domain: domain, content: .work(work)))
    }

    func add(_ timer: SimulatedTimer, at time: Nanoseconds) {
        lastOrder += 1
        alarms.insert(Alarm(time: time, order: lastOrder, timer: timer))
    }

    /// Runs until the time has come or somebody stops the run.
    ///
    /// - Returns: False when the world goes round in a circle without time going on.
    func run(until end: Nanoseconds) -> Bool {
        var itemsNow = 0
        while !isStopped {
            guard !runnable.isEmpty else {
                guard let next = nextAlarm(), next <= end else { break }
                now = next
                itemsNow = 0
                while let alarm = alarms.min, alarm.time <= now {
                    _ = fire(alarms.removeMin().timer)
                }
                continue
            }
            let index = runnable.count == 1 ? 0 : generator.below(runnable.count)
            runnable.swapAt(index, runnable.count - 1)
            let item = runnable.removeLast()
            itemsRun += 1
            itemsNow += 1
            trace.mix(UInt64(truncatingIfNeeded: index &* 31 &+ item.domain.index))
            guard itemsNow <= Self.itemsPerMoment else { return false }
            if deferralsPerMillion > 0, item.domain !== environment, generator.below(1_000_000) < deferralsPerMillion {
                delay(item)
            } else {
                perform(item)
            }
        }
        if !isStopped { now = max(now, end) }
        return true
    }

    /// The time of the first alarm that still counts.
    private func nextAlarm() -> Nanoseconds? {
        while let alarm = alarms.min {
            if isLive(alarm.timer) { return alarm.time }
            _ = alarms.removeMin()
        }
        return nil
    }

    /// The item stays ready in the books of its domain, but is not picked before some time has passed.
    private func delay(_ item: Item) {
        let pause = Nanoseconds(generator.below(Int(Self.longestDeferral)))
        schedule(after: pause, in: environment) { [self] in
            guard item.domain.condition != .dead else { return }
            runnable.append(item)
        }
    }
}

extension BinaryInteger {
    /// So many milliseconds, in nanoseconds.
    var milliseconds: Nanoseconds { Nanoseconds(self) * 1_000_000 }
    /// So many seconds, in nanoseconds.
    var seconds: Nanoseconds { Nanoseconds(self) * 1_000_000_000 }
}
