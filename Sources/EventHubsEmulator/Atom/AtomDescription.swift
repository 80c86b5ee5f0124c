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

/// What the body of a request wants an entity to be like.
struct AtomDescription: Sendable, Equatable {
    /// `EventHubDescription` or `ConsumerGroupDescription`.
    private(set) var kind = ""
    /// The text of its elements, by name.
    private(set) var values: [String: String] = [:]

    /// The order in which the service reads elements: it does not see one that stands before others it has to follow.
    private static let order = [
        "MessageRetentionInDays", "AuthorizationRules", "Status", "UserMetadata", "PartitionCount",
    ]

    /// Reads an entry; nil when it is none.
    init?(_ body: [UInt8]) {
        guard Self.isHarmless(body) else { return nil }
        let parser = XMLParser(data: Data(body))
        let reader = Reader()
        parser.delegate = reader
        parser.shouldProcessNamespaces = true
        parser.shouldResolveExternalEntities = false
        // An end that comes too early is an error, and yet nothing that `parse` would tell.
        guard parser.parse(), parser.parserError == nil, !reader.kind.isEmpty else { return nil }
        kind = reader.kind
        var place = Self.order.count
        for (name, value) in reader.elements.reversed() {
            guard let index = Self.order.firstIndex(of: name), index < place else { continue }
            place = index
            values[name] = value
        }
    }

    /// Whether there is nothing in a document that could stand for more text than is there: no declaration of entities, and none
    /// hidden by another encoding.
    private static func isHarmless(_ bytes: [UInt8]) -> Bool {
        let declaration = String(decoding: bytes.prefix(200), as: UTF8.self).prefix { $0 != ">" }.lowercased()
        guard !declaration.contains("encoding") || declaration.contains("utf-8") else { return false }
        return !bytes.contains(0) && bytes.firstRange(of: Array("<!DOCTYPE".utf8)) == nil
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var kind = ""
        var elements: [(name: String, value: String)] = []
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
            if path.count == 3, path.starts(with: ["entry", "content"]) { kind = elementName }
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
            if path.count == 4, path.starts(with: ["entry", "content"]) { elements.append((elementName, text)) }
            path.removeLast()
            text = ""
        }
    }
}
