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

/// The `key=value` pairs of a connection string, found by case-insensitive key.
struct ConnectionStringPairs {
    /// The keys a client uses.
    enum Key: String, CaseIterable {
        case endpoint = "Endpoint"
        case hostName = "HostName"
        case sharedAccessKeyName = "SharedAccessKeyName"
        case sharedAccessKey = "SharedAccessKey"
        case sharedAccessSignature = "SharedAccessSignature"
        case entityPath = "EntityPath"
        case useDevelopmentEmulator = "UseDevelopmentEmulator"
        case transportType = "TransportType"
    }

    private var values: [Key: String] = [:]

    /// Splits `text`; keys that are not used by a client are dropped.
    init(_ text: String) throws(EventHubsError) {
        guard !text.trimmed.isEmpty else { throw .connectionString("it is empty") }
        for pair in text.split(separator: ";") {
            let pair = pair.trimmed
            if pair.isEmpty { continue }
            guard let equals = pair.firstIndex(of: "="), equals != pair.startIndex else {
                // The text is not shown: it may be a part of a secret that was cut in two.
                throw .connectionString("a part of it is not of the form key=value")
            }
            let name = pair[..<equals].trimmed.lowercased()
            guard var key = Key.allCases.first(where: { $0.rawValue.lowercased() == name }) else { continue }
            if key == .hostName { key = .endpoint }
            let value = pair[pair.index(after: equals)...].trimmed
            guard !value.isEmpty else { throw .connectionString("the value of '\(key.rawValue)' is empty") }
            guard values.updateValue(String(value), forKey: key) == nil else {
                throw .connectionString("'\(key.rawValue)' is given twice")
            }
        }
    }

    func value(of key: Key) throws(EventHubsError) -> String? { values[key] }

    func boolean(of key: Key) throws(EventHubsError) -> Bool {
        switch values[key]?.lowercased() {
        case nil, "false": return false
        case "true": return true
        default: throw .connectionString("the value of '\(key.rawValue)' is neither true nor false")
        }
    }
}

extension StringProtocol where SubSequence == Substring {
    /// Without the blanks at both ends.
    var trimmed: Substring {
        var rest = self[startIndex..<endIndex]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }

    /// Where `part` occurs first.
    func range(ofSubstring part: String) -> Range<Index>? {
        guard !part.isEmpty else { return nil }
        var start = startIndex
        while start < endIndex {
            let rest = self[start...]
            if rest.hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }
}
