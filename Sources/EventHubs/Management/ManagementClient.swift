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

/// Reads the properties of an event hub and its partitions from `$management`.
package struct ManagementClient: Sendable {
    /// The node.
    package static let node = "$management"

    private let eventHub: String
    private let token: @Sendable () -> String?
    private let request: @Sendable (Message) async throws(EventHubsError) -> Message

    /// - Parameters:
    ///   - eventHub: the event hub.
    ///   - token: the text of the token in use, which goes along as proof.
    ///   - request: sends a request and waits for its response.
    package init(
        eventHub: String,
        token: @escaping @Sendable () -> String?,
        request: @escaping @Sendable (Message) async throws(EventHubsError) -> Message
    ) {
        self.eventHub = eventHub
        self.token = token
        self.request = request
    }

    /// What the service tells about the event hub.
    package func properties() async throws(EventHubsError) -> EventHubProperties {
        let response = try await request(makeRequest(type: "com.microsoft:eventhub", partition: nil))
        return try Self.eventHubProperties(in: response)
    }

    /// What the service tells about a partition.
    package func properties(of id: PartitionID) async throws(EventHubsError) -> PartitionProperties {
        let response = try await request(makeRequest(type: "com.microsoft:partition", partition: id))
        do throws(EventHubsError) {
            return try Self.partitionProperties(in: response, of: id)
        } catch {
            throw error.about(eventHub, id)
        }
    }

    package func makeRequest(type: String, partition: PartitionID?) -> Message {
        var properties: AMQPMap = ["operation": "READ", "name": .string(eventHub), "type": .string(type)]
        if let partition { properties[string: "partition"] = .string(partition.rawValue) }
        if let token = token() { properties[string: "security_token"] = .string(token) }
        return Message(applicationProperties: properties, body: .data([[]]))
    }

    package static func eventHubProperties(in response: Message) throws(EventHubsError) -> EventHubProperties {
        let fields = try ResponseFields(response, of: "the read of the event hub's properties")
        let ids = try fields.required("partition_ids") { $0.elementsValue?.compactMap(\.textValue) }
        return EventHubProperties(
            name: try fields.required("name", \.textValue),
            createdAt: try fields.required("created_at", \.timestampValue),
            partitionIDs: ids.map { PartitionID($0) },
            georeplicationFactor: fields["georeplication_factor"]?.integerValue.flatMap { Int(exactly: $0) }
        )
    }

    package static func partitionProperties(
        in response: Message,
        of id: PartitionID
    ) throws(EventHubsError) -> PartitionProperties {
        let fields = try ResponseFields(response, of: "the read of partition \(id)'s properties")
        let lastNumber = try fields.required("last_enqueued_sequence_number", \.integerValue)
        // For a partition that was never used the service sends the first day of the year 1.
        let time = fields["last_enqueued_time_utc"]?.timestampValue
        return PartitionProperties(
            eventHubName: try fields.required("name", \.textValue),
            id: PartitionID(try fields.required("partition", \.textValue)),
            beginningSequenceNumber: try fields.required("begin_sequence_number", \.integerValue),
            lastEnqueuedSequenceNumber: lastNumber,
            lastEnqueuedOffset: try fields.required("last_enqueued_offset", \.textValue),
            lastEnqueuedTime: time.flatMap { $0.millisecondsSinceEpoch > noTime ? $0 : nil },
            isEmpty: fields["is_partition_empty"]?.boolValue ?? (lastNumber < 0)
        )
    }

    /// 1 January of the year 1: no time at all.
    private static let noTime: Int64 = -62_135_596_800_000
}

/// The map in the body of a successful response.
private struct ResponseFields {
    let map: AMQPMap
    let operation: String

    init(_ response: Message, of operation: String) throws(EventHubsError) {
        try ResponseStatus(response, of: operation).requireSuccess()
        guard case .value(.map(let map)) = response.body else {
            throw EventHubsError(.invalidResponse, "The response to \(operation) has no map in its body.")
        }
        self.map = map
        self.operation = operation
    }

    subscript(key: String) -> AMQPValue? { map[string: key] ?? map[symbol: Symbol(key)] }

    func required<Value>(_ key: String, _ convert: (AMQPValue) -> Value?) throws(EventHubsError) -> Value {
        guard let value = self[key].flatMap(convert) else {
            throw EventHubsError(
                .invalidResponse,
                "In the response to \(operation), '\(key)' is missing or of another type."
            )
        }
        return value
    }
}
