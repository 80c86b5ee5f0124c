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

/// Creates, changes, lists and deletes the event hubs of a namespace and their consumer groups.
///
/// The credential needs the right *Manage*. Copies of a client share its connections, which are closed with the last of them.
public struct EventHubsAdministrationClient: Sendable {
    let requests: ServiceRequests

    /// The entries of one page of a list.
    private static let pageSize = 100
    /// No list is longer; one that is never ends.
    private static let maximumPages = 100

    /// A client from a connection string of the namespace.
    ///
    /// - Parameters:
    ///   - connectionString: the string. Of an emulator it names the AMQP port: the HTTP port goes into the configuration.
    ///   - configuration: where requests go and how they are repeated.
    /// - Throws: `EventHubsError` with code `invalidConnectionString`.
    public init(
        connectionString: String,
        configuration: AdministrationConfiguration = AdministrationConfiguration()
    ) throws(EventHubsError) {
        let parsed = try EventHubsConnectionString(connectionString)
        requests = try ServiceRequests(parsed, configuration)
    }

    /// A client with any credential.
    ///
    /// - Parameters:
    ///   - fullyQualifiedNamespace: the namespace, such as `name.servicebus.windows.net`.
    ///   - credential: what opens it.
    ///   - configuration: where requests go and how they are repeated.
    public init(
        fullyQualifiedNamespace: String,
        credential: any TokenCredential,
        configuration: AdministrationConfiguration = AdministrationConfiguration()
    ) {
        requests = ServiceRequests(fullyQualifiedNamespace, credential, configuration)
    }

    init(_ requests: ServiceRequests) { self.requests = requests }
}

// MARK: - Event hubs

extension EventHubsAdministrationClient {
    /// Creates an event hub.
    ///
    /// It is asked for once: when no answer comes, the hub may exist.
    /// - Parameters:
    ///   - name: its name.
    ///   - settings: what it is created with.
    /// - Returns: the event hub, as the service describes it.
    /// - Throws: `EventHubsError`; code `alreadyExists` when there is one of that name, `quotaExceeded` when the namespace
    ///   has as many as it may have, `cancelled` when the calling task is.
    @discardableResult
    public func createEventHub(
        _ name: String,
        _ settings: EventHubSettings = EventHubSettings()
    ) async throws(EventHubsError) -> EventHubDescription {
        let response = try await requests.create([name], AtomText.entry(settings), settings.userMetadata)
        return try Self.eventHub(in: response, name)
    }

    /// An event hub.
    ///
    /// - Parameter name: its name.
    /// - Returns: the event hub; nil when there is none of that name.
    /// - Throws: `EventHubsError`; code `cancelled` when the calling task is.
    public func eventHub(_ name: String) async throws(EventHubsError) -> EventHubDescription? {
        guard let response = try await requests.read([name]) else { return nil }
        return try AtomDocument(response.body).entry?.eventHub()
    }

    /// All event hubs of the namespace, by name.
    ///
    /// - Returns: the event hubs.
    /// - Throws: `EventHubsError`; code `cancelled` when the calling task is.
    public func eventHubs() async throws(EventHubsError) -> [EventHubDescription] {
        var hubs: [EventHubDescription] = []
        for entry in try await entries(["$Resources", "EventHubs"]) {
            if let hub = try entry.eventHub() { hubs.append(hub) }
        }
        return hubs
    }

    /// Changes an event hub: reads it, lets `change` alter its settings, and writes them. What others change in between is
    /// overwritten; its authorisation rules stay.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - change: alters the settings.
    /// - Returns: the event hub, as the service describes it then.
    /// - Throws: `EventHubsError`; code `notFound` when there is none, `cancelled` when the calling task is.
    @discardableResult
    public func updateEventHub(
        _ name: String,
        _ change: (inout EventHubSettings) -> Void
    ) async throws(EventHubsError) -> EventHubDescription {
        guard let response = try await requests.read([name]),
            let current = try AtomDocument(response.body).entry?.eventHub()
        else { throw EventHubsError(.notFound, "There is no such event hub.").about(name) }
        var settings = EventHubSettings(
            partitionCount: current.partitionIDs.count,
            messageRetentionInDays: current.messageRetentionInDays,
            status: current.status,
            userMetadata: current.userMetadata
        )
        change(&settings)
        let entry = AtomText.entry(settings, authorizationRules: Self.authorizationRules(in: response.body))
        return try Self.eventHub(in: try await requests.replace([name], entry, settings.userMetadata), name)
    }

