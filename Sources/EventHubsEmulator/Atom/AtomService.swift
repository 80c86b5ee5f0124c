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

/// The administration of the namespace over HTTP: entities as Atom entries, whatever carries the requests.
struct AtomService: Sendable {
    static let maximumBodySize = 65_536
    private static let maximumPageSize = 100

    private let namespace: Namespace
    private let administrator: NamespaceAdministrator
    private let authorization: HTTPAuthorization

    init(broker: Broker, administrator: NamespaceAdministrator) {
        namespace = broker.namespace
        authorization = HTTPAuthorization(broker)
        self.administrator = administrator
    }

    /// Carries out a request.
    func respond(to request: ServiceRequest) async -> ServiceResponse {
        do throws(AtomError) {
            return try await perform(request)
        } catch {
            return AtomWriter.error(error, tracking: namespace.trackingSuffix())
        }
    }

    private func perform(_ request: ServiceRequest) async throws(AtomError) -> ServiceResponse {
        let path = EntityPath(resource: request.path)
        try authorization.require(.manage, on: path, request)
        let writer = AtomWriter(base: "http://\(request.header("host") ?? "localhost")", namespace: namespace.name)
        let segments = path.segments
        switch segments.count {
        case 1:
            return try await performOnHub(segments[0], request, writer)
        case 2 where path.folded == ["$resources", "eventhubs"]:
            guard request.method == "GET" else { throw .unsupported(request) }
            let hubs = Self.page(of: namespace.allHubs, request)
            return writer.feed("EventHubs", "$Resources/EventHubs", at: namespace.now()) { xml in
                for hub in hubs { write(hub, writer, &xml) }
            }
        case 2 where path.folded[1] == "consumergroups":
            guard request.method == "GET" else { throw .unsupported(request) }
            let hub = try hub(segments[0])
            let groups = Self.page(of: hub.definition.groups.values.sorted { $0.name < $1.name }, request)
            return writer.feed("ConsumerGroups", "\(hub.name)/consumergroups", at: namespace.now()) { xml in
                for group in groups { writer.write(group, of: hub.name, into: &xml) }
            }
        case 3 where path.folded[1] == "consumergroups":
            return try await performOnGroup(segments[2], of: segments[0], request, writer)
        default:
            throw .notFound(segments.joined(separator: "/"))
        }
    }

    private func performOnHub(
        _ name: String,
        _ request: ServiceRequest,
        _ writer: AtomWriter
    ) async throws(AtomError) -> ServiceResponse {
        switch request.method {
        case "GET":
            guard let hub = namespace.hub(name) else {
                // The service does not say that there is none.
                return writer.feed("Publicly Listed Services", "", at: namespace.now()) { _ in }
            }
            return writer.entry(200) { write(hub, writer, &$0) }
        case "PUT":
            let settings = try Self.hubSettings(in: request)
            let isUpdate = request.header("if-match") != nil
            let hub =
                isUpdate
                ? try await administrator.updateHub(name, settings)
                : try await administrator.createHub(name, settings)
            return writer.entry(isUpdate ? 200 : 201) { write(hub, writer, &$0) }
        case "DELETE":
            try await administrator.removeHub(name)
            return ServiceResponse(status: 200)
        default:
            throw .unsupported(request)
        }
    }

    private func performOnGroup(
        _ name: String,
        of hubName: String,
        _ request: ServiceRequest,
        _ writer: AtomWriter
    ) async throws(AtomError) -> ServiceResponse {
        var status = 200
        switch request.method {
        case "GET":
            break
        case "PUT":
            let metadata = try Self.description(in: request, "ConsumerGroupDescription").values["UserMetadata"]
            if request.header("if-match") != nil {
                try await administrator.updateGroup(name, of: hubName, userMetadata: metadata)
            } else {
                try await administrator.createGroup(name, of: hubName, userMetadata: metadata)
                status = 201
            }
        case "DELETE":
            try await administrator.removeGroup(name, of: hubName)
            return ServiceResponse(status: 200)
        default:
            throw .unsupported(request)
        }
        let hub = try hub(hubName)
        guard let group = hub.definition[group: name] else { throw .notFound("\(hub.name)/consumergroups/\(name)") }
        return writer.entry(status) { writer.write(group, of: hub.name, into: &$0) }
    }

    private func hub(_ name: String) throws(AtomError) -> EventHubLog {
        guard let hub = namespace.hub(name) else { throw .notFound(name) }
        return hub
    }

    private func write(_ hub: EventHubLog, _ writer: AtomWriter, _ xml: inout XMLText) {
        let definition = hub.definition
        writer.write(definition, retentionDays: administrator.retentionDays(of: definition), into: &xml)
    }

    // MARK: Requests

    private static func hubSettings(
        in request: ServiceRequest
    ) throws(AtomError) -> NamespaceAdministrator.HubSettings {
        let values = try description(in: request, "EventHubDescription").values
        var settings = NamespaceAdministrator.HubSettings()
        settings.partitionCount = try number("PartitionCount", in: values)
        settings.retentionDays = try number("MessageRetentionInDays", in: values)
        settings.userMetadata = values["UserMetadata"]
        if let text = values["Status"] {
            guard let status = HubStatus(rawValue: text) else {
                throw AtomError(
                    400,
                    "Status is '\(text)': Active, Disabled, SendDisabled, ReceiveDisabled are possible."
                )
            }
            settings.status = status
        }
        return settings
    }

    private static func description(in request: ServiceRequest, _ kind: String) throws(AtomError) -> AtomDescription {
        guard request.body.count <= maximumBodySize else {
            throw AtomError(413, "The body is larger than \(maximumBodySize) bytes.")
        }
        guard let description = AtomDescription(request.body), description.kind == kind else {
            throw AtomError(400, "The body holds no entry with an element '\(kind)'.")
        }
        return description
    }

    private static func number(_ name: String, in values: [String: String]) throws(AtomError) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text) else { throw AtomError(400, "\(name) is '\(text)': a number is needed.") }
        return number
    }

    private static func page<Element>(of elements: [Element], _ request: ServiceRequest) -> ArraySlice<Element> {
        let skipped = request.parameter("$skip").flatMap { Int($0) } ?? 0
        let count = request.parameter("$top").flatMap { Int($0) } ?? maximumPageSize
        return elements.dropFirst(max(skipped, 0)).prefix(min(max(count, 0), maximumPageSize))
    }
}
