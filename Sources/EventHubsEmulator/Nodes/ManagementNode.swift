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

package import AMQPCodec

/// The `$management` node: describes hubs and partitions.
package struct ManagementNode: Sendable {
    private let namespace: Namespace
    private let verifier: TokenVerifier

    /// What the service sends as the time of an event that never was: the first moment of .NET's calendar.
    private static let noTime: Int64 = -62_135_596_800_000

    package init(namespace: Namespace, verifier: TokenVerifier) {
        self.namespace = namespace
        self.verifier = verifier
    }

    /// Answers a `READ` request. The connection's grants count, and so does a token that the request brings itself.
    package func respond(to request: Message, grants: AccessGrants) -> Message {
        let reply: NodeReply
        do throws(ServiceError) {
            reply = NodeReply(200, "OK", body: .value(.map(try read(request, grants: grants))))
        } catch {
            reply = NodeReply(error, trackingSuffix: namespace.trackingSuffix())
        }
        return reply.message(answering: request)
    }

    private func read(_ request: Message, grants: AccessGrants) throws(ServiceError) -> AMQPMap {
        let properties = request.applicationProperties ?? AMQPMap()
        guard properties[string: "operation"]?.textValue?.uppercased() == "READ" else {
            throw ServiceError(.argumentError, "The operation is not supported.")
        }
        guard let name = properties[string: "name"]?.textValue else {
            throw ServiceError(.argumentError, "The name is missing.")
        }
        try authorize(name, token: properties[string: "security_token"]?.textValue, grants: grants)
        guard let hub = namespace.hub(name) else { throw .entityNotFound(name, in: namespace.name) }
        switch properties[string: "type"]?.textValue {
        case "com.microsoft:eventhub":
            return describe(hub)
        case "com.microsoft:partition":
            let id = properties[string: "partition"]
            guard let id = id?.textValue ?? id?.integerValue.map({ String($0) }) else {
                throw ServiceError(.argumentError, "The partition is missing.")
            }
            guard let partition = hub.partition(id) else {
                throw .partitionOutOfRange(partitionCount: hub.partitions.count)
            }
            return describe(partition, of: hub)
        default:
            throw ServiceError(.argumentError, "The entity type is not supported.")
        }
    }

    private func authorize(_ hub: String, token: String?, grants: AccessGrants) throws(ServiceError) {
        let entity = EntityPath(segments: [hub])
        let now = namespace.now()
        if grants.allows(anyOf: [.send, .listen], on: entity, at: now) { return }
        if grants.allows(anyOf: [.send, .listen], on: EntityPath(segments: [hub, "$management"]), at: now) { return }
        if let token, let signature = SharedAccessSignatureToken(parsing: token) {
            // A consumer's token is for a group: that is proof enough to read the hub's description.
            let audience = "sb://\(namespace.name)/" + signature.path.segments.joined(separator: "/")
            let grant = try? verifier.verify(sharedAccessSignature: token, audience: audience, at: now)
            if let grant, entity.covers(grant.path) || grant.path.covers(entity) { return }
        }
        throw ServiceError(
            .unauthorizedAccess,
            "Unauthorized access. 'Listen' claim(s) are required to perform this operation. "
                + "Resource: 'sb://\(namespace.name)/\(hub)'."
        )
    }

    private func describe(_ hub: EventHubLog) -> AMQPMap {
        let ids = hub.partitions.map { AMQPValue.string($0.id) }
        return [
            .string("name"): .string(hub.name),
            .string("type"): .string("com.microsoft:eventhub"),
            .string("created_at"): .timestamp(Timestamp(millisecondsSinceEpoch: hub.definition.createdAt)),
            .string("partition_count"): .int(Int32(clamping: hub.partitions.count)),
            .string("partition_ids"): AMQPArray(ids).map { .array($0) } ?? .list(ids),
            .string("georeplication_factor"): .int(hub.isGeoReplicated ? 2 : 1),
        ]
    }

    private func describe(_ partition: PartitionLog, of hub: EventHubLog) -> AMQPMap {
        let summary = partition.summary(at: namespace.now())
        let time = summary.lastEnqueuedTime ?? Self.noTime
        var description: AMQPMap = [
            .string("name"): .string(hub.name),
            .string("type"): .string("com.microsoft:partition"),
            .string("partition"): .string(partition.id),
            .string("begin_sequence_number"): .long(summary.beginSequenceNumber),
            .string("last_enqueued_sequence_number"): .long(summary.lastEnqueuedSequenceNumber),
            .string("last_enqueued_offset"): .string(summary.lastEnqueuedOffset),
            .string("last_enqueued_time_utc"): .timestamp(Timestamp(millisecondsSinceEpoch: time)),
            .string("is_partition_empty"): .bool(summary.isEmpty),
        ]
        if let epoch = partition.offsets.epoch {
            description[string: "begin_sequence_number_epoch"] = .int(epoch)
            description[string: "last_enqueued_sequence_number_epoch"] = .int(epoch)
        }
        return description
    }
}