    /// Deletes an event hub with all its events. Does nothing when there is none.
    ///
    /// - Parameter name: its name.
    /// - Throws: `EventHubsError`; code `cancelled` when the calling task is.
    public func deleteEventHub(_ name: String) async throws(EventHubsError) {
        try await requests.delete([name])
    }

    private static func eventHub(in response: HTTPResponse, _ name: String) throws(EventHubsError)
        -> EventHubDescription
    {
        guard let hub = try AtomDocument(response.body).entry?.eventHub() else {
            throw EventHubsError(.invalidResponse, "The service's answer describes no event hub.").about(name)
        }
        return hub
    }

    /// The element as it stands in an entry: writing without it would remove the rules.
    private static func authorizationRules(in body: [UInt8]) -> String {
        let text = String(decoding: body, as: UTF8.self)
        let end = "</AuthorizationRules>"
        guard let first = text.firstRange(of: "<AuthorizationRules"), let last = text.firstRange(of: end),
            first.lowerBound < last.lowerBound
        else { return "" }
        return String(text[first.lowerBound..<last.upperBound])
    }
}

// MARK: - Consumer groups

extension EventHubsAdministrationClient {
    /// Creates a consumer group.
    ///
    /// It is asked for once: when no answer comes, the group may exist.
    /// - Parameters:
    ///   - name: its name.
    ///   - eventHub: the event hub's.
    ///   - userMetadata: words about it.
    /// - Returns: the group, as the service describes it.
    /// - Throws: `EventHubsError`; code `alreadyExists` when there is one of that name, `notFound` when there is no such
    ///   event hub, `quotaExceeded` when it has as many as it may have, `cancelled` when the calling task is.
    @discardableResult
    public func createConsumerGroup(
        _ name: String,
        of eventHub: String,
        userMetadata: String? = nil
    ) async throws(EventHubsError) -> ConsumerGroupDescription {
        let entry = AtomText.entry(consumerGroupWith: userMetadata)
        let response = try await requests.create([eventHub, "consumergroups", name], entry, userMetadata)
        guard let group = try AtomDocument(response.body).entry?.consumerGroup() else {
            throw EventHubsError(.invalidResponse, "The service's answer describes no consumer group.").about(eventHub)
        }
        return group
    }

    /// A consumer group.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - eventHub: the event hub's.
    /// - Returns: the group; nil when there is none of that name.
    /// - Throws: `EventHubsError`; code `cancelled` when the calling task is.
    public func consumerGroup(
        _ name: String,
        of eventHub: String
    ) async throws(EventHubsError) -> ConsumerGroupDescription? {
        guard let response = try await requests.read([eventHub, "consumergroups", name]) else { return nil }
        return try AtomDocument(response.body).entry?.consumerGroup()
    }

    /// All consumer groups of an event hub.
    ///
    /// - Parameter eventHub: its name.
    /// - Returns: the groups.
    /// - Throws: `EventHubsError`; code `notFound` when there is no such event hub, `cancelled` when the calling task is.
    public func consumerGroups(of eventHub: String) async throws(EventHubsError) -> [ConsumerGroupDescription] {
        try await entries([eventHub, "consumergroups"]).compactMap { $0.consumerGroup() }
    }

    /// Deletes a consumer group. Does nothing when there is none.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - eventHub: the event hub's.
    /// - Throws: `EventHubsError`; code `cancelled` when the calling task is.
    public func deleteConsumerGroup(_ name: String, of eventHub: String) async throws(EventHubsError) {
        try await requests.delete([eventHub, "consumergroups", name])
    }

    private func entries(_ path: [String]) async throws(EventHubsError) -> [AtomDocument.Entry] {
        var entries: [AtomDocument.Entry] = []
        for _ in 0..<Self.maximumPages {
            guard let response = try await requests.read(path, skipping: entries.count, limit: Self.pageSize) else {
                throw EventHubsError(.notFound, "There is no '\(path.joined(separator: "/"))'.")
            }
            let page = try AtomDocument(response.body).entries
            entries += page
            if page.count < Self.pageSize { return entries }
        }
        throw EventHubsError(.invalidResponse, "The list '\(path.joined(separator: "/"))' does not end.")
    }
}
