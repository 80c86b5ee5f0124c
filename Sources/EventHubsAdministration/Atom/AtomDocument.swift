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

import EventHubs
import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// An entry or a feed of entries, as the service answers.
struct AtomDocument: Sendable {
    struct Entry: Sendable, Hashable {
        var title = ""
        /// The name of the element in the content: `EventHubDescription`, `ConsumerGroupDescription`.
        var kind = ""
        /// The text of the elements in it, by name.
        var values: [String: String] = [:]
        var partitionIDs: [String] = []
    }

    /// Those of a feed, or the one that is the document.
    let entries: [Entry]
    private let isFeed: Bool

    /// The entry that is the document; nil: it is a feed, as comes in place of an entity that is missing.
    var entry: Entry? { isFeed ? nil : entries.first }

    /// Reads an answer.
    init(_ bytes: [UInt8]) throws(EventHubsError) {
        let parser = XMLParser(data: Data(bytes))
        let reader = Reader()
        guard Self.isHarmless(bytes), reader.read(with: parser), reader.root == "entry" || reader.root == "feed" else {
            throw EventHubsError(
                .invalidResponse,
                "The service's answer is no entry or feed of entries, line \(parser.lineNumber).",
                underlying: parser.parserError
            )
        }
        entries = reader.entries
        isFeed = reader.root == "feed"
    }

    /// What `<Error><Code>…</Code><Detail>…</Detail></Error>` says; nil when the answer is something else.
    static func errorDetail(in bytes: [UInt8]) -> String? {
        let reader = Reader()
        return isHarmless(bytes) && reader.read(with: XMLParser(data: Data(bytes))) ? reader.errorDetail : nil
    }

    /// Whether there is nothing in a document that could stand for more text than is there: no declaration of entities, and none
    /// hidden by another encoding.
    private static func isHarmless(_ bytes: [UInt8]) -> Bool {
        let declaration = String(decoding: bytes.prefix(200), as: UTF8.self).prefix { $0 != ">" }.lowercased()
        guard !declaration.contains("encoding") || declaration.contains("utf-8") else { return false }
        return !bytes.contains(0) && bytes.firstRange(of: Array("<!DOCTYPE".utf8)) == nil
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var entries: [Entry] = []
        var root = ""
        var errorDetail: String?
        private var entry = Entry()
        private var path: [String] = []
        private var text = ""

        /// False when the document is not well-formed.
        func read(with parser: XMLParser) -> Bool {
            parser.delegate = self
            parser.shouldProcessNamespaces = true
            parser.shouldResolveExternalEntities = false
            // An end that comes too early is an error, and yet nothing that `parse` would tell.
            return parser.parse() && parser.parserError == nil
        }

        func parser(
            _ parser: XMLParser,
            didStartElement elementName: String,
            namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String]
        ) {
            if path.isEmpty { root = elementName }
            path.append(elementName)
            text = ""
            let inEntry = self.inEntry
            if inEntry?.isEmpty == true { entry = Entry() }
            if inEntry?.count == 2, inEntry?.first == "content" { entry.kind = elementName }
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
            switch inEntry {
            case []?: entries.append(entry)
            case ["title"]?: entry.title = text
            case let inner? where inner.count == 3 && inner.first == "content": entry.values[elementName] = text
            case let inner? where inner.dropFirst(2) == ["PartitionIds", "string"]: entry.partitionIDs.append(text)
            case nil where path == ["Error", "Detail"]: errorDetail = text
            default: break
            }
            path.removeLast()
            text = ""
        }

        /// The path within an entry; nil outside of one.
        private var inEntry: ArraySlice<String>? {
            switch path.first {
            case "entry": path.dropFirst()
            case "feed" where path.dropFirst().first == "entry": path.dropFirst(2)
            default: nil
            }
        }
    }
}

extension AtomDocument.Entry {
    /// The event hub that the entry describes; nil when it is none, as in the feed that comes in place of one that is missing.
    func eventHub() throws(EventHubsError) -> EventHubDescription? {
        guard kind == "EventHubDescription" else { return nil }
        guard !title.isEmpty, let days = values["MessageRetentionInDays"].flatMap({ Int($0) }) else {
            throw EventHubsError(.invalidResponse, "The service's entry of the event hub '\(title)' lacks something.")
        }
        return EventHubDescription(
            name: title,
            messageRetentionInDays: days,
            status: values["Status"].map { EventHubStatus(rawValue: $0) } ?? .active,
            userMetadata: values["UserMetadata"],
            createdAt: time("CreatedAt"),
            updatedAt: time("UpdatedAt"),
            partitionIDs: partitionIDs.map { PartitionID($0) }
        )
    }

    /// The consumer group that the entry describes; nil when it is none.
    func consumerGroup() -> ConsumerGroupDescription? {
        guard kind == "ConsumerGroupDescription", !title.isEmpty else { return nil }
        return ConsumerGroupDescription(
            name: title,
            userMetadata: values["UserMetadata"],
            createdAt: time("CreatedAt"),
            updatedAt: time("UpdatedAt")
        )
    }

    private func time(_ name: String) -> Timestamp? {
        guard let text = values[name], let separator = text.firstIndex(of: "T") else { return nil }
        // Up to seven digits of the second, and times before the year 1 for "never".
        let whole = text[separator...].prefix { $0 != "." && $0 != "Z" }
        let style = Date.ISO8601FormatStyle()
        guard let date = try? style.parse(text[..<separator] + whole + "Z"), date.timeIntervalSince1970 > 0 else {
            return nil
        }
        return Timestamp(millisecondsSinceEpoch: Int64(date.timeIntervalSince1970) * 1_000)
    }
}
