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
import HTTPExchange

/// How events are written in requests that send them.
enum EventPost {
    static let batchType = "application/vnd.microsoft.servicebus.json"

    /// What HTTP gives a meaning of its own, or the service.
    private static let reservedHeaders: Set = [
        "accept", "accept-charset", "accept-encoding", "accept-language", "authorization", "brokerproperties",
        "cache-control", "connection", "content-length", "content-type", "cookie", "date", "expect", "host",
        "keep-alive", "origin", "pragma", "proxy-authorization", "proxy-connection", "referer",
        "servicebusauthorization", "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "via",
    ]

    // MARK: One event

    /// All that goes with the body of an event.
    static func headers(of event: EventData, key: String?) throws(EventHubsError) -> [HTTPRequest.Field] {
        let contentType = event.contentType ?? ServiceRequests.contentType
        guard !contentType.lowercased().hasPrefix(batchType) else {
            throw refusal("The content type '\(contentType)' is that of a batch")
        }
        var headers = [HTTPRequest.Field("Content-Type", contentType)]
        let broker = try brokerProperties(of: event, key: key)
        if !broker.isEmpty {
            headers.append(.init("BrokerProperties", asciiText(of: try json(broker))))
        }
        for (name, value) in event.properties {
            guard case .string(let name) = name, isToken(name), !reservedHeaders.contains(name.lowercased()),
                !name.lowercased().hasPrefix("x-ms-")
            else { throw refusal("The property '\(name)' has a name that no header may have") }
            headers.append(.init(name, try headerValue(of: value, name)))
        }
        return headers
    }

    private static func headerValue(of value: AMQPValue, _ name: String) throws(EventHubsError) -> String {
        switch value {
        case .string(let text):
            guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
                throw refusal("The property '\(name)' has characters that no header may have")
            }
            return "\"\(text.replacing("\"", with: "\\\""))\""
        case .bool(let flag): return flag ? "true" : "false"
        case .double(let number) where number.isFinite: return "\(number)"
        case .float(let number) where number.isFinite: return "\(number)"
        default:
            guard let number = value.integerValue else { throw refusal("The property '\(name)' is no text or number") }
            return "\(number)"
        }
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    // MARK: A batch

    /// A batch as JSON.
    static func batch(_ events: [EventData], key: String?) throws(EventHubsError) -> [UInt8] {
        var messages: [JSON] = []
        for event in events {
            guard let body = String(validating: event.body, as: UTF8.self) else {
                throw refusal("The body of an event is no text in UTF-8, and a batch carries no other")
            }
            var message: [String: JSON] = ["Body": .text(body)]
            var properties: [String: JSON] = [:]
            for (name, value) in event.properties {
                guard case .string(let name) = name else { throw refusal("A property's name is no text") }
                properties[name] = try JSON(value, of: name)
            }
            if !properties.isEmpty { message["UserProperties"] = .object(properties) }
            var broker = try brokerProperties(of: event, key: key)
            if let contentType = event.contentType { broker["ContentType"] = .text(contentType) }
            if !broker.isEmpty { message["BrokerProperties"] = .object(broker) }
            messages.append(.object(message))
        }
        return try json(messages)
    }

    /// What both forms say in JSON. All else that a message can have would be lost, and so is refused.
    private static func brokerProperties(of event: EventData, key: String?) throws(EventHubsError) -> [String: JSON] {
        var rest = event.message
        guard rest.joinedData != nil else { throw refusal("The body of the event is none of bytes") }
        rest.body = .empty
        rest.applicationProperties = nil
        rest.properties?.contentType = nil
        rest.properties?.messageID = nil
        rest.properties?.correlationID = nil
        if rest.properties?.isEmpty == true { rest.properties = nil }
        guard rest == Message() else { throw refusal("The event has more than body, properties and identifiers") }
        var properties: [String: JSON] = [:]
        properties["PartitionKey"] = key.map { .text($0) }
        for (name, id) in [("MessageId", event.messageID), ("CorrelationId", event.correlationID)] {
            switch id {
            case .string(let text): properties[name] = .text(text)
            case nil: break
            default: throw refusal("The identifier '\(name)' is no text")
            }
        }
        return properties
    }

    // MARK: JSON

    fileprivate static func refusal(_ reason: String) -> EventHubsError {
        EventHubsError(.invalidArgument, "\(reason): send the event over AMQP.")
    }

    private static func json(_ value: some Encodable) throws(EventHubsError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw EventHubsError(.invalidArgument, "The event cannot be written as JSON.", underlying: error)
        }
    }

    /// JSON with everything escaped that is not ASCII.
    private static func asciiText(of json: [UInt8]) -> String {
        var text = ""
        for unit in String(decoding: json, as: UTF8.self).utf16 {
            if unit < 0x7F {
                text.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            } else {
                let digits = String(unit, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return text
    }

    enum JSON: Encodable {
        case text(String)
        case number(Int64)
        case fraction(Double)
        case flag(Bool)
        case object([String: JSON])

        init(_ value: AMQPValue, of name: String) throws(EventHubsError) {
            switch value {
            case .string(let text): self = .text(text)
            case .bool(let flag): self = .flag(flag)
            case .double(let number) where number.isFinite: self = .fraction(number)
            case .float(let number) where number.isFinite: self = .fraction(Double(number))
            default:
                guard let number = value.integerValue else {
                    throw refusal("The property '\(name)' is no text or number")
                }
                self = .number(number)
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            case .fraction(let number): try container.encode(number)
            case .flag(let flag): try container.encode(flag)
            case .object(let members): try container.encode(members)
            }
        }
    }
}
