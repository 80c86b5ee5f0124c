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
import Foundation

/// What a request to send events holds, as a link would bring it: one message, or a batch of them.
struct PostedEvents {
    /// The media type of a batch.
    private static let batchType = "application/vnd.microsoft.servicebus.json"

    let delivery: [UInt8]
    let messageFormat: UInt32

    init(_ request: ServiceRequest) throws(AtomError) {
        guard request.header("content-type")?.lowercased().hasPrefix(Self.batchType) == true else {
            delivery = try Self.message(of: request).encoded()
            messageFormat = 0
            return
        }
        let messages = try Self.messages(of: request)
        let keys = Set(messages.map { $0.messageAnnotations?[symbol: Self.partitionKey]?.textValue })
        guard let key = keys.first, keys.count == 1 else {
            throw AtomError(
                400,
                messages.isEmpty
                    ? "The batch holds no message." : "The messages of a batch need the same partition key."
            )
        }
        var envelope = Message(body: .data(messages.map { $0.encoded() }))
        if let key { envelope.messageAnnotations = [.symbol(Self.partitionKey): .string(key)] }
        delivery = envelope.encoded()
        messageFormat = IncomingEvents.batchFormat
    }

    private static let partitionKey: Symbol = "x-opt-partition-key"

    // MARK: One event

    /// The body is the event's, headers are its properties.
    private static func message(of request: ServiceRequest) throws(AtomError) -> Message {
        var broker = BrokerProperties()
        if let text = request.header("brokerproperties") {
            guard let parsed = try? JSONDecoder().decode(BrokerProperties.self, from: Data(text.utf8)) else {
                throw AtomError(400, "The header BrokerProperties holds no JSON object with texts.")
            }
            broker = parsed
        }
        broker.contentType = request.header("content-type")
        var properties = AMQPMap()
        for (name, value) in request.fields where !isReserved(name.lowercased()) {
            properties[string: name] = self.value(ofHeader: value)
        }
        return try message(request.body, properties, broker)
    }

    private static let reservedHeaders: Set = [
        "accept", "accept-charset", "accept-encoding", "accept-language", "authorization", "brokerproperties",
        "cache-control", "connection", "content-length", "content-type", "cookie", "date", "expect", "host",
        "keep-alive", "origin", "pragma", "proxy-authorization", "proxy-connection", "referer",
        "servicebusauthorization", "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "via",
    ]

    /// Whether a header belongs to HTTP or to the service, and is no property of the event.
    private static func isReserved(_ name: String) -> Bool {
        reservedHeaders.contains(name) || name.hasPrefix("x-ms-")
    }

    /// Texts stand in quotes; numbers and truth values do not. Anything else is a text too.
    private static func value(ofHeader text: String) -> AMQPValue {
        if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") {
            return .string(String(text.dropFirst().dropLast()).replacing("\\\"", with: "\""))
        }
        if let number = Int64(text) { return .long(number) }
        if let number = Double(text), number.isFinite { return .double(number) }
        switch text.lowercased() {
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: return .string(text)
        }
    }

    // MARK: A batch

    private static func messages(of request: ServiceRequest) throws(AtomError) -> [Message] {
        let posted: [PostedMessage]
        do {
            posted = try JSONDecoder().decode([PostedMessage].self, from: Data(request.body))
        } catch {
            throw AtomError(400, "The body is no JSON array of messages with a text as 'Body'.")
        }
        var messages: [Message] = []
        for message in posted {
            var body = Array(message.body.utf8)
            if message.isBodyBase64 == true {
                guard let bytes = Data(base64Encoded: message.body) else {
                    throw AtomError(400, "A 'Body' is no Base64.")
                }
                body = Array(bytes)
            }
            var properties = AMQPMap()
            for (name, value) in (message.userProperties ?? [:]).sorted(by: { $0.key < $1.key }) {
                properties.append(key: .string(name), value: value.value)
            }
            messages.append(try self.message(body, properties, message.brokerProperties ?? BrokerProperties()))
        }
        return messages
    }

    private static func message(
        _ body: [UInt8],
        _ properties: AMQPMap,
        _ broker: BrokerProperties
    ) throws(AtomError) -> Message {
        guard broker.contentType?.utf8.allSatisfy({ $0 < 0x80 }) ?? true else {
            throw AtomError(400, "The content type is no ASCII text.")
        }
        var message = Message(data: body)
        if !properties.isEmpty { message.applicationProperties = properties }
        if let key = broker.partitionKey { message.messageAnnotations = [.symbol(partitionKey): .string(key)] }
        var standard = Properties()
        standard.messageID = broker.messageID.map { .string($0) }
        standard.correlationID = broker.correlationID.map { .string($0) }
        standard.subject = broker.label
        standard.contentType = broker.contentType.map { Symbol($0) }
        if !standard.isEmpty { message.properties = standard }
        return message
    }
}

/// What is said of a message to the broker, in a header or in a batch.
private struct BrokerProperties: Decodable {
    var partitionKey: String?
    var messageID: String?
    var correlationID: String?
    var label: String?
    var contentType: String?

    enum CodingKeys: String, CodingKey {
        case partitionKey = "PartitionKey"
        case messageID = "MessageId"
        case correlationID = "CorrelationId"
        case label = "Label"
        case contentType = "ContentType"
    }
}

/// One message of a batch.
private struct PostedMessage: Decodable {
    var body: String
    var isBodyBase64: Bool?
    var userProperties: [String: PostedValue]?
    var brokerProperties: BrokerProperties?

    enum CodingKeys: String, CodingKey {
        case body = "Body"
        case isBodyBase64 = "IsBodyBase64"
        case userProperties = "UserProperties"
        case brokerProperties = "BrokerProperties"
    }
}

/// A simple JSON value.
private struct PostedValue: Decodable {
    let value: AMQPValue

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .null
        } else if let flag = try? container.decode(Bool.self) {
            value = .bool(flag)
        } else if let number = try? container.decode(Int64.self) {
            value = .long(number)
        } else if let number = try? container.decode(Double.self) {
            value = .double(number)
        } else {
            value = .string(try container.decode(String.self))
        }
    }
}
