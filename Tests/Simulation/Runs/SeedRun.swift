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
import EventHubsProcessor

/// What became of a seed.
struct SeedResult {
    let seed: UInt64
    let scenario: Scenario
    let hash: UInt64
    let violation: Violation?
    /// What led to the violation.
    let history: [Trace.Event]
    let itemsRun: Int
    let processedEvents: Int
    let duplicates: Int
    let moves: Int
    /// Moves that the former owners had agreed to.
    let transfers: Int
}

/// One seed from its beginning to its end.
///
/// First the hosts live through what the scenario and the seed have in store for them. Then nothing goes wrong any more: the group
/// has a stated time to come to rest, and is looked at. In the end all hosts are told to stop.
struct SeedRun {
    /// Cycles after the last fault, and after the leases of the dead have expired, until every host has its fair share: six to balance,
    /// and two for back-offs and partitions that are opened anew. A host that takes one partition at a time has as many more as there
    /// are partitions.
    static let cyclesToConverge: Int64 = 8
    /// For so many cycles more nothing may move.
    private static let cyclesAtRest: Int64 = 3
    /// What the last fault sets going within this time may still go on.
    private static let aftermath: Nanoseconds = 45.seconds
    private static let longestCycle: Nanoseconds = 11.seconds
    /// How often hosts look for added partitions, if others' leases do not tell them sooner: later than a hand-over is overdue.
    private static let refreshInterval: Nanoseconds = 60.seconds

    /// Who is in the consumer group.
    private enum Group {
        /// Hosts that hand partitions over.
        case cooperative
        /// Hosts that know of leases only.
        case foreign
        /// Some of both.
        case mixed
    }

    private let scenario: Scenario
    private let group: Group
    private let world: World
    private var random: SimulationRandom
    private let leaseDuration: Nanoseconds
    private let storeDeadline: Nanoseconds
    private let policy: CheckpointPolicy
    private let checkpointEvery: Int?
    private let slowestBatch: Nanoseconds
    private let balancing: BalancingStrategy
    /// When nothing goes wrong any more.
    private let faultsEnd: Nanoseconds

    /// Plays the seed.
    static func play(
        _ seed: UInt64,
        scenario: Scenario? = nil,
        sabotage: Sabotage? = nil,
        isPrinting: Bool = false
    ) -> SeedResult {
        let scenario = scenario ?? .ofSeed(seed)
        let trace = Trace(isPrinting: isPrinting)
        var run = SeedRun(seed, scenario: scenario, sabotage: sabotage, trace: trace)
        run.play()
        let referee = run.world.referee
        let result = SeedResult(
            seed: seed,
            scenario: scenario,
            hash: trace.hash,
            violation: referee.violation,
            history: referee.violation.map { trace.history(of: $0.partition, count: 40) } ?? [],
            itemsRun: run.world.scheduler.itemsRun,
            processedEvents: referee.processedEvents,
            duplicates: referee.duplicates,
            moves: referee.moves,
            transfers: referee.transfers
        )
        run.world.dismantle()
        return result
    }

    private init(_ seed: UInt64, scenario: Scenario, sabotage: Sabotage?, trace: Trace) {
        self.scenario = scenario
        var random = SimulationRandom(seed: seed)
        let style: SimulatedStore.Style = random.percent(50) ? .epochs : .names
        world = World(seed: random.next(), style: style, sabotage: sabotage, trace: trace)
        group = random.pick([.cooperative, .cooperative, .foreign, .mixed])
        leaseDuration = scenario.has(.skew) ? 60.seconds : random.pick([30, 45, 60] as [Int64]).seconds
        storeDeadline = random.pick([5, 10, 15] as [Int64]).seconds
        let isExplicit = random.percent(25)
        policy = isExplicit ? .explicit : .every(.seconds(random.pick(3...10)))
        checkpointEvery = isExplicit || random.percent(20) ? Int(random.pick(1...4)) : nil
        balancing = random.percent(80) ? .greedy : .balanced
        slowestBatch = scenario.has(.processors) ? random.pick(1...40).seconds : 0
        faultsEnd = random.pick(60...150).seconds
        self.random = random
    }

