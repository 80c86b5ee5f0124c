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

import Synchronization
import Tracing

/// A tracer that keeps its spans in memory, and carries contexts as W3C Trace Context does.
final class RecordingTracer: Tracer {
    struct Record: Sendable {
        var name: String
        var kind: SpanKind
        /// The span's own context, as `traceparent` has it.
        var context: String
        var parent: String?
        var attributes: SpanAttributes
        var links: [String] = []
        var isFailed = false
        var errors = 0
        var isEnded = false

        func text(_ key: String) -> String? {
            if case .string(let text)? = attributes.get(key) { text } else { nil }
        }

        func number(_ key: String) -> Int64? {
            switch attributes.get(key) {
            case .int32(let number)?: Int64(number)
            case .int64(let number)?: number
            default: nil
            }
        }
    }

    enum TraceParent: ServiceContextKey {
        typealias Value = String
    }

    private let records = Mutex<[Record]>([])

    /// All spans, in the order they were begun.
    var spans: [Record] { records.withLock { $0 } }

    func spans(_ operation: String) -> [Record] { spans.filter { $0.text("messaging.operation.name") == operation } }

    func startSpan(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> some TracerInstant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> RecordingSpan {
        let parent = context()
        return records.withLock { records in
            let digits = String(records.count + 1, radix: 16)
            let own =
                "00-\(String(repeating: "a", count: 32))-\(String(repeating: "0", count: 16 - digits.count))\(digits)-01"
            var context = parent
            context[TraceParent.self] = own
            records.append(
                Record(
                    name: operationName,
                    kind: kind,
                    context: own,
                    parent: parent[TraceParent.self],
                    attributes: SpanAttributes()
                )
            )
            return RecordingSpan(tracer: self, index: records.count - 1, context: context)
        }
    }

    func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Carrier == Inject.Carrier {
        guard let parent = context[TraceParent.self] else { return }
        injector.inject(parent, forKey: "traceparent", into: &carrier)
        injector.inject("vendor=1", forKey: "tracestate", into: &carrier)
    }

    func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout ServiceContext,
        using extractor: Extract
    ) where Carrier == Extract.Carrier {
        context[TraceParent.self] = extractor.extract(key: "traceparent", from: carrier)
    }

    func forceFlush() {}

    fileprivate func change(_ index: Int, _ body: (inout Record) -> Void) { records.withLock { body(&$0[index]) } }
}

/// A span of a ``RecordingTracer``.
struct RecordingSpan: Span {
    let tracer: RecordingTracer
    let index: Int
    let context: ServiceContext

    var isRecording: Bool { true }

    var operationName: String {
        get { tracer.spans[index].name }
        nonmutating set { tracer.change(index) { $0.name = newValue } }
    }

    var attributes: SpanAttributes {
        get { tracer.spans[index].attributes }
        nonmutating set { tracer.change(index) { $0.attributes = newValue } }
    }

    func setStatus(_ status: SpanStatus) { tracer.change(index) { $0.isFailed = status.code == .error } }

    func addEvent(_ event: SpanEvent) {}

    func recordError(_ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> some TracerInstant)
    {
        tracer.change(index) { $0.errors += 1 }
    }

    func addLink(_ link: SpanLink) {
        guard let context = link.context[RecordingTracer.TraceParent.self] else { return }
        tracer.change(index) { $0.links.append(context) }
    }

    func end(at instant: @autoclosure () -> some TracerInstant) { tracer.change(index) { $0.isEnded = true } }
}
