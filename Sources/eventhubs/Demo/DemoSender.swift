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
import Synchronization

/// Sends the demo's telemetry at an even rate, by partition key, until it is told to stop.
final class DemoSender: Sendable {
    private let producer: EventHubProducer
    private let plan: DemoPlan
    private let state = Mutex((sent: 0, isStopping: false))

    init(producer: EventHubProducer, plan: DemoPlan) {
        self.producer = producer
        self.plan = plan
    }

    /// Events the broker has accepted.
    var sent: Int { state.withLock { $0.sent } }

    /// Ends ``run()`` after the batches in hand.
    func stop() { state.withLock { $0.isStopping = true } }

    /// Every tick some vehicles send a few events each, in turns.
    func run() async throws {
        let clock = ContinuousClock()
        let tick: Duration = .milliseconds(20)
        let eventsPerTick = max(1, plan.eventsPerSecond / 50)
        let vehiclesPerTick = max(1, min(16, plan.vehicles, eventsPerTick))
        var generator = SystemRandomNumberGenerator()
        var numbers = [Int64](repeating: 0, count: plan.vehicles)
        var vehicle = 0
        var due = clock.now
        while !state.withLock({ $0.isStopping }) {
            for turn in 0..<vehiclesPerTick {
                let count = eventsPerTick / vehiclesPerTick + (turn < eventsPerTick % vehiclesPerTick ? 1 : 0)
                let key = DemoEvent(vehicle: vehicle, number: 0).key
                var events: [EventData] = []
                for _ in 0..<count {
                    let event = DemoEvent(vehicle: vehicle, number: numbers[vehicle])
                    events.append(EventData(event.body(using: &generator)))
                    numbers[vehicle] += 1
                }
                try await producer.send(events, to: .key(key))
                state.withLock { $0.sent += count }
                vehicle = (vehicle + 1) % plan.vehicles
            }
            due += tick
            try await clock.sleep(until: due)
        }
    }
}
