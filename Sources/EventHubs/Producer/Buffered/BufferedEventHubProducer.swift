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

internal import Logging
internal import Synchronization

/// Gathers events in a buffer for each partition and sends them in batches.
///
/// An event goes to the partition that its ``PartitionTarget`` names: the service's own mapping is applied to keys, events
/// without a key take turns. Within a partition events keep the order in which they were taken in. When a buffer is full
/// the caller waits: memory is bounded by ``BufferingOptions``.
///
/// Every event that is taken in gets exactly one result, and exactly one place hears of it:
/// - ``send(_:to:)`` returns it;
/// - ``submit(_:to:)`` returns a receipt that will tell it;
/// - ``enqueue(_:to:)`` leaves it to the handler given to the initialiser; without one, failures are thrown by the next
///   ``flush(within:)`` or ``close(within:)``.
public final class BufferedEventHubProducer: Sendable {
    /// Hears what became of enqueued events, once for each batch. It is called on the task that sent the batch, and the
    /// next one waits for it: it should be quick.
    public typealias ResultHandler = @Sendable (BufferedSendResult) -> Void

    /// Where the event hub is.
    public let endpoint: EventHubsEndpoint

    /// How the client connects, tries again and logs.
    public let configuration: EventHubsConfiguration

    /// How events are gathered.
    public let options: BufferingOptions

    private let sender: any BatchSender
    private let environment: ClientEnvironment
    private let failures: UnclaimedFailures
    private let router: PartitionRouter

    /// A producer from a connection string.
    /// - Parameters:
    ///   - connectionString: the string, as the portal shows it.
    ///   - eventHubName: the event hub, when the string belongs to a whole namespace.
    ///   - configuration: how the client connects, tries again and logs.
    ///   - options: how events are gathered.
    ///   - onResult: hears what became of enqueued events; nil leaves failures to ``flush(within:)`` and ``close(within:)``.
    /// - Throws: ``EventHubsError`` with code ``EventHubsError/Code/invalidConnectionString``.
    public convenience init(
        connectionString: String,
        eventHubName: String? = nil,
        configuration: EventHubsConfiguration = EventHubsConfiguration(),
        options: BufferingOptions = BufferingOptions(),
        onResult: ResultHandler? = nil
    ) throws(EventHubsError) {
        self.init(
            try EventHubProducer(
                connectionString: connectionString,
                eventHubName: eventHubName,
                configuration: configuration
            ),
            options: options,
            onResult: onResult
        )
    }

    /// A producer that sends its batches through another one, which it closes in the end.
    /// - Parameters:
    ///   - producer: sends the batches.
    ///   - options: how events are gathered.
    ///   - onResult: hears what became of enqueued events; nil leaves failures to ``flush(within:)`` and ``close(within:)``.
    public convenience init(
        _ producer: EventHubProducer,
        options: BufferingOptions = BufferingOptions(),
        onResult: ResultHandler? = nil
    ) {
        self.init(
            producer,
            endpoint: producer.endpoint,
            configuration: producer.configuration,
            options: options,
            environment: .system,
            onResult: onResult
        )
    }

    package init(
        _ sender: any BatchSender,
        endpoint: EventHubsEndpoint,
        configuration: EventHubsConfiguration,
        options: BufferingOptions,
        environment: ClientEnvironment,
        onResult: ResultHandler?
    ) {
        self.sender = sender
        self.endpoint = endpoint
        self.configuration = configuration
        self.options = options
        self.environment = environment
        let (eventHub, logger) = (endpoint.eventHubName, configuration.logger)
        let failures = UnclaimedFailures(handler: onResult, logger: logger)
        self.failures = failures
        let waits = environment.makeWatchdog()
        router = PartitionRouter(
            sender,
            maximumBatchSize: options.maximumBatchSize,
            environment: environment,
            logger: logger
        ) { id, blank in
            PartitionBuffer(
                id,
                of: eventHub,
                blank: blank,
                sender: sender,
                options: options,
                waits: waits
            ) { failures.report($0, $1, $2) }
        }
    }

