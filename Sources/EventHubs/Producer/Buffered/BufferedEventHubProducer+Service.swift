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

public import ServiceLifecycle

extension BufferedEventHubProducer: Service {
    /// Stays until the service group shuts down gracefully, then sends what is held and closes. When the task is cancelled,
    /// it closes at once and what is held fails. The producer works without it: this is for those who let a service group
    /// end it.
    /// - Throws: ``EventHubsError``, as ``close(within:)`` does.
    public func run() async throws {
        try? await gracefulShutdown()
        try await close()
    }

    /// Makes a producer, runs `body` with it, sends what is held then, and closes it, whatever comes of `body`.
    /// - Parameters:
    ///   - connectionString: the string, as the portal shows it.
    ///   - eventHubName: the event hub, when the string belongs to a whole namespace.
    ///   - configuration: how the client connects, tries again and logs.
    ///   - options: how events are gathered.
    ///   - onResult: hears what became of enqueued events; nil makes the end of the scope throw their first failure.
    ///   - body: what to do with the producer.
    /// - Returns: what `body` returns.
    /// - Throws: ``EventHubsError``, or what `body` throws.
    public static func withProducer<Result>(
        connectionString: String,
        eventHubName: String? = nil,
        configuration: EventHubsConfiguration = EventHubsConfiguration(),
        options: BufferingOptions = BufferingOptions(),
        onResult: ResultHandler? = nil,
        _ body: (BufferedEventHubProducer) async throws -> Result
    ) async throws -> Result {
        let producer = try BufferedEventHubProducer(
            connectionString: connectionString,
            eventHubName: eventHubName,
            configuration: configuration,
            options: options,
            onResult: onResult
        )
        let result: Result
        do {
            result = try await body(producer)
        } catch {
            try? await producer.close()
            throw error
        }
        try await producer.close()
        return result
    }
}