    private mutating func play() {
        setUp()
        plan()
        world.run(until: faultsEnd)
        calm()
        let expiry = leaseDuration + world.largestSkew
        // What a slow processor began before the calm it may finish, and so may a host that was told to stop.
        let steps = balancing == .greedy ? 0 : Int64(world.hub.partitions.count)
        let cycles = Self.cyclesToConverge + steps
        let abstention = scenario.has(.processors) ? 20.seconds : 0
        let learning = scenario.has(.growth) ? Self.refreshInterval : 0
        let balanced =
            faultsEnd + learning + slowestBatch + abstention + World.stopDeadline + expiry + cycles * Self.longestCycle
        // Until then somebody who was to come back may still do so, a call of a processor be given up, a dead host pass for alive.
        world.run(until: faultsEnd + learning + max(Self.aftermath, scenario.has(.crashes) ? expiry : 0))
        while world.scheduler.now < balanced, unrest != nil || world.referee.unprocessed != nil {
            guard world.referee.violation == nil else { return }
            world.run(until: world.scheduler.now + Self.longestCycle)
        }
        let rest = world.scheduler.now
        world.run(until: rest + Self.cyclesAtRest * Self.longestCycle)
        guard world.referee.violation == nil else { return }
        checkRest(since: rest)
        stopEverybody()
    }
}

// Before.
extension SeedRun {
    private mutating func setUp() {
        let batch = Int(random.pick(1...10))
        let wait: Duration? = random.percent(15) ? .seconds(3) : nil
        let handlerDeadline: Duration? = scenario.has(.processors) && random.percent(50) ? .seconds(10) : nil
        let (lease, deadline, policy, balancing) = (leaseDuration, storeDeadline, policy, balancing)
        world.configure = { configuration in
            configuration.balancing = balancing
            configuration.handlerDeadline = handlerDeadline
            configuration.handlerGracePeriod = .seconds(10)
            configuration.endCheckInterval = .seconds(20)
            configuration.leaseDuration = .nanoseconds(lease)
            configuration.stopDeadline = .nanoseconds(World.stopDeadline)
            configuration.storeDeadline = .nanoseconds(deadline)
            configuration.checkpointPolicy = policy
            configuration.maximumBatchCount = batch
            configuration.maximumWait = wait
            configuration.partitionRefreshInterval = .nanoseconds(Self.refreshInterval)
            configuration.retryBackOff = BackOff(initial: .seconds(1), maximum: .seconds(8))
        }
        if scenario.has(.skew) { world.largestSkew = 30.seconds }
        if random.percent(50) { world.scheduler.deferralsPerMillion = Int(random.pick(100...10_000)) }
        world.store.latency = random.pick([1, 10, 100, 1_000] as [Int64]).milliseconds
        world.hub.linkLatency = random.pick([1, 20, 500] as [Int64]).milliseconds
        var behaviour = ProcessorBehaviour(checkpointEvery: checkpointEvery, waitsForCheckpoints: random.percent(50))
        if scenario.has(.processors) {
            behaviour.slowBatches = Int(random.pick(0...200))
            behaviour.slowest = slowestBatch
            behaviour.stubbornBatches = Int(random.pick(0...50))
            behaviour.failingBatches = Int(random.pick(0...100))
            behaviour.failingCalls = Int(random.pick(0...50))
        }
        var faults = StoreFaults.none
        if scenario.has(.store) {
            faults.failures = Int(random.pick(0...50))
            faults.lostResponses = Int(random.pick(0...50))
            faults.silences = Int(random.pick(0...20))
            faults.lostAnswers = Int(random.pick(0...20))
            faults.delays = Int(random.pick(0...50))
        }
        let end = faultsEnd
        let group = group
        world.prepare = { host in
            host.behaviour = behaviour
            host.cooperates =
                switch group {
                case .cooperative: true
                case .foreign: false
                case .mixed: host.number.isMultiple(of: 2)
                }
            guard host.world.scheduler.now < end else { return host.behaviour = behaviour.calm }
            host.port.faults = faults
        }
        if scenario.has(.links) { world.hub.openingFailures = Int(random.pick(0...20)) }
        world.hub.grow(by: Int(random.pick(4...10)))
        for partition in world.hub.partitions.indices {
            let count = Int(random.pick(0...12))
            if count > 0 { world.hub.append(count, to: partition) }
        }
    }