    /// How many events have been taken in and have no result yet.
    public var unsettledCount: Int { router.buffers.reduce(0) { $0 + $1.unsettledCount } }

    /// Takes an event in, and waits as long as there is no room for it. What becomes of it the handler hears or, without
    /// one, the next ``flush(within:)``.
    ///
    /// The first event for a partition waits until the link to it is open. When the calling task is cancelled before the
    /// event is in, it is not sent.
    /// - Parameters:
    ///   - event: the event.
    ///   - target: where it goes.
    /// - Throws: ``EventHubsError``: why the event was not taken in; ``EventHubsError/Code/messageTooLarge`` for one that
    ///   no batch can hold.
    @inlinable
    public func enqueue(_ event: EventData, to target: PartitionTarget = .automatic) async throws(EventHubsError) {
        // In the caller's own code: while there is room, which is nearly always, nothing asynchronous is called, which would
        // cost as much as all else that an event needs.
        if try !enqueueAtOnce(event, to: target) { try await enqueueWaiting(event, to: target) }
    }

    /// Takes an event in, and waits as long as there is no room for it. What becomes of it the receipt tells.
    ///
    /// Events submitted one after the other keep their order; wait for their receipts later, and together.
    /// - Parameters:
    ///   - event: the event.
    ///   - target: where it goes.
    /// - Returns: the receipt.
    /// - Throws: ``EventHubsError``: why the event was not taken in, as with ``enqueue(_:to:)``.
    public func submit(
        _ event: EventData,
        to target: PartitionTarget = .automatic
    ) async throws(EventHubsError) -> EventReceipt {
        var taken = try takeAtOnce(event, to: target, isSubmitted: true)
        if taken == nil { taken = try await take(event, to: target, isSubmitted: true) }
        guard let taken, let outcome = taken.outcome else {
            preconditionFailure("an event that was submitted has an outcome")
        }
        return EventReceipt(partition: taken.partition, outcome: outcome)
    }

    /// Takes an event in and waits until the service has it safe: for many tasks that send an event now and then.
    ///
    /// The wait lasts as long as that for company, ``BufferingOptions/maximumWait``, and one send. When the calling task is
    /// cancelled, the event may be sent or not.
    /// - Parameters:
    ///   - event: the event.
    ///   - target: where it goes.
    /// - Throws: ``EventHubsError``: why the event was not taken in or not sent.
    public func send(_ event: EventData, to target: PartitionTarget = .automatic) async throws(EventHubsError) {
        try await submit(event, to: target).value()
    }

    /// Sends what is held without waiting for company, and waits until every event taken in before has its result.
    ///
    /// When the time is over or the calling task is cancelled, what is held stays so and goes on being sent.
    /// - Parameter limit: how long to wait; nil means as long as the retry policy lets sends take.
    /// - Throws: ``EventHubsError``: ``EventHubsError/Code/timeout`` when the time is over; without a handler the first
    ///   failure of enqueued events that has not been thrown before, whose log entry tells how many there were.
    public func flush(within limit: Duration? = nil) async throws(EventHubsError) {
        try await drain(router.buffers, within: limit)
        if let failure = failures.take() { throw failure }
    }

    /// Takes nothing in any more, sends what is held, and closes the connection. Calling again does nothing more.
    ///
    /// When the time is over or the calling task is cancelled, what has no result yet fails with
    /// ``EventHubsError/Code/closed``, event by event, where its result is waited for.
    /// - Parameter limit: how long to wait for what is held; nil means ``BufferingOptions/closeDeadline``.
    /// - Throws: ``EventHubsError``: without a handler, the first failure of enqueued events that has not been thrown before.
    public func close(within limit: Duration? = nil) async throws(EventHubsError) {
        let buffers = router.close()
        for buffer in buffers { buffer.close() }
        do throws(EventHubsError) {
            try await drain(buffers, within: limit ?? options.closeDeadline)
        } catch {
            for buffer in buffers { await buffer.abandon() }
        }
        await sender.close()
        if let failure = failures.take() { throw failure }
    }

