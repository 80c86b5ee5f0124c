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

/// A receiver: events get to it some time after they are in the log, and so does the news that it was cut off.
final class SimulatedReceiver: PartitionReceiving, @unchecked Sendable {
    let partition: Int
    let number: Int
    /// What the last call of `nextBatch` returned.
    private(set) var handedOut: ClosedRange<Int64>?
    private(set) var isClosed = false
    /// Whether `nextBatch` has thrown: its host knows.
    private(set) var hasToldOfItsEnd = false
    /// The last event it had, or had under way, when the service cut it off. Nil: it was not.
    private(set) var lastBeforeCutOff: Int64?
    /// Set once the host has it.
    weak var client: HubClient?

    private let hub: SimulatedHub
    private let domain: Domain
    private var next: Int64
    /// What has arrived ends here.
    private var arrived: Int64
    /// What is on its way ends here.
    private var sent: Int64
    private var failure: EventHubsError?
    private var isSilent = false
    private var waiter: Reply<Void>?

    init(hub: SimulatedHub, partition: Int, number: Int, next: Int64, in domain: Domain) {
        self.hub = hub
        self.partition = partition
        self.number = number
        self.domain = domain
        self.next = next
        arrived = next
        sent = next
    }

    var lastEnqueued: LastEnqueuedEvent? { nil }

    /// The service sends what is new.
    func logHasGrown() {
        let end = hub.partitions[partition].end
        guard end > sent, lastBeforeCutOff == nil || hub.sabotage == .deafReceiver else { return }
        sent = end
        hub.scheduler.schedule(after: hub.latency(), in: domain) { [self] in
            guard !isSilent else { return }
            arrived = max(arrived, end)
            wake()
        }
    }

    /// No event arrives any more, though the connection lives: the news of its end still would.
    func goSilent() { isSilent = true }

    /// The service sends nothing more, and says so.
    func cutOff(because error: EventHubsError) {
        guard lastBeforeCutOff == nil else { return }
        lastBeforeCutOff = sent - 1
        hub.referee.note(.receiverCutOff, host: domain.index, partition: partition, Int64(number))
        guard hub.sabotage != .deafReceiver else { return }
        hub.scheduler.schedule(after: hub.latency(), in: domain) { [self] in
            failure = failure ?? error
            wake()
        }
    }

    func nextBatch(maximumCount: Int?, maximumWait: Duration?) async throws(EventHubsError) -> EventBatch? {
        var timer: SimulatedTimer?
        var hasWaited = false
        defer { timer?.cancel() }
        while true {
            if Task.isCancelled { throw EventHubsError(.cancelled, "the wait was cancelled") }
            if isClosed { return nil }
            if let failure {
                if !hasToldOfItsEnd {
                    hub.referee.note(.receiverNoticed, host: domain.index, partition: partition, Int64(number))
                }
                hasToldOfItsEnd = true
                throw failure
            }
            if next < arrived {
                let range = next...(min(arrived, next + Int64(min(maximumCount ?? .max, 4_096))) - 1)
                next = range.upperBound + 1
                handedOut = range
                return SimulatedHub.batch(range)
            }
            if hasWaited { return .empty }
            if let maximumWait, timer == nil {
                timer = hub.scheduler.schedule(after: maximumWait.inNanoseconds, in: domain) { [self] in
                    hasWaited = true
                    wake()
                }
            }
            _ = try? await Reply<Void>.awaiting(in: domain) { waiter = $0 }
        }
    }

    func close() async {
        guard !isClosed else { return }
        isClosed = true
        hub.referee.note(.receiverClosed, host: domain.index, partition: partition, Int64(number))
        client?.receiverEnded()
        hub.scheduler.schedule(after: hub.latency(), in: hub.scheduler.environment) { [self] in hub.detach(self) }
        wake()
    }

    private func wake() {
        waiter?.finish(.success(()))
        waiter = nil
    }
}