    /// Draws what happens and when.
    private mutating func plan() {
        let world = world
        for _ in 0..<random.pick(1...4) { world.at(random.pick(0...5_000).milliseconds) { world.startHost() } }
        // The last events come when nothing goes wrong any more.
        for partition in world.hub.partitions.indices {
            for _ in 0..<random.pick(0...4) {
                let count = Int(random.pick(1...8))
                world.at(time(upTo: faultsEnd + 20.seconds)) { world.hub.append(count, to: partition) }
            }
        }
        if scenario.has(.planned) { planMoves() }
        if scenario.has(.crashes) { planCrashes() }
        if scenario.has(.pauses) { planPauses() }
        if scenario.has(.store) { planOutages() }
        if scenario.has(.links) { planInterruptions() }
        if scenario.has(.growth) {
            let count = Int(random.pick(1...4))
            world.at(time(upTo: faultsEnd)) {
                let former = world.hub.partitions.count
                world.hub.grow(by: count)
                for partition in former..<(former + count) { world.hub.append(3, to: partition) }
            }
        }
    }

    private mutating func time(upTo end: Nanoseconds) -> Nanoseconds { random.pick(1...(end / 1_000_000)).milliseconds }

    private mutating func planMoves() {
        let world = world
        for _ in 0..<random.pick(1...2) { world.at(time(upTo: faultsEnd)) { world.startHost() } }
        for _ in 0..<random.pick(0...2) {
            let isCancelled = scenario == .chaos && random.percent(30)
            let comesBack = random.percent(50)
            let pause = random.pick(0...20).seconds
            world.at(time(upTo: faultsEnd)) {
                let live = world.liveHosts
                guard live.count > 1 else { return }
                let host = world.scheduler.generator.pick(live)
                host.stop(cancelling: isCancelled)
                if comesBack { world.at(world.scheduler.now + pause) { world.startHost() } }
            }
        }
    }

    private mutating func planCrashes() {
        let world = world
        for _ in 0..<random.pick(1...3) {
            let (comesBack, keepsName) = (random.percent(70), random.percent(50))
            let pause = random.pick(1...30).seconds
            world.at(time(upTo: faultsEnd)) {
                let live = world.liveHosts
                guard !live.isEmpty else { return }
                let host = world.scheduler.generator.pick(live)
                host.crash()
                guard comesBack || live.count == 1 else { return }
                world.at(world.scheduler.now + pause) { world.startHost(named: keepsName ? host.name : nil) }
            }
        }
    }

    private mutating func planPauses() {
        let world = world
        for _ in 0..<random.pick(1...4) {
            let start = time(upTo: faultsEnd)
            let duration = min(random.pick(1...100).seconds, faultsEnd - start)
            world.at(start) {
                let live = world.liveHosts
                guard !live.isEmpty else { return }
                world.scheduler.generator.pick(live).pause(for: duration)
            }
        }
    }

    private mutating func planOutages() {
        let world = world
        guard random.percent(50) else { return }
        let (start, isSilent, isForAll) = (time(upTo: faultsEnd), random.percent(50), random.percent(50))
        let end = min(start + random.pick(5...90).seconds, faultsEnd)
        world.at(start) {
            for host in world.hosts where isForAll || world.scheduler.generator.percent(50) {
                host.port.outage = (end, isSilent)
            }
        }
    }

