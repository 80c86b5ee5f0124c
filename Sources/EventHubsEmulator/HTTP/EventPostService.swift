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

/// Events that come over HTTP: each request brings one, or a batch as JSON.
struct EventPostService: Sendable {
    private let broker: Broker
    private let authorization: HTTPAuthorization

    init(_ broker: Broker) {
        self.broker = broker
        authorization = HTTPAuthorization(broker)
    }

    /// The largest body that a request may have.
    var maximumBodySize: Int { broker.configuration.maximumMessageSize }

    /// Carries out a request.
    func respond(to request: ServiceRequest) -> ServiceResponse {
        do throws(AtomError) {
            try store(request)
            return ServiceResponse(status: 201)
        } catch {
            return AtomWriter.error(error, tracking: broker.namespace.trackingSuffix())
        }
    }

    private func store(_ request: ServiceRequest) throws(AtomError) {
        let path = EntityPath(resource: request.path)
        guard request.method == "POST" else { throw .unsupported(request) }
        try authorization.require(.send, on: path, request)
        guard request.body.count <= maximumBodySize else { throw tooLarge(request.body.count) }
        let posted = try PostedEvents(request)
        guard posted.delivery.count <= maximumBodySize else { throw tooLarge(posted.delivery.count) }
        do throws(ServiceError) {
            let destination = try destination(EntityPath(segments: path.segments.dropLast()))
            let incoming = try IncomingEvents(
                delivery: posted.delivery,
                messageFormat: posted.messageFormat,
                publisher: destination.publisher
            )
            try broker.store(incoming, for: destination)
        } catch {
            throw AtomError(Int(error.condition.statusCode), error.message)
        }
    }

    private func destination(_ path: EntityPath) throws(ServiceError) -> EventDestination {
        switch EntityAddress(path) {
        case .hub(let hub):
            try EventDestination(hub: hub, in: broker.namespace)
        case .partition(let hub, let id):
            try EventDestination(hub: hub, partition: id, in: broker.namespace)
        case .publisher(let hub, let name):
            try EventDestination(hub: hub, publisher: name, in: broker.namespace)
        default:
            throw .entityNotFound(path.segments.joined(separator: "/"), in: broker.namespace.name)
        }
    }

    private func tooLarge(_ size: Int) -> AtomError {
        AtomError(
            413,
            "The received message (size:\(size) bytes) exceeds the limit (\(maximumBodySize) bytes) currently allowed."
        )
    }
}
