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

/// Where a trace's context stands in an event: application properties named as in W3C Trace Context, and `Diagnostic-Id`,
/// under which clients write `traceparent` as well and older ones write it only.
struct TraceContextFields: Injector, Extractor {
    static let parent = "traceparent"
    static let diagnosticID = "Diagnostic-Id"

    func inject(_ value: String, forKey key: String, into properties: inout AMQPMap) {
        properties[string: key] = .string(value)
    }

    func extract(key: String, from properties: AMQPMap) -> String? {
        if let value = properties[string: key]?.textValue { return value }
        return key == Self.parent ? properties[string: Self.diagnosticID]?.textValue : nil
    }
}