    private mutating func planInterruptions() {
        let world = world
        for _ in 0..<random.pick(1...6) {
            let partition = Int(random.pick(0...Int64(world.hub.partitions.count - 1)))
            let start = time(upTo: faultsEnd)
            let duration = min(random.percent(50) ? 0 : random.pick(1...40).seconds, faultsEnd - start)
            let kind = random.pick(0...9)
            world.at(start) {
                switch kind {
                case 0: world.hub.silence(partition)
                case ..<4: world.hub.interrupt(partition)
                default: world.hub.steal(partition, for: duration)
                }
            }
        }
    }
}

// After.
extension SeedRun {
    /// Nothing goes wrong any more.
    private func calm() {
        world.scheduler.deferralsPerMillion = 0
        world.hub.openingFailures = 0
        for host in world.hosts {
            host.port.faults = .none
            host.port.outage = nil
            host.behaviour = host.behaviour.calm
        }
        if world.liveHosts.isEmpty { world.startHost() }
    }

    /// Why the group is not at rest yet.
    private var unrest: (what: String, partition: Int?)? {
        if let host = world.hosts.first(where: { $0.isStopping && !$0.isCrashed && $0.end == nil }) {
            return ("host \(host.number) is still stopping", nil)
        }
        var counts = Dictionary(uniqueKeysWithValues: world.liveHosts.map { ($0.number, 0) })
        for (index, partition) in world.hub.partitions.enumerated() {
            let owner = world.store.owner(of: partition.id).flatMap { world.store.hostNumber[$0] }
            guard let owner, counts[owner] != nil else { return ("no live host owns partition \(index)", index) }
            guard let receiver = partition.receiver, world.hosts[owner].hub.receivers[index] === receiver else {
                return ("host \(owner) owns and does not read", index)
            }
            counts[owner, default: 0] += 1
        }
        if let least = counts.values.min(), let most = counts.values.max(), most > least + 1 {
            let list = counts.sorted { $0.key < $1.key }.map { "host \($0.key): \($0.value)" }
            return (list.joined(separator: ", "), nil)
        }
        return nil
    }

    private func checkRest(since rest: Nanoseconds) {
        let referee = world.referee
        if let unrest { referee.violated(.fairShare, unrest.what, partition: unrest.partition) }
        if referee.lastMove > rest {
            referee.violated(.fairShare, "a partition moved at \(referee.lastMove / 1_000_000) ms")
        }
        referee.checkEverythingProcessed()
        checkRepeats()
        if policy != .explicit { referee.checkCheckpointsAtTheEnd() }
    }

    /// Nothing has gone wrong, and every move was agreed upon: nothing was done twice.
    private func checkRepeats() {
        let referee = world.referee
        let isPeaceful = [.steady, .planned, .growth, .skew].contains(scenario)
        guard group == .cooperative, isPeaceful, referee.duplicates > 0 else { return }
        referee.violated(.noDuplicates, "\(referee.duplicates) events were processed again")
    }

    private func stopEverybody() {
        guard world.referee.violation == nil else { return }
        for host in world.liveHosts { host.stop() }
        world.run(until: world.scheduler.now + World.stopDeadline)
        guard world.referee.violation == nil else { return }
        for host in world.hosts where !host.isCrashed && host.end == nil {
            world.referee.violated(.boundedStop, "host \(host.number) has not ended")
        }
        for (index, partition) in world.hub.partitions.enumerated() {
            guard let owner = world.store.owner(of: partition.id) else { continue }
            world.referee.violated(.boundedStop, "\(owner) still owns partition \(index)", partition: index)
        }
        // Longer than any call to the store or sleep of a processor.
        world.run(until: world.scheduler.now + 60.seconds)
        for host in world.hosts where !host.isCrashed {
            guard let remains = host.remains else { continue }
            world.referee.violated(.noLeak, "host \(host.number): \(remains)")
        }
        checkRepeats()
    }
}
