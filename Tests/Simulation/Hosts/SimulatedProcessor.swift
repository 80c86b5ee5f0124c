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

/// How the processors of a host behave.
struct ProcessorBehaviour {
    /// How many of a thousand batches take up to so long.
    var slowBatches = 0
    var slowest: Nanoseconds = 0
    /// How many of a hundred of those take no notice of their cancellation.
    var stubbornBatches = 0
    /// How many of a thousand batches fail, before or after they were worked on.
    var failingBatches = 0
    /// How many of a thousand calls of `open` and `close` fail.
    var failingCalls = 0
    /// After how many batches the processor asks for a checkpoint itself. Nil: never.
    var checkpointEvery: Int?
    /// Whether it waits for them; otherwise they are written beside the next batches.
    var waitsForCheckpoints = true

    /// The same without what goes wrong.
    var calm: ProcessorBehaviour {
        ProcessorBehaviour(checkpointEvery: checkpointEvery, waitsForCheckpoints: waitsForCheckpoints)
    }
}

/// The processor broke down, as its behaviour has it.
struct ProcessorFailure: Error {}

/// Tells the referee what it is called with.
final class SimulatedProcessor: EventProcessor {
    private let host: SimulatedHost
    private let partition: Int
    private let session: Referee.Session
    private var batches = 0
    private var referee: Referee { host.world.referee }
    private var scheduler: JobScheduler { host.world.scheduler }

    init(host: SimulatedHost, partition: Int) {
        self.host = host
        self.partition = partition
        session = host.world.referee.sessionBegan(host: host.number, partition: partition)
    }

    func open(_ context: PartitionContext) async throws {
        referee.note(.processorOpened, host: host.number, partition: partition)
        try breakDownPerhaps()
    }

    func process(_ events: EventBatch, in context: PartitionContext) async throws {
        guard let first = events.first, let last = events.last else { return }
        let range = first.sequenceNumber...last.sequenceNumber
        referee.processing(range, in: session, from: host.hub.receivers[partition])
        do {
            try await work()
        } catch {
            referee.threw(range, in: session)
            throw error
        }
        if host.world.sabotage == .lyingProcessor, draw(50) {
            session.isBusy = false
        } else {
            referee.processed(range, in: session)
        }
        batches += 1
        if let every = host.behaviour.checkpointEvery, batches.isMultiple(of: every) {
            // A refusal is the host's business: it has told the pump already.
            if host.behaviour.waitsForCheckpoints {
                try? await context.checkpoint()
            } else {
                let last = last.detached()
                Task { @concurrent in try? await context.checkpoint(last) }
            }
        }
    }

    func close(_ context: PartitionContext, reason: CloseReason) async throws {
        referee.sessionEnded(session)
        if host.behaviour.checkpointEvery != nil, reason == .shutdown || reason == .handedOver {
            try? await context.checkpoint()
        }
        try breakDownPerhaps()
    }

    private func work() async throws {
        let isFailing = draw(host.behaviour.failingBatches)
        if isFailing, scheduler.generator.percent(50) { throw ProcessorFailure() }
        if draw(host.behaviour.slowBatches) {
            let time = 1 + Nanoseconds(scheduler.generator.below(Int(max(host.behaviour.slowest, 1))))
            let clock = host.clock
            if isStubborn() {
                await Task { @concurrent in try? await clock.sleep(for: .nanoseconds(time)) }.value
            } else {
                try await clock.sleep(for: .nanoseconds(time))
            }
        }
        if isFailing { throw ProcessorFailure() }
    }

    private func isStubborn() -> Bool {
        host.behaviour.stubbornBatches > 0 && scheduler.generator.percent(host.behaviour.stubbornBatches)
    }

    private func breakDownPerhaps() throws {
        if draw(host.behaviour.failingCalls) { throw ProcessorFailure() }
    }

    private func draw(_ chance: Int) -> Bool { chance > 0 && scheduler.generator.below(1_000) < chance }
}

/// Where events go that a policy sets aside.
struct SimulatedSink: DeadLetterSink {
    let host: SimulatedHost

    func park(_ failure: BatchFailure) async throws {
        try await host.clock.sleep(for: .milliseconds(1 + host.world.scheduler.generator.below(100)))
        if host.world.scheduler.generator.percent(10) { throw ProcessorFailure() }
        host.setAside(failure, .parked)
    }
}
