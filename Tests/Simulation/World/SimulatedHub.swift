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

/// An event hub: partitions that grow, and the service's rules for receivers.
final class SimulatedHub {
    struct Partition {
        let id: PartitionID
        /// The sequence number of its first event: another one in each partition, so that mixing them up shows.
        let begin: Int64
        var end: Int64
        var receiver: SimulatedReceiver?
        /// Until then a stranger with a higher owner level reads the partition.
        var blockedUntil: Nanoseconds = 0
    }

    let scheduler: JobScheduler
    let referee: Referee
    var sabotage: Sabotage?
    /// The longest time that something takes to get from the service to a host.
    var linkLatency: Nanoseconds = 20.milliseconds
    /// How many of a hundred attempts to open a receiver fail.
    var openingFailures = 0
    private(set) var partitions: [Partition] = []
    private var lastReceiver = 0

    /// All events there can be: partitions are windows on it.
    private static let events = EventBatch(
        copying: (0..<4_096).map { number in
            Message(
                messageAnnotations: [
                    .symbol("x-opt-sequence-number"): .long(Int64(number)),
                    .symbol("x-opt-offset"): .string(String(number)),
                    .symbol("x-opt-enqueued-time"): .timestamp(Timestamp(millisecondsSinceEpoch: Int64(number))),
                ],
                body: .data([])
            ).encoded()
        }
    )

    init(scheduler: JobScheduler, referee: Referee) {
        self.scheduler = scheduler
        self.referee = referee
    }

    static func batch(_ range: ClosedRange<Int64>) -> EventBatch {
        events[(events.startIndex + Int(range.lowerBound))...(events.startIndex + Int(range.upperBound))]
    }

    func grow(by count: Int) {
        for index in partitions.count..<(partitions.count + count) {
            let begin = Int64(index * 37 % 512)
            partitions.append(Partition(id: PartitionID(String(index)), begin: begin, end: begin))
            referee.partitionAdded(beginningAt: begin)
        }
        referee.note(.hubGrew, Int64(partitions.count))
    }

    func append(_ count: Int, to partition: Int) {
        partitions[partition].end += Int64(count)
        referee.appended(count, to: partition)
        partitions[partition].receiver?.logHasGrown()
        for receiver in deaf where receiver.partition == partition { receiver.logHasGrown() }
    }

    /// A receiver that does not hear of its being cut off, in a sabotaged world.
    private var deaf: [SimulatedReceiver] = []

    /// What the service does when a receiver attaches: it cuts the former one off.
    func attach(to partition: Int, at next: Int64, in domain: Domain) -> SimulatedReceiver {
        lastReceiver += 1
        let receiver = SimulatedReceiver(hub: self, partition: partition, number: lastReceiver, next: next, in: domain)
        cutOff(partition)
        partitions[partition].receiver = receiver
        referee.note(.receiverOpened, host: domain.index, partition: partition, next, Int64(lastReceiver))
        receiver.logHasGrown()
        return receiver
    }

    func detach(_ receiver: SimulatedReceiver) {
        guard partitions[receiver.partition].receiver === receiver else { return }
        partitions[receiver.partition].receiver = nil
    }

    private func cutOff(_ partition: Int) {
        guard let former = partitions[partition].receiver else { return }
        former.cutOff(because: EventHubsError(.ownershipLost, "a new receiver was opened"))
        if sabotage == .deafReceiver { deaf.append(former) }
    }

    /// A stranger opens a receiver with a higher owner level and keeps it for a time.
    func steal(_ partition: Int, for duration: Nanoseconds) {
        referee.note(.stolen, partition: partition, duration / 1_000_000)
        cutOff(partition)
        partitions[partition].receiver = nil
        partitions[partition].blockedUntil = scheduler.now + duration
    }

    /// The link of a receiver is dead, and nobody says so.
    func silence(_ partition: Int) {
        referee.note(.silenced, partition: partition)
        partitions[partition].receiver?.goSilent()
    }

    /// The service detaches a receiver, for a reason that passes.
    func interrupt(_ partition: Int) {
        partitions[partition].receiver?.cutOff(because: EventHubsError(.linkDetached, "the link is moved"))
        partitions[partition].receiver = nil
    }

