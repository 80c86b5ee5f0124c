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

/// Writes the entries that create and change entities.
enum AtomText {
    /// The entry of an event hub. Elements stand in the service's order: one out of order would be ignored. Authorisation rules
    /// are the element as the service has sent it, to be kept.
    static func entry(_ settings: EventHubSettings, authorizationRules: String = "") -> String {
        var inner = ""
        if let days = settings.messageRetentionInDays { inner += element("MessageRetentionInDays", String(days)) }
        inner += authorizationRules
        if let status = settings.status { inner += element("Status", status.rawValue) }
        if let metadata = settings.userMetadata { inner += element("UserMetadata", metadata) }
        if let count = settings.partitionCount { inner += element("PartitionCount", String(count)) }
        return entry("EventHubDescription", inner)
    }

    /// The entry of a consumer group.
    static func entry(consumerGroupWith userMetadata: String?) -> String {
        entry("ConsumerGroupDescription", userMetadata.map { element("UserMetadata", $0) } ?? "")
    }

    private static func entry(_ description: String, _ inner: String) -> String {
        #"<entry xmlns="http://www.w3.org/2005/Atom"><content type="application/xml"><\#(description)"#
            + #" xmlns:i="http://www.w3.org/2001/XMLSchema-instance""#
            + #" xmlns="http://schemas.microsoft.com/netservices/2010/10/servicebus/connect">"#
            + "\(inner)</\(description)></content></entry>"
    }

    private static func element(_ name: String, _ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            // Read as a line feed otherwise.
            case "\r": escaped += "&#13;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return "<\(name)>\(escaped)</\(name)>"
    }

    /// Whether XML can hold a text: most control characters are no part of it.
    static func canHold(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
            default: false
            }
        }
    }
}
