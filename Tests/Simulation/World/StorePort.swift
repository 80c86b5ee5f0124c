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

/// What can happen to calls to a store, each in so many of a thousand.
struct StoreFaults {
    /// The call fails and nothing was done.
    var failures = 0
    /// It was done, but the answer is an error.
    var lostResponses = 0
    /// Nothing is done and no answer comes, ever.
    var silences = 0
    /// It was done, and no answer comes.
    var lostAnswers = 0
    /// The call takes up to twenty seconds.
    var delays = 0

    static let none = StoreFaults()
}

/// The store failed, in the simulated world.
struct StoreOutage: Error, CustomStringConvertible {
    let description: String
}

/// The way from one host to the store: it takes time, and it fails.
final class StorePort: @unchecked Sendable {
    let store: SimulatedStore
    let domain: Domain
    var faults = StoreFaults.none
    /// Until then every call from here fails, or gets no answer.
    var outage: (until: Nanoseconds, isSilent: Bool)?
    /// Calls whose task still waits.
    private(set) var pending = 0
    private var scheduler: JobScheduler { store.scheduler }

    init(store: SimulatedStore, domain: Domain) {
        self.store = store
        self.domain = domain
    }

    private enum Fate {
        case none, failure, lostResponse, silence, lostAnswer
    }

    /// Asks the store to do something at one moment. `delivered` is told when the answer has come to the host, in its own domain.
    func call<Value: Sendable>(
        _ commit: @escaping (SimulatedStore) throws -> Value,
        delivered: @escaping (Value) -> Void = { _ in }
    ) async throws -> Value {
        try Task.checkCancellation()
        let (scheduler, domain, store) = (scheduler, domain, store)
        let fate = drawFate()
        let (there, back) = (latency(), latency())
        if fate != .none { store.referee.note(.storeFault, host: domain.index) }
        pending += 1
        defer { pending -= 1 }
        return try await Reply<Value>.awaiting(in: domain) { reply in
            scheduler.schedule(after: there, in: scheduler.environment) {
                let result: Result<Value, any Error>
                switch fate {
                case .silence: return
                case .failure: result = .failure(StoreOutage(description: "the store fails"))
                case .none, .lostResponse, .lostAnswer: result = Result { try commit(store) }
                }
                guard fate != .lostAnswer else { return }
                scheduler.schedule(after: back, in: domain) {
                    guard fate != .lostResponse else {
                        return reply.finish(.failure(StoreOutage(description: "the connection was lost")))
                    }
                    if case .success(let value) = result, !reply.isAbandoned { delivered(value) }
                    reply.finish(result)
                }
            }
        }
    }

    private func drawFate() -> Fate {
        if let outage, scheduler.now < outage.until { return outage.isSilent ? .silence : .failure }
        var dice = scheduler.generator.below(1_000)
        for (chance, fate) in [
            (faults.failures, Fate.failure), (faults.lostResponses, .lostResponse), (faults.silences, .silence),
            (faults.lostAnswers, .lostAnswer),
        ] {
            if dice < chance { return fate }
            dice -= chance
        }
        return .none
    }

    private func latency() -> Nanoseconds {
        let isSlow = faults.delays > 0 && scheduler.generator.below(1_000) < faults.delays
        if store.sabotage == .outsideChance { return .random(in: 1...store.latency) }
        return Nanoseconds(1 + scheduler.generator.below(isSlow ? Int(20.seconds) : Int(store.latency)))
    }
}
