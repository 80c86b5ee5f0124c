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

import AMQPCodec
import AMQPDriver
import AMQPEngine

/// What faults do to a connection and its links.
extension ServerConnection {
    /// Does to the whole connection what a fault at its beginning says.
    func disturb(_ fault: Fault.Action) {
        switch fault {
        case .dropAtFrame(let number): stream.cut(atFrame: number)
        case .slow(let rate): stream.slow(to: rate)
        case .stall: stream.stall()
        default: break
        }
    }

    /// Ends a link, its session or its connection as a fault says.
    func disturb(_ fault: Fault.Action, _ link: ServerLinkCommon) {
        switch fault {
        case .drop:
            driver.terminate()
        case .stall:
            stream.stall()
        case .close(let reason):
            let error = errorInfo(reason, about: link.path)
            driver.withEngine { $0.close(error: error) }
        case .end(let reason):
            let error = errorInfo(reason, about: link.path)
            perform { engine throws(UsageError) in try engine.endSession(link.session, error: error) }
        case .detach(let reason):
            detach(link.id, errorInfo(reason, about: link.path))
        default:
            break
        }
    }

    /// A fault's reason as it goes on the wire, with the service's tracking suffix.
    func errorInfo(_ reason: Fault.Reason, about path: EntityPath) -> AMQPErrorInfo {
        let text = reason.text(namespace: broker.namespace.name, entity: path.segments.joined(separator: "/"))
        return AMQPErrorInfo(
            condition: reason.condition,
            description: text + broker.namespace.trackingSuffix()
        )
    }

    /// The answer that a fault gives to a request in place of the node.
    func reply(status: Int, code: String?, about request: Message) -> Message {
        let entity = EntityPath(resource: request.audience ?? "").segments.joined(separator: "/")
        let condition = code.map { ErrorCondition(rawValue: $0) } ?? .internalError
        let text = Fault.Reason(condition).text(namespace: broker.namespace.name, entity: entity)
        return NodeReply(Int32(status), text + broker.namespace.trackingSuffix(), condition: code)
            .message(answering: request)
    }
}

extension Message {
    /// What a request to a node is about: the audience of a token, or the name of a hub.
    var audience: String? { applicationProperties?[string: "name"]?.textValue }
}

extension FaultSite {
    /// What an attach is about.
    init(_ attach: Attach) {
        self.init(EntityAddress(attach.entity ?? ""))
        role = attach.role == .sender ? .sender : .receiver
    }

    /// What a request to a node is about.
    init(_ request: Message) {
        self.init(EntityAddress(EntityPath(resource: request.audience ?? "")))
        partition = request.applicationProperties?[string: "partition"]?.textValue ?? partition
    }

    private init(_ address: EntityAddress) {
        switch address {
        case .management(let hub): self.hub = hub
        case .hub(let hub), .publisher(let hub, _): self.hub = hub
        case .partition(let hub, let id): (self.hub, partition) = (hub, id)
        case .consumerGroupPartition(let hub, let group, let id):
            (self.hub, consumerGroup, partition) = (hub, group, id)
        case .claimsBasedSecurity: hub = "$cbs"
        case .unknown(let path):
            // A token for a consumer group is for a part of its hub.
            hub = path.split(separator: "/").first.map { String($0) }
        }
    }
}
