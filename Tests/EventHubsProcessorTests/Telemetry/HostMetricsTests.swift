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

import CoreMetrics
import EventHubs
import Testing

@testable import EventHubsProcessor

@Suite struct HostMetricsTests {
    private let memory = MemoryMetrics()

    private func makeMetrics(namespace: String = "ns.example") throws -> HostMetrics {
        try #require(
            HostMetrics(factory: memory, namespace: namespace, eventHub: "telemetry", consumerGroup: "$Default")
        )
    }

    @Test func countsByReason() throws {
        let metrics = try makeMetrics()
        metrics.partitionAcquired(.free)
        metrics.partitionAcquired(.free)
        metrics.partitionAcquired(.handedOver)
        metrics.partitionLost(.fenced)
        metrics.handOverEnded(.timedOut)
        metrics.claimLost()
        metrics.willRepeat(7, .takeOver)
        metrics.willRepeat(0, .takeOver)
        metrics.storeFailed(.renew)
        metrics.owns(3)
        let prefix = "messaging.eventhubs.processor."
        #expect(memory.values(prefix + "partitions.acquired", ["reason": "free"]) == [1, 1])
        #expect(memory.values(prefix + "partitions.acquired", ["reason": "handed_over"]) == [1])
        #expect(memory.values(prefix + "partitions.acquired", ["reason": "stolen"]) == [])
        #expect(memory.values(prefix + "partitions.lost", ["reason": "fenced"]) == [1])
        #expect(memory.values(prefix + "handovers", ["outcome": "timed_out"]) == [1])
        #expect(memory.values(prefix + "claim.conflicts") == [1])
        #expect(memory.values(prefix + "messages.repeated", ["reason": "take_over"]) == [7])
        #expect(memory.values(prefix + "store.failures", ["messaging.operation.name": "renew"]) == [1])
        #expect(memory.values(prefix + "partitions.owned") == [3])
    }

    @Test func dimensionsAreThoseOfTheConventions() throws {
        let metrics = try makeMetrics()
        let partition = metrics.makePartition("3")
        partition.processed(1, in: .zero)
        let common = [
            "messaging.system": "eventhubs", "messaging.destination.name": "telemetry",
            "messaging.consumer.group.name": "$Default", "server.address": "ns.example",
        ]
        #expect(memory.dimensions(of: "messaging.eventhubs.processor.partitions.owned") == [common])
        let consumed = memory.dimensions(of: "messaging.client.consumed.messages")
        #expect(
            consumed == [
                common.merging([
                    "messaging.destination.partition.id": "3", "messaging.operation.name": "process",
                ]) { first, _ in first }
            ]
        )
    }

    @Test func namespaceThatIsNotKnownIsLeftOut() throws {
        _ = try makeMetrics(namespace: "")
        let dimensions = try #require(
            memory.dimensions(of: "messaging.eventhubs.processor.claim.conflicts").first
        )
        #expect(dimensions["server.address"] == nil)
    }

    @Test func aBatchCostsTwoCallsAndMakesNoHandle() throws {
        let partition = try makeMetrics().makePartition("0")
        let made = memory.handlesMade
        partition.processed(120, in: .milliseconds(250))
        partition.failed(after: .seconds(2))
        #expect(memory.handlesMade == made)
        #expect(memory.values("messaging.client.consumed.messages") == [120])
        #expect(memory.values("messaging.process.duration").sorted() == [0.25, 2])
        #expect(memory.values("messaging.process.duration", ["error.type": "processor_failed"]) == [2])
    }

    @Test func gaugesKeepWhatIsNotKnown() throws {
        let partition = try makeMetrics().makePartition("0")
        partition.record(lag: 12, lagTime: .milliseconds(1_500), checkpointAge: .seconds(4), bufferedBytes: 2_048)
        partition.record(lag: nil, lagTime: nil, checkpointAge: nil, bufferedBytes: 0)
        partition.record(lag: -1, lagTime: .seconds(-3), checkpointAge: .zero, bufferedBytes: 0)
        #expect(memory.values("messaging.eventhubs.consumer.lag.messages") == [12, 0])
        #expect(memory.values("messaging.eventhubs.consumer.lag") == [1.5, 0])
        #expect(memory.values("messaging.eventhubs.consumer.checkpoint.age") == [4, 0])
        #expect(memory.values("messaging.eventhubs.consumer.buffered") == [2_048, 0, 0])
    }

    @Test func durationsThatNoCounterHoldsAreCut() throws {
        let partition = try makeMetrics().makePartition("0")
        partition.processed(1, in: .seconds(Int64.max))
        #expect(memory.values("messaging.process.duration") == [Double(Int64.max) / 1e9])
    }

    @Test func everyHandleIsGivenBack() throws {
        let metrics = try makeMetrics()
        let partition = metrics.makePartition("0")
        #expect(memory.live.contains { $0.dimensions["messaging.destination.partition.id"] == "0" })
        partition.destroy()
        #expect(!memory.live.contains { $0.dimensions["messaging.destination.partition.id"] != nil })
        metrics.destroy()
        #expect(memory.live.isEmpty)
    }

    @Test func withoutAMetricsSystemThereIsNothing() {
        let metrics = HostMetrics(
            factory: NOOPMetricsHandler.instance,
            namespace: "",
            eventHub: "hub",
            consumerGroup: "$Default"
        )
        #expect(metrics == nil)
    }
}
