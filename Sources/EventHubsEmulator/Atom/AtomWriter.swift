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

/// Writes entries and feeds as the service answers them.
struct AtomWriter: Sendable {
    /// Scheme, host and port that the request was for.
    let base: String
    let namespace: String

    private static let atom = "http://www.w3.org/2005/Atom"
    private static let schema = "http://www.w3.org/2001/XMLSchema-instance"
    private static let service = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect"
    private static let arrays = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"

    func entry(_ status: Int, _ body: (inout XMLText) -> Void) -> ServiceResponse {
        var xml = XMLText()
        body(&xml)
        return Self.response(status, xml, type: "entry")
    }

    func feed(_ title: String, _ path: String, at now: Int64, _ body: (inout XMLText) -> Void) -> ServiceResponse {
        var xml = XMLText()
        xml.open("feed", attributes: [("xmlns", Self.atom)])
        xml.open("title", attributes: [("type", "text")])
        xml.text(title)
        xml.close("title")
        xml.element("id", "\(base)/\(path)")
        xml.element("updated", Self.time(now))
        body(&xml)
        xml.close("feed")
        return Self.response(200, xml, type: "feed")
    }

    func write(_ hub: HubDefinition, retentionDays: Int, into xml: inout XMLText) {
        openEntry(hub.name, hub.name, hub.createdAt, hub.updatedAt, &xml)
        xml.open("EventHubDescription", attributes: [("xmlns", Self.service), ("xmlns:i", Self.schema)])
        xml.element("MessageRetentionInDays", String(retentionDays))
        xml.element("AuthorizationRules", "")
        xml.element("Status", hub.status.rawValue)
        writeCommon(hub.createdAt, hub.updatedAt, hub.userMetadata, &xml)
        xml.element("PartitionCount", String(hub.partitionCount))
        xml.open("PartitionIds", attributes: [("xmlns:d2p1", Self.arrays)])
        for number in 0..<hub.partitionCount { xml.element("d2p1:string", String(number)) }
        xml.close("PartitionIds")
        xml.close("EventHubDescription")
        closeEntry(&xml)
    }

    func write(_ group: HubDefinition.Group, of hub: String, into xml: inout XMLText) {
        openEntry(group.name, "\(hub)/consumergroups/\(group.name)", group.createdAt, group.updatedAt, &xml)
        xml.open("ConsumerGroupDescription", attributes: [("xmlns", Self.service), ("xmlns:i", Self.schema)])
        writeCommon(group.createdAt, group.updatedAt, group.userMetadata, &xml)
        xml.close("ConsumerGroupDescription")
        closeEntry(&xml)
    }

    static func error(_ error: AtomError, tracking: String) -> ServiceResponse {
        var xml = XMLText()
        xml.open("Error")
        xml.element("Code", String(error.status))
        xml.element("Detail", "\(error.detail)\(tracking)")
        xml.close("Error")
        return ServiceResponse(
            status: error.status,
            headers: [("Content-Type", "application/xml; charset=utf-8")],
            body: bytes(xml)
        )
    }

    private func openEntry(
        _ name: String,
        _ path: String,
        _ createdAt: Int64,
        _ updatedAt: Int64,
        _ xml: inout XMLText
    ) {
        xml.open("entry", attributes: [("xmlns", Self.atom)])
        xml.element("id", "\(base)/\(path)")
        xml.open("title", attributes: [("type", "text")])
        xml.text(name)
        xml.close("title")
        xml.element("published", Self.time(createdAt))
        xml.element("updated", Self.time(updatedAt))
        xml.open("author")
        xml.element("name", namespace)
        xml.close("author")
        xml.open("link", attributes: [("rel", "self"), ("href", "\(base)/\(path)")])
        xml.close("link")
        xml.open("content", attributes: [("type", "application/xml")])
    }

    private func closeEntry(_ xml: inout XMLText) {
        xml.close("content")
        xml.close("entry")
    }

    private func writeCommon(
        _ createdAt: Int64,
        _ updatedAt: Int64,
        _ userMetadata: String?,
        _ xml: inout XMLText
    ) {
        if let userMetadata { xml.element("UserMetadata", userMetadata) }
        xml.element("CreatedAt", Self.time(createdAt))
        xml.element("UpdatedAt", Self.time(updatedAt))
    }

    private static func response(_ status: Int, _ xml: XMLText, type: String) -> ServiceResponse {
        ServiceResponse(
            status: status,
            headers: [("Content-Type", "application/atom+xml;type=\(type);charset=utf-8")],
            body: bytes(xml)
        )
    }

    /// Without the byte order mark, which the Blob service alone writes.
    private static func bytes(_ xml: XMLText) -> [UInt8] {
        Array(xml.text.unicodeScalars.dropFirst().map(String.init).joined().utf8)
    }

    private static func time(_ milliseconds: Int64) -> String { "\(UTCTime(milliseconds: milliseconds).compact)Z" }
}
