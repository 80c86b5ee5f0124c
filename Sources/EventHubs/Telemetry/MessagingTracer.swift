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

internal import Tracing

/// Makes the spans of one event hub, or of one of its partitions, under the names of the OpenTelemetry conventions for
/// messaging.
///
/// There is none without a tracer: who holds nil does nothing for tracing.
package final class MessagingTracer: Sendable {
    private let tracer: any Tracer
    private let eventHub: String
    private let common: SpanAttributes

    /// Nil when neither the configuration has a tracer nor one has been bootstrapped.
    package init?(
        _ configuration: EventHubsConfiguration,
        _ endpoint: EventHubsEndpoint,
        partition: PartitionID? = nil,
        consumerGroup: String? = nil
    ) {
        let tracer = configuration.tracer ?? InstrumentationSystem.tracer
        if tracer is NoOpTracer { return nil }
        self.tracer = tracer
        eventHub = endpoint.eventHubName
        var attributes = SpanAttributes()
        attributes["messaging.system"] = "eventhubs"
        attributes["messaging.destination.name"] = endpoint.eventHubName
        attributes["server.address"] = endpoint.host
        attributes["server.port"] = endpoint.effectivePort
        if let partition { attributes["messaging.destination.partition.id"] = partition.rawValue }
        if let consumerGroup { attributes["messaging.consumer.group.name"] = consumerGroup }
        common = attributes
    }

    /// Gives an event a context of its own, below `parent`, unless it brings one.
    /// - Returns: the event's context.
    func create(_ event: inout EventData, parent: ServiceContext) -> ServiceContext {
        if let context = context(in: event.properties) { return context }
        let span = start("create", .producer, parent: parent)
        defer { span.end() }
        var properties = event.properties
        tracer.inject(span.context, into: &properties, using: TraceContextFields())
        // What older readers look for.
        if let parent = properties[string: TraceContextFields.parent] {
            properties[string: TraceContextFields.diagnosticID] = parent
        }
        event.properties = properties
        return span.context
    }

    /// Runs `send`, which sends events of these contexts, in a span.
    func sending<Value>(
        _ contexts: [ServiceContext],
        count: Int,
        _ send: () async throws(EventHubsError) -> Value
    ) async throws(EventHubsError) -> Value {
        let span = start("send", .client)
        defer { span.end() }
        note(count, contexts, in: span)
        do throws(EventHubsError) {
            return try await send()
        } catch {
            fail(span, error, type: error.condition?.rawValue ?? error.code.rawValue)
            throw error
        }
    }

    /// Notes that `events` have been received by a call that began at `begin`.
    func received(_ events: EventBatch, since begin: some TracerInstant) {
        let span = start("receive", .client, at: begin)
        note(events.count, contexts(of: events), in: span)
        span.end()
    }

    /// Runs `process`, which processes `events`, in a span that what it does belongs to.
    package func processing<Value>(_ events: EventBatch, _ process: () async throws -> Value) async throws -> Value {
        let span = start("process", .consumer)
        defer { span.end() }
        note(events.count, contexts(of: events), in: span)
        do {
            return try await ServiceContext.withValue(span.context, operation: process)
        } catch {
            fail(span, error, type: String(describing: type(of: error)))
            throw error
        }
    }

    private func start(_ operation: String, _ kind: SpanKind, parent: ServiceContext? = nil) -> any Span {
        start(operation, kind, parent: parent, at: DefaultTracerClock.now)
    }

    private func start(
        _ operation: String,
        _ kind: SpanKind,
        parent: ServiceContext? = nil,
        at instant: some TracerInstant
    ) -> any Span {
        let span: any Span = tracer.startSpan(
            "\(operation) \(eventHub)",
            context: parent ?? .current ?? .topLevel,
            ofKind: kind,
            at: instant
        )
        span.updateAttributes { attributes in
            attributes.merge(common)
            attributes["messaging.operation.name"] = operation
            attributes["messaging.operation.type"] = operation
        }
        return span
    }

    private func note(_ count: Int, _ contexts: [ServiceContext], in span: any Span) {
        span.updateAttributes { $0["messaging.batch.message_count"] = count }
        for context in contexts { span.addLink(SpanLink(context: context, attributes: [:])) }
    }

    private func fail(_ span: any Span, _ error: any Error, type: String) {
        span.updateAttributes { $0["error.type"] = type }
        span.recordError(error)
        span.setStatus(SpanStatus(code: .error))
    }

    /// The contexts that events bring. Properties that cannot be decoded bring none: they fail nothing here.
    private func contexts(of events: EventBatch) -> [ServiceContext] {
        events.compactMap { context(in: try? $0.properties) }
    }

    private func context(in properties: AMQPMap?) -> ServiceContext? {
        guard let properties, TraceContextFields().extract(key: TraceContextFields.parent, from: properties) != nil
        else {
            return nil
        }
        var context = ServiceContext.topLevel
        tracer.extract(properties, into: &context, using: TraceContextFields())
        return context
    }
}
