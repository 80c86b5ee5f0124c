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

/// An event to be sent: a body and what goes with it.
///
/// The event is an AMQP message; ``message`` gives the whole of it to those who need more than bodies of bytes.
public struct EventData: Sendable, Hashable {
    /// The message as it will be encoded.
    public var message: Message

    /// An event with a body of bytes.
    /// - Parameters:
    ///   - body: the bytes.
    ///   - properties: the application's properties; keys are strings, values simple.
    public init(_ body: [UInt8], properties: AMQPMap = AMQPMap()) {
        message = Message(
            applicationProperties: properties.isEmpty ? nil : properties,
            body: .data([body])
        )
    }

    /// An event with a body of text, in UTF-8.
    /// - Parameters:
    ///   - text: the text.
    ///   - properties: the application's properties; keys are strings, values simple.
    public init(_ text: String, properties: AMQPMap = AMQPMap()) {
        self.init(Array(text.utf8), properties: properties)
    }

    /// An event of any AMQP message.
    /// - Parameter message: the message.
    public init(_ message: Message) { self.message = message }

    /// The body's bytes; several data sections are joined. Empty for a body of values.
    public var body: [UInt8] {
        get { message.joinedData ?? [] }
        set { message.body = .data([newValue]) }
    }

    /// The application's properties.
    public var properties: AMQPMap {
        get { message.applicationProperties ?? AMQPMap() }
        set { message.applicationProperties = newValue.isEmpty ? nil : newValue }
    }

    /// The body's media type, for example `application/json`.
    public var contentType: String? {
        get { message.properties?.contentType?.rawValue }
        set { set(\.contentType, newValue.map { Symbol($0) }) }
    }

    /// What names the event to its application.
    public var messageID: MessageID? {
        get { message.properties?.messageID }
        set { set(\.messageID, newValue) }
    }

    /// The `messageID` of what this event answers.
    public var correlationID: MessageID? {
        get { message.properties?.correlationID }
        set { set(\.correlationID, newValue) }
    }

    /// How many bytes the event takes on its own; in a batch 5 more below 256 bytes, else 8, and what a key takes.
    public var encodedSize: Int { message.encoded().count }

    /// The annotation that routes by key.
    package static let partitionKeyAnnotation: Symbol = "x-opt-partition-key"

    mutating func set<Value>(_ field: WritableKeyPath<Properties, Value?>, _ value: Value?) {
        var properties = message.properties ?? Properties()
        properties[keyPath: field] = value
        message.properties = properties.isEmpty ? nil : properties
    }
}

extension EventData: ExpressibleByStringLiteral {
    /// An event with a body of text.
    /// - Parameter value: the text.
    public init(stringLiteral value: String) { self.init(value) }
}

extension Message {
    /// The bytes of all data sections; nil when the body is none of bytes.
    package var joinedData: [UInt8]? {
        guard case .data(let sections) = body else { return nil }
        return sections.count == 1 ? sections[0] : Array(sections.joined())
    }
}
