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

/// What lives and dies together: one process of the simulated world, or the world around them.
///
/// Jobs, timers and answers belong to the domain that was running when they were made. Nobody but the domain itself resumes its tasks:
/// whoever has something for it leaves work in its name with the scheduler.
final class Domain: @unchecked Sendable {
    enum Condition {
        case running
        /// Nothing of it runs until it goes on, as in a long collection of garbage.
        case paused
        /// Nothing of it will ever run again.
        case dead
    }

    let name: String
    /// Where it stands in the trace; the world around has -1.
    let index: Int
    @exclusivity(unchecked) fileprivate(set) var condition = Condition.running
    fileprivate var parked: [JobScheduler.Item] = []
    /// Timers that have neither gone off nor been cancelled.
    @exclusivity(unchecked) fileprivate(set) var liveTimers = 0
    /// Jobs and work that wait for their turn.
    @exclusivity(unchecked) fileprivate(set) var waiting = 0

    init(name: String, index: Int) {
        self.name = name
        self.index = index
    }

    /// Whether there is anything that would still run.
    var isQuiet: Bool { liveTimers == 0 && waiting == 0 }
}

/// Goes off once, unless it is cancelled before.
final class SimulatedTimer: @unchecked Sendable {
    fileprivate let domain: Domain
    @exclusivity(unchecked) fileprivate var work: (() -> Void)?

    fileprivate init(domain: Domain, work: @escaping () -> Void) {
        self.domain = domain
        self.work = work
    }

    func cancel() {
        guard work != nil else { return }
        work = nil
        domain.liveTimers -= 1
    }
}

extension JobScheduler {
    /// One piece of work that is ready.
    struct Item {
        enum Content {
            case job(UnownedJob)
            case work(() -> Void)
        }

        /// The world keeps its domains for as long as it runs.
        unowned(unsafe) let domain: Domain
        let content: Content
    }

    func put(_ item: Item) {
        guard item.domain.condition != .dead else { return }
        item.domain.waiting += 1
        runnable.append(item)
    }

    /// Runs the item, if its domain runs.
    func perform(_ item: Item) {
        switch item.domain.condition {
        case .dead: return
        case .paused: item.domain.parked.append(item)
        case .running:
            item.domain.waiting -= 1
            domain = item.domain
            switch item.content {
            case .job(let job): job.runSynchronously(on: executor)
            case .work(let work): work()
            }
            domain = environment
        }
    }

    /// Does the work when the time has come, in the name of the domain.
    @discardableResult
    func schedule(after delay: Nanoseconds, in domain: Domain, _ work: @escaping () -> Void) -> SimulatedTimer {
        let timer = SimulatedTimer(domain: domain, work: work)
        domain.liveTimers += 1
        add(timer, at: now + max(delay, 0))
        return timer
    }

    /// Makes what the timer stands for ready to run. False: it had been cancelled.
    func fire(_ timer: SimulatedTimer) -> Bool {
        guard let work = timer.work else { return false }
        timer.cancel()
        put(Item(domain: timer.domain, content: .work(work)))
        return true
    }

    /// Whether the timer counts: time need not go on for one that was cancelled or whose domain is dead.
    func isLive(_ timer: SimulatedTimer) -> Bool {
        timer.work != nil && timer.domain.condition != .dead
    }

    func kill(_ domain: Domain) {
        domain.condition = .dead
        domain.parked = []
    }

    func pause(_ domain: Domain) {
        guard domain.condition == .running else { return }
        domain.condition = .paused
    }

    func goOn(_ domain: Domain) {
        guard domain.condition == .paused else { return }
        domain.condition = .running
        runnable += domain.parked
        domain.parked = []
    }
}
