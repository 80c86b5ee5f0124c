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

import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// One page of a list of blobs.
struct BlobList: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        var name = ""
        var etag = ""
        /// In seconds since 1970.
        var lastModified: Int64?
        /// By lower-case name.
        var metadata: [String: String] = [:]
        var isLeased = false
    }

    var entries: [Entry] = []
    /// Where the next page begins; empty on the last one.
    var nextMarker = ""

    /// Reads the service's XML.
    init(xml: [UInt8]) throws(BlobStoreError) {
        let parser = XMLParser(data: Data(xml))
        let reader = Reader()
        parser.delegate = reader
        parser.shouldResolveExternalEntities = false
        guard parser.parse(), reader.isComplete else {
            throw BlobStoreError(
                .invalidResponse,
                "the list of blobs is not readable, line \(parser.lineNumber)",
                underlying: parser.parserError
            )
        }
        entries = reader.entries
        nextMarker = reader.nextMarker
    }

    init() {}

    private final class Reader: NSObject, XMLParserDelegate {
        var entries: [Entry] = []
        var nextMarker = ""
        var isComplete = false
        private var entry = Entry()
        private var path: [String] = []
        private var text = ""

        func parser(
            _ parser: XMLParser,
            didStartElement elementName: String,
            namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String]
        ) {
            path.append(elementName)
            text = ""
            if path == ["EnumerationResults", "Blobs", "Blob"] { entry = Entry() }
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) {
            text += string
        }

        func parser(
            _ parser: XMLParser,
            didEndElement elementName: String,
            namespaceURI: String?,
            qualifiedName: String?
        ) {
            defer {
                path.removeLast()
                text = ""
            }
            guard path.first == "EnumerationResults" else { return }
            switch path.dropFirst() {
            case []: isComplete = true
            case ["NextMarker"]: nextMarker = text
            case ["Blobs", "Blob"]: entries.append(entry)
            case ["Blobs", "Blob", "Name"]: entry.name = text
            case ["Blobs", "Blob", "Properties", "Etag"]: entry.etag = BlobETag.normalized(text)
            case ["Blobs", "Blob", "Properties", "Last-Modified"]: entry.lastModified = HTTPDate.seconds(text)
            case ["Blobs", "Blob", "Properties", "LeaseState"]: entry.isLeased = BlobRecord.isLeased(text)
            case let inner where inner.count == 4 && inner.dropLast() == ["Blobs", "Blob", "Metadata"]:
                entry.metadata[elementName.lowercased()] = text
            default: break
            }
        }
    }
}
