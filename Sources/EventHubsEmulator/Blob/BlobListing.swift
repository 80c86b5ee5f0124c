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

/// One page of a container's blobs, as a List Blobs request asks for it.
struct BlobListing {
    static let maximumPageSize = 5_000

    var prefix: String
    var marker: String
    var delimiter: String
    var pageSize: Int
    /// The page size as the request gave it.
    var requestedPageSize: Int?
    var includesMetadata: Bool

    enum Item {
        case blob(name: String, BlobStore.Blob)
        case prefix(String)
    }

    init(_ request: ServiceRequest) throws(BlobServiceError) {
        prefix = request.parameter("prefix") ?? ""
        marker = request.parameter("marker") ?? ""
        delimiter = request.parameter("delimiter") ?? ""
        let parts = request.parameters.filter { $0.name == "include" }.flatMap { $0.value.split(separator: ",") }
        includesMetadata = parts.contains { $0.lowercased() == "metadata" }
        if let text = request.parameter("maxresults") {
            guard let number = Int(text) else { throw .invalidParameter("maxresults") }
            guard number > 0 else {
                throw BlobServiceError(
                    400,
                    .outOfRangeParameter,
                    "One of the query parameters specified in the request URI is outside the permissible range: "
                        + "maxresults."
                )
            }
            requestedPageSize = number
        }
        pageSize = min(requestedPageSize ?? Self.maximumPageSize, Self.maximumPageSize)
    }

    /// The items of the page, and the marker of the next page, empty when there is none.
    func page(of container: BlobStore.Container) -> (items: [Item], nextMarker: String) {
        var items: [Item] = []
        var lastPrefix: String?
        let names = container.blobs.keys.filter { $0.hasPrefix(prefix) && !Self.precedes($0, marker) }
        for name in names.sorted(by: Self.precedes) {
            let group = group(of: name)
            if let group, group == lastPrefix { continue }
            guard items.count < pageSize else { return (items, group ?? name) }
            if let group {
                items.append(.prefix(group))
                lastPrefix = group
            } else if let blob = container.blobs[name] {
                items.append(.blob(name: name, blob))
            }
        }
        return (items, "")
    }

    /// The part of a name up to the first delimiter behind the prefix.
    private func group(of name: String) -> String? {
        guard !delimiter.isEmpty else { return nil }
        let rest = name.dropFirst(prefix.count)
        var start = rest.startIndex
        while start < rest.endIndex {
            if rest[start...].hasPrefix(delimiter) { return String(name[..<start]) + delimiter }
            start = rest.index(after: start)
        }
        return nil
    }

    private static func precedes(_ one: String, _ other: String) -> Bool {
        one.utf8.lexicographicallyPrecedes(other.utf8)
    }

    /// The page as the XML that the service sends.
    func xml(
        of container: BlobStore.Container,
        named containerName: String,
        endpoint: String,
        at now: Int64
    ) -> String {
        let (items, nextMarker) = page(of: container)
        var xml = XMLText()
        xml.open("EnumerationResults", attributes: [("ServiceEndpoint", endpoint), ("ContainerName", containerName)])
        if !prefix.isEmpty { xml.element("Prefix", prefix) }
        if !marker.isEmpty { xml.element("Marker", marker) }
        if let requestedPageSize { xml.element("MaxResults", String(requestedPageSize)) }
        if !delimiter.isEmpty { xml.element("Delimiter", delimiter) }
        xml.open("Blobs")
        for item in items {
            switch item {
            case .prefix(let name):
                xml.open("BlobPrefix")
                xml.name(name)
                xml.close("BlobPrefix")
            case .blob(let name, let blob):
                append(blob, named: name, at: now, to: &xml)
            }
        }
        xml.close("Blobs")
        xml.element("NextMarker", nextMarker)
        xml.close("EnumerationResults")
        return xml.text
    }

    private func append(_ blob: BlobStore.Blob, named name: String, at now: Int64, to xml: inout XMLText) {
        xml.open("Blob")
        xml.name(name)
        xml.open("Properties")
        xml.element("Creation-Time", UTCTime(milliseconds: blob.createdAt).http)
        xml.element("Last-Modified", UTCTime(milliseconds: blob.version.lastModified).http)
        xml.element("Etag", blob.version.tag)
        xml.element("Content-Length", String(blob.content.count))
        xml.element("Content-Type", blob.contentType)
        for header in blob.contentHeaders { xml.element(header.name, header.value) }
        xml.element("BlobType", "BlockBlob")
        let lease = blob.lease.description(at: now)
        xml.element("LeaseStatus", lease.status)
        xml.element("LeaseState", lease.state)
        if let duration = lease.duration { xml.element("LeaseDuration", duration) }
        xml.element("ServerEncrypted", "false")
        xml.close("Properties")
        if includesMetadata {
            xml.open("Metadata")
            for entry in blob.metadata.entries { xml.element(entry.name, entry.value) }
            xml.close("Metadata")
        }
        xml.close("Blob")
    }
}
