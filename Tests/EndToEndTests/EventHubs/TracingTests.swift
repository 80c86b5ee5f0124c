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
import EventHubsEmulator
import EventHubsProcessor
import Synchronization
import Testing
import Tracing

@Suite("Trace contexts and spans", .timeLimit(.minutes(2)))
struct TracingTests {
    private static let foreign = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private func configuration(_ tracer: RecordingTracer?) -> EventHubsConfiguration {
        var configuration = impatient
        configuration.tracer = tracer
        return configuration
    }

    private func received(_ emulator: EventHubsEmulator, _ count: Int) async throws -> [AMQPMap] {
        let consumer = try emulator.makeConsumer()
        let properties = try await consumer.withPartition("0", from: .earliest) { events in
            try await events.receiver.take(count).map { try $0.properties }
        }
        await consumer.close()
        return properties
    }

    /// Runs `body` below a context as an application has one.
    private func inContext<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        var context = ServiceContext.topLevel
        context[RecordingTracer.TraceParent.self] = "the application"
        return try await ServiceContext.withValue(context, operation: body)
    }

    @Test("Each event gets a context as the SDKs write it, and the send links to all of them")
    func producing() async throws {
        try await withHub { emulator in
            let tracer = RecordingTracer()
            let producer = try emulator.makeProducer(configuration(tracer))
            try await inContext {
                var batch = try await producer.makeBatch(.partition("0"))
                for event in ["one", "two", EventData("own", properties: ["traceparent": .string(Self.foreign)])] {
                    let added = batch.tryAdd(event)
                    #expect(added)
                }
                try await producer.send(batch)
            }
            let creates = tracer.spans("create")
            #expect(creates.map(\.name) == ["create hub1", "create hub1"])
            #expect(creates.map(\.kind) == [.producer, .producer])
            #expect(creates.map(\.parent) == ["the application", "the application"])
            let send = try #require(tracer.spans("send").first)
            #expect(tracer.spans.count == 3)
            #expect(send.name == "send hub1")
            #expect(send.kind == .client)
            #expect(send.links == creates.map(\.context) + [Self.foreign])
            #expect(send.number("messaging.batch.message_count") == 3)
            for span in tracer.spans {
                #expect(span.isEnded && !span.isFailed)
                #expect(span.text("messaging.system") == "eventhubs")
                #expect(span.text("messaging.destination.name") == "hub1")
                #expect(span.text("messaging.destination.partition.id") == "0")
                #expect(span.text("messaging.operation.type") == span.text("messaging.operation.name"))
                #expect(span.text("server.address") == "127.0.0.1")
                #expect(span.number("server.port") == Int64(emulator.amqpPort))
            }
            let properties = try await received(emulator, 3)
            for (properties, context) in zip(properties, creates.map(\.context)) {
                #expect(properties[string: "traceparent"] == .string(context))
                #expect(properties[string: "Diagnostic-Id"] == .string(context))
                #expect(properties[string: "tracestate"] == .string("vendor=1"))
            }
            // What brings a context keeps it.
            #expect(properties.last == ["traceparent": .string(Self.foreign)])
            await producer.close()
        }
    }

    @Test("Without a tracer nothing is written into events")
    func withoutTracer() async throws {
        try await withHub { emulator in
            let producer = try emulator.makeProducer(configuration(nil))
            try await producer.send(["one"], to: .partition("0"))
            #expect(try await received(emulator, 1) == [AMQPMap()])
            await producer.close()
        }
    }

    @Test("An event that goes into the next batch is given one context")
    func fullBatch() async throws {
        try await withHub { emulator in
            let tracer = RecordingTracer()
            let producer = try emulator.makeProducer(configuration(tracer))
            var batch = try await producer.makeBatch(.partition("0"), maximumSize: 1_500)
            let event = EventData([UInt8](repeating: 0, count: 400))
            var count = 0
            while batch.tryAdd(event) { count += 1 }
            #expect(count >= 1)
            #expect(tracer.spans("create").count == count)
            await producer.close()
        }
    }

    @Test("A send that fails says why in its span")
    func failedSend() async throws {
        try await withHub { emulator in
            let tracer = RecordingTracer()
            let producer = try emulator.makeProducer(configuration(tracer))
            var batch = try await producer.makeBatch(.partition("0"))
            let added = batch.tryAdd("one")
            #expect(added)
            await producer.close()
            await #expect(throws: EventHubsError(.closed, "")) { try await producer.send(batch) }
            let send = try #require(tracer.spans("send").first)
            #expect(send.isFailed && send.isEnded)
            #expect(send.errors == 1)
            #expect(send.text("error.type") == "closed")
        }
    }

    @Test("Receiving and processing link to the events' contexts, and what a processor does belongs to its span")
    func consuming() async throws {
        try await withHub(partitions: 1) { emulator in
            let producer = try emulator.makeProducer(configuration(nil))
            let contexts = (0..<3).map { "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b\($0)-01" }
            var events = contexts.map { EventData("event", properties: ["traceparent": .string($0)]) }
            events.append("no context")
            try await producer.send(events, to: .partition("0"))
            await producer.close()

            let tracer = RecordingTracer()
            let consumer = try emulator.makeConsumer(configuration(tracer))
            let (seen, sink) = AsyncStream.makeStream(of: (Int, String?).self)
            var configuration = HostConfiguration()
            configuration.initialPosition = { _ in .earliest }
            let host = EventProcessorHost(
                consumer: consumer,
                leaseManager: InMemoryLeaseManager(),
                checkpointManager: InMemoryCheckpointManager(),
                configuration: configuration
            ) { _ in Observer(sink: sink) }
            let run = Task { try await host.run() }
            var current: [String?] = []
            var count = 0
            for await (events, context) in seen {
                current.append(context)
                count += events
                if count == 4 { break }
            }
            host.shutDown()
            try await run.value
            await consumer.close()

            for operation in ["receive", "process"] {
                let spans = tracer.spans(operation)
                #expect(spans.flatMap(\.links) == contexts)
                #expect(spans.compactMap { $0.number("messaging.batch.message_count") }.reduce(0, +) == 4)
                #expect(spans.allSatisfy { $0.isEnded && $0.name == "\(operation) hub1" })
                #expect(spans.allSatisfy { $0.kind == (operation == "receive" ? .client : .consumer) })
                #expect(spans.allSatisfy { $0.text("messaging.consumer.group.name") == "$Default" })
                #expect(spans.allSatisfy { $0.text("messaging.destination.partition.id") == "0" })
            }
            #expect(current == tracer.spans("process").map(\.context))
        }
    }

    @Test("What the official Python client writes is read, also by its older name alone")
    func pythonClient() async throws {
        // azure-eventhub 5.15.1 with azure-core-tracing-opentelemetry 1.0.0b13: an event of a batch.
        let event = hexadecimal(
            """
            005374c19406a101615401a10d446961676e6f737469632d4964a13730302d3462663932663335373762333464613661336365393239643065\
            3065343733362d303066303637616130626139303262392d3033a10b7472616365706172656e74a13730302d34626639326633353737623334\
            646136613363653932396430653065343733362d303066303637616130626139303262392d3033005375a00568656c6c6f
            """
        )
        let older = EventData("older", properties: ["Diagnostic-Id": .string(Self.foreign)]).message.encoded()
        let tracer = RecordingTracer()
        let messaging = try #require(
            MessagingTracer(configuration(tracer), EventHubsEndpoint(host: "ns", eventHubName: "hub1"))
        )
        try await messaging.processing(EventBatch(copying: [event, older])) {}
        #expect(
            tracer.spans("process").flatMap(\.links) == [
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b9-03", Self.foreign,
            ]
        )
    }

    @Test("A processor that throws says so in its span")
    func failedProcessing() async throws {
        struct Failure: Error {}
        let tracer = RecordingTracer()
        let endpoint = EventHubsEndpoint(host: "ns", eventHubName: "hub1")
        let messaging = try #require(MessagingTracer(configuration(tracer), endpoint))
        await #expect(throws: Failure.self) {
            try await messaging.processing(EventBatch(copying: [EventData("x").message.encoded()])) { throw Failure() }
        }
        let span = try #require(tracer.spans("process").first)
        #expect(span.isFailed && span.isEnded && span.errors == 1)
        #expect(span.text("error.type") == "Failure")
    }

    @Test("A buffered event belongs to the context it was given in, also when it had to wait for room")
    func buffered() async throws {
        try await withHub { emulator in
            let tracer = RecordingTracer()
            let producer = BufferedEventHubProducer(
                try emulator.makeProducer(configuration(tracer)),
                options: BufferingOptions(maximumWait: .zero, maximumBufferedCount: 1)
            )
            try await inContext {
                for number in 0..<20 { try await producer.enqueue(EventData("\(number)"), to: .partition("0")) }
            }
            try await producer.close()
            let creates = tracer.spans("create")
            #expect(creates.map(\.parent) == Array(repeating: "the application", count: 20))
            #expect(tracer.spans("send").flatMap(\.links) == creates.map(\.context))
        }
    }

    private struct Observer: EventProcessor {
        let sink: AsyncStream<(Int, String?)>.Continuation

        func process(_ events: EventBatch, in context: PartitionContext) async throws {
            if !events.isEmpty { sink.yield((events.count, ServiceContext.current?[RecordingTracer.TraceParent.self])) }
        }
    }
}

/// The bytes that hex digits stand for.
private func hexadecimal(_ text: String) -> [UInt8] {
    var digits = text.filter { !$0.isWhitespace }[...]
    var bytes: [UInt8] = []
    while !digits.isEmpty {
        bytes.append(UInt8(digits.prefix(2), radix: 16) ?? 0)
        digits = digits.dropFirst(2)
    }
    return bytes
}
