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

internal import ArgumentParser
internal import EventHubs
internal import EventHubsProcessor
import Foundation
internal import Histogram
internal import Synchronization

/// From the producer's call to the processor's: events sent one by one through the emulator to a full host.
struct LatencyProbe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "latency")

    @Option(help: "The emulator's connection string.") var connectionString: String
    @Option(help: "Events per second; 0: as many as go through with 256 on their way.") var rate = 0
    @Option var seconds = 4

    /// How long the clock sleeps at least, in nanoseconds; then it sends all that is due.
    private static let tick: UInt64 = 200_000

    @concurrent
    func run() async throws {
        let record = LatencyRecord()
        let consumer = try EventHubConsumer(connectionString: connectionString)
        let producer = try EventHubProducer(connectionString: connectionString)
        var configuration = HostConfiguration.quiet
        configuration.initialPosition = { _ in .earliest }
        let host = EventProcessorHost(
            consumer: consumer,
            leaseManager: InMemoryLeaseManager(),
            checkpointManager: InMemoryCheckpointManager(),
            configuration: configuration
        ) { _ in StampReader(record: record) }
        let running = Task { @concurrent in try await host.run() }
        // The first events open links and find the host: they are not counted.
        for _ in 0..<100 { try await producer.send([EventData(Stamp.now.bytes)], to: .partition("0")) }
        while record.count < 100 { try await Task.sleep(for: .milliseconds(5)) }
        record.reset()
        let before = ProcessUsage.now()
        let sent =
            rate > 0 ? try await send(through: producer, atRate: rate) : try await sendAtFull(through: producer)
        while record.count < sent { try await Task.sleep(for: .milliseconds(5)) }
        let usage = ProcessUsage.now() - before
        host.shutDown()
        try await running.value
        await producer.close()
        await consumer.close()
        var result = [
            "events": Double(sent),
            "events_per_second": Double(sent) / usage.wallSeconds,
            "cpu_us_per_event": usage.cpuSeconds / Double(sent) * 1e6,
        ]
        if rate > 0 { result.merge(record.microseconds) { $1 } }
        print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
    }

    /// As many as go through with 256 on their way.
    @concurrent
    private func sendAtFull(through producer: EventHubProducer) async throws -> Int {
        let end = ContinuousClock.now.advanced(by: .seconds(seconds))
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<256 {
                group.addTask { @concurrent in
                    var sent = 0
                    while ContinuousClock.now < end {
                        try await producer.send([EventData(Stamp.now.bytes)], to: .partition("0"))
                        sent += 1
                    }
                    return sent
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// By the clock, whether earlier ones have arrived or not: a system that stalls does not slow its own measurement down.
    @concurrent
    private func send(through producer: EventHubProducer, atRate rate: Int) async throws -> Int {
        let total = rate * seconds
        let failure = FirstFailure()
        await withCheckedContinuation { done in
            Thread.detachNewThread {
                let start = Stamp.now.nanoseconds
                let interval = 1e9 / Double(rate)
                for index in 0..<total {
                    let due = start + UInt64(Double(index) * interval)
                    // The clock is no work of the client's, and each sleep costs more than a send: it ticks now and then.
                    let now = Stamp.now.nanoseconds
                    if due > now { Stamp.sleep(until: max(due, now + Self.tick)) }
                    Task { @concurrent in
                        // Woken a little late, which the event is not charged; when the schedule has been missed it is.
                        let now = Stamp.now.nanoseconds
                        let stamp = Stamp(nanoseconds: now > due + UInt64(max(interval, 1e6)) ? due : now)
                        do {
                            try await producer.send([EventData(stamp.bytes)], to: .partition("0"))
                        } catch {
                            failure.note(error)
                        }
                    }
                }
                done.resume()
            }
        }
        try failure.check()
        return total
    }
}

/// A time of the clock that all processes of a machine share, in an event's body.
struct Stamp: Sendable {
    var nanoseconds: UInt64

    static var now: Stamp {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Stamp(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    /// A hundred bytes, the time first.
    var bytes: [UInt8] {
        withUnsafeBytes(of: nanoseconds) { [UInt8]($0) } + [UInt8](repeating: 0x2e, count: 92)
    }

    static func sleep(until nanoseconds: UInt64) {
        var time = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000),
            tv_nsec: Int(nanoseconds % 1_000_000_000)
        )
        while clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &time, nil) == EINTR {}
    }
}

/// The first of many sends that failed.
private final class FirstFailure: Sendable {
    private let error = Mutex<(any Error)?>(nil)

    func note(_ failure: any Error) { error.withLock { $0 = $0 ?? failure } }

    func check() throws { if let error = error.withLock({ $0 }) { throw error } }
}

/// The latencies of one run.
private final class LatencyRecord: Sendable {
    private let histogram = Mutex(Histogram<UInt64>(numberOfSignificantValueDigits: .three))

    var count: Int { histogram.withLock { Int($0.totalCount) } }

    func reset() { histogram.withLock { $0.reset() } }

    func add(_ batch: EventBatch) {
        let now = Stamp.now.nanoseconds
        histogram.withLock { histogram in
            for event in batch {
                let sent = event.body.unsafeLoadUnaligned(as: UInt64.self)
                histogram.record(now > sent ? now - sent : 0)
            }
        }
    }

    var microseconds: [String: Double] {
        histogram.withLock { histogram in
            [
                "latency_p50_us": Double(histogram.valueAtPercentile(50)) / 1000,
                "latency_p90_us": Double(histogram.valueAtPercentile(90)) / 1000,
                "latency_p99_us": Double(histogram.valueAtPercentile(99)) / 1000,
                "latency_p999_us": Double(histogram.valueAtPercentile(99.9)) / 1000,
                "latency_max_us": Double(histogram.max) / 1000,
            ]
        }
    }
}

/// Reads the time that each event was sent at.
private struct StampReader: EventProcessor {
    let record: LatencyRecord

    func process(_ events: EventBatch, in context: PartitionContext) async throws { record.add(events) }
}
