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

public import EventHubs
import HTTPExchange

/// Sends events over HTTP, a request for each call: for senders of few events, where AMQP does not pass. There is no receiving
/// over HTTP.
///
/// The credential needs the right *Send*. Copies of a sender share its connections, which are closed with the last of them. An event that
/// was sent may be stored twice when an answer is lost and the request is repeated, as with any producer.
public struct EventHubHTTPSender: Sendable {
    /// The event hub's name.
    public let eventHub: String

    private let requests: ServiceRequests

    /// A sender from a connection string.
    ///
    /// - Parameters:
    ///   - connectionString: the string. Of an emulator it names the AMQP port: the HTTP port goes into the configuration.
    ///   - eventHub: the event hub, when the string belongs to a whole namespace.
    ///   - configuration: where requests go and how they are repeated.
    /// - Throws: `EventHubsError` with code `invalidConnectionString`.
    public init(
        connectionString: String,
        eventHub: String? = nil,
        configuration: AdministrationConfiguration = AdministrationConfiguration()
    ) throws(EventHubsError) {
        let parsed = try EventHubsConnectionString(connectionString)
        self.init(try parsed.resolvedEventHubName(eventHub), try ServiceRequests(parsed, configuration))
    }

    /// A sender with any credential.
    ///
    /// - Parameters:
    ///   - fullyQualifiedNamespace: the namespace, such as `name.servicebus.windows.net`.
    ///   - eventHub: the event hub.
    ///   - credential: what opens it.
    ///   - configuration: where requests go and how they are repeated.
    public init(
        fullyQualifiedNamespace: String,
        eventHub: String,
        credential: any TokenCredential,
        configuration: AdministrationConfiguration = AdministrationConfiguration()
    ) {
        self.init(eventHub, ServiceRequests(fullyQualifiedNamespace, credential, configuration))
    }

    init(_ eventHub: String, _ requests: ServiceRequests) {
        self.eventHub = eventHub
        self.requests = requests
    }

    /// Sends one event: its body as it is, its properties as headers.
    ///
    /// HTTP carries bodies of bytes, content types, texts as identifiers, and properties whose names are made of letters, digits and a few
    /// signs, and whose values are texts of printable ASCII, whole numbers, floating-point numbers or truth values.
    /// - Parameters:
    ///   - event: the event.
    ///   - target: which partition it goes to.
    /// - Throws: `EventHubsError`; code `invalidArgument` when HTTP does not carry something of the event, `messageTooLarge` when the
    ///   service says so, `cancelled` when the calling task is.
    public func send(_ event: EventData, to target: PartitionTarget = .automatic) async throws(EventHubsError) {
        try await send(event, to: target, entity: entity(target))
    }

    /// Sends one event in the name of a publisher, which has a policy of its own in the service.
    ///
    /// - Parameters:
    ///   - event: the event.
    ///   - publisher: the publisher's name.
    /// - Throws: `EventHubsError`; code `invalidArgument` when HTTP does not carry something of the event, `messageTooLarge` when the
    ///   service says so, `cancelled` when the calling task is.
    public func send(_ event: EventData, publisher: String) async throws(EventHubsError) {
        try await send(event, to: .automatic, entity: [eventHub, "publishers", publisher])
    }

    /// Sends several events in one request, all or none.
    ///
    /// They travel as JSON: bodies are texts in UTF-8, values of properties texts, numbers or truth values.
    /// - Parameters:
    ///   - events: the events; nothing is sent when there are none.
    ///   - target: which partition they go to.
    /// - Throws: `EventHubsError`; code `invalidArgument` when JSON does not carry something of an event, `messageTooLarge` when the
    ///   service says so, `cancelled` when the calling task is.
    public func send(_ events: [EventData], to target: PartitionTarget = .automatic) async throws(EventHubsError) {
        guard !events.isEmpty else { return }
        try await naming { () async throws(EventHubsError) in
            try target.validate()
            let body = try EventPost.batch(events, key: target.partitionKey)
            try await requests.post(
                entity(target) + ["messages"],
                headers: [.init("Content-Type", EventPost.batchType)],
                body: body
            )
        }
    }

    private func send(
        _ event: EventData,
        to target: PartitionTarget,
        entity: [String]
    ) async throws(EventHubsError) {
        try await naming { () async throws(EventHubsError) in
            try target.validate()
            let headers = try EventPost.headers(of: event, key: target.partitionKey)
            try await requests.post(entity + ["messages"], headers: headers, body: event.body)
        }
    }

    private func entity(_ target: PartitionTarget) -> [String] {
        target.partition.map { [eventHub, "partitions", $0.rawValue] } ?? [eventHub]
    }

    private func naming(_ body: () async throws(EventHubsError) -> Void) async throws(EventHubsError) {
        do throws(EventHubsError) {
            try await body()
        } catch {
            throw error.about(eventHub)
        }
    }
}