    /// Takes an event in whose result nobody waits for; false when that has to wait.
    @usableFromInline
    func enqueueAtOnce(_ event: EventData, to target: PartitionTarget) throws(EventHubsError) -> Bool {
        try takeAtOnce(event, to: target, isSubmitted: false) != nil
    }

    @usableFromInline
    func enqueueWaiting(_ event: EventData, to target: PartitionTarget) async throws(EventHubsError) {
        _ = try await take(event, to: target, isSubmitted: false)
    }

    /// Where an event is, and what will become of it, if it was submitted.
    private struct Taken {
        let partition: PartitionID
        let outcome: BatchOutcome?
    }

    /// Takes an event in if its buffer is open and has room; nil otherwise.
    @inline(__always)
    private func takeAtOnce(
        _ event: EventData,
        to target: PartitionTarget,
        isSubmitted: Bool
    ) throws(EventHubsError) -> Taken? {
        do throws(EventHubsError) {
            try target.validate()
            guard let buffer = router.knownBuffer(for: target),
                let admission = buffer.tryAdd(event, key: target.partitionKey, isSubmitted: isSubmitted)
            else { return nil }
            return try taken(admission, by: buffer)
        } catch {
            throw error.about(endpoint.eventHubName, target.partition)
        }
    }

    /// Takes an event in as soon as its buffer is open and has room.
    private func take(
        _ event: EventData,
        to target: PartitionTarget,
        isSubmitted: Bool
    ) async throws(EventHubsError) -> Taken {
        do throws(EventHubsError) {
            let key = target.partitionKey
            var buffer = try await router.buffer(for: target)
            var admission = buffer.tryAdd(event, key: key, isSubmitted: isSubmitted)
            if admission == nil, target == .automatic {
                // One slow partition does not hold up what may go to any.
                for _ in 1..<max(router.partitionCount, 1) where admission == nil {
                    buffer = try await router.buffer(for: .automatic)
                    admission = buffer.tryAdd(event, key: key, isSubmitted: isSubmitted)
                }
            }
            if admission == nil { admission = try await buffer.add(event, key: key, isSubmitted: isSubmitted) }
            return try taken(admission ?? .closed, by: buffer)
        } catch {
            throw error.about(endpoint.eventHubName, target.partition)
        }
    }

    @inline(__always)
    private func taken(
        _ admission: PartitionBuffer.Admission,
        by buffer: PartitionBuffer
    ) throws(EventHubsError) -> Taken {
        switch admission {
        case .taken(let outcome): return Taken(partition: buffer.id, outcome: outcome)
        case .closed: throw .closed
        case .tooLarge: throw EventHubsError(.messageTooLarge, "An event is larger than any batch to its partition.")
        }
    }

    /// Waits until `buffers` hold nothing of what they hold now.
    private func drain(_ buffers: [PartitionBuffer], within limit: Duration?) async throws(EventHubsError) {
        let flushAll: @Sendable () async throws(EventHubsError) -> Void = { () async throws(EventHubsError) in
            let isDone = await withTaskGroup(of: Bool.self) { group in
                for buffer in buffers { group.addTask { (try? await buffer.flush()) != nil } }
                return await group.allSatisfy { $0 }
            }
            if !isDone { throw .cancelled }
        }
        guard let limit else { return try await flushAll() }
        do throws(EventHubsError) {
            let retrier = Retrier(configuration.retryPolicy, environment: environment)
            try await retrier.deadline(limit, of: "Sending what is held", flushAll)
        } catch {
            throw error.about(endpoint.eventHubName)
        }
    }
}