    func latency() -> Nanoseconds {
        1.milliseconds + Nanoseconds(scheduler.generator.below(Int(linkLatency)))
    }
}

/// The hub as one host sees it.
final class HubClient: PartitionSource, @unchecked Sendable {
    let eventHub = "hub"
    let consumerGroup = "$Default"
    let hub: SimulatedHub
    let domain: Domain
    /// The receivers this host has opened last, by partition.
    private(set) var receivers: [Int: SimulatedReceiver] = [:]
    private(set) var openReceivers = 0

    init(hub: SimulatedHub, domain: Domain) {
        self.hub = hub
        self.domain = domain
    }

    func partitions() async throws(EventHubsError) -> [PartitionID] {
        try await ask { hub in .success(hub.partitions.map(\.id)) }
    }

    func properties(of id: PartitionID) async throws(EventHubsError) -> PartitionProperties {
        guard let index = Int(id.rawValue) else { throw EventHubsError(.notFound, "no such partition") }
        return try await ask { hub in
            let partition = hub.partitions[index]
            // What came before its first event has gone: only a partition that begins at zero never had any.
            let isNew = partition.end == 0
            return .success(
                PartitionProperties(
                    eventHubName: self.eventHub,
                    id: id,
                    beginningSequenceNumber: partition.begin,
                    lastEnqueuedSequenceNumber: partition.end - 1,
                    lastEnqueuedOffset: isNew ? "-1" : String(partition.end - 1),
                    lastEnqueuedTime: nil,
                    isEmpty: partition.end == partition.begin
                )
            )
        }
    }

    func resolve(_ position: EventPosition, of id: PartitionID) async throws(EventHubsError) -> EventPosition {
        position
    }

    func openPartition(
        _ id: PartitionID,
        from position: EventPosition,
        options: PartitionOptions
    ) async throws(EventHubsError) -> SimulatedReceiver {
        guard let index = Int(id.rawValue) else { throw EventHubsError(.notFound, "no such partition") }
        let domain = domain
        let receiver = try await ask { hub -> Result<SimulatedReceiver, EventHubsError> in
            let partition = hub.partitions[index]
            if partition.blockedUntil > hub.scheduler.now {
                return .failure(EventHubsError(.ownershipLost, "a receiver with a higher owner level exists"))
            }
            if hub.scheduler.generator.percent(hub.openingFailures) {
                return .failure(EventHubsError(.serverBusy, "try again", retryAdvice: .later))
            }
            var next: Int64 =
                switch position {
                case .offset(let offset, let inclusive): (Int64(offset) ?? 0) + (inclusive ? 0 : 1)
                case .sequenceNumber(let number, let inclusive): number + (inclusive ? 0 : 1)
                case .earliest, .latest, .enqueuedTime: partition.begin
                }
            // What is no longer there is skipped; offset -1 is the service's word for the oldest event.
            next = max(next, partition.begin)
            guard next <= partition.end else {
                return .failure(EventHubsError(.invalidPosition, "\(next) is not in the partition"))
            }
            if hub.sabotage == .skippingReceiver, next > partition.begin, next < partition.end { next += 1 }
            return .success(hub.attach(to: index, at: next, in: domain))
        }
        receivers[index] = receiver
        receiver.client = self
        openReceivers += 1
        return receiver
    }

    func receiverEnded() { openReceivers -= 1 }

    /// Asks the service something: the question and the answer take their time.
    private func ask<Value: Sendable>(
        _ question: @escaping (SimulatedHub) -> Result<Value, EventHubsError>
    ) async throws(EventHubsError) -> Value {
        let (hub, domain) = (hub, domain)
        do {
            return try await Reply<Value>.awaiting(in: domain) { reply in
                hub.scheduler.schedule(after: hub.latency(), in: hub.scheduler.environment) {
                    let answer = question(hub)
                    hub.scheduler.schedule(after: hub.latency(), in: domain) {
                        if reply.isAbandoned, case .success(let receiver as SimulatedReceiver) = answer {
                            hub.detach(receiver)
                        }
                        reply.finish(answer.mapError { $0 })
                    }
                }
            }
        } catch let error as EventHubsError {
            throw error
        } catch {
            throw EventHubsError(.cancelled, "the call was cancelled")
        }
    }
}
