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
    /// What is sent. An event is made, copied and encoded once for every message: what nearly all of them are is kept as
    /// small as that, and all else aside.
    enum Content: Sendable, Hashable {
        /// One run of bytes, and the application's properties if there are any.
        case plain([UInt8], AMQPMap?)
        /// Any other message, never one that ``plain(_:_:)`` could hold: events with equal messages are equal.
        indirect case message(Message)
    }

    private(set) var content: Content

    /// The message as it will be encoded.
    public var message: Message {
        get {
            switch content {
            case .plain(let body, let properties): Message(applicationProperties: properties, body: .data([body]))
            case .message(let message): message
            }
        }
        set { content = Content(newValue) }
    }

    /// An event with a body of bytes.
    /// - Parameters:
    ///   - body: the bytes.
    ///   - properties: the application's properties; keys are strings, values simple.
    public init(_ body: [UInt8], properties: AMQPMap = AMQPMap()) {
        content = .plain(body, properties.isEmpty ? nil : properties)
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
    public init(_ message: Message) { content = Content(message) }

    /// The body's bytes; several data sections are joined. Empty for a body of values.
    public var body: [UInt8] {
        get {
            switch content {
            case .plain(let body, _): body
            case .message(let message): message.joinedData ?? []
            }
        }
        set {
            switch content {
            case .plain(_, let properties): content = .plain(newValue, properties)
            case .message: message.body = .data([newValue])
            }
        }
    }

    /// The application's properties.
    public var properties: AMQPMap {
        get {
            switch content {
            case .plain(_, let properties): properties ?? AMQPMap()
            case .message(let message): message.applicationProperties ?? AMQPMap()
            }
        }
        set {
            let properties = newValue.isEmpty ? nil : newValue
            switch content {
            case .plain(let body, _): content = .plain(body, properties)
            case .message: message.applicationProperties = properties
            }
        }
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
    public var encodedSize: Int {
        if case .plain(let body, nil) = content { return DataSectionStart(body.count).count + body.count }
        var writer = ByteWriter()
        let body = encodeHead(key: nil, into: &writer)
        return writer.count + body.count
    }

    /// The annotation that routes by key.
    package static let partitionKeyAnnotation: Symbol = "x-opt-partition-key"

    mutating func set<Value>(_ field: WritableKeyPath<Properties, Value?>, _ value: Value?) {
        var properties = message.properties ?? Properties()
        properties[keyPath: field] = value
        message.properties = properties.isEmpty ? nil : properties
    }
}

extension EventData.Content {
    fileprivate init(_ message: Message) {
        let isPlain =
            message.header == nil && message.deliveryAnnotations == nil && message.messageAnnotations == nil
            && message.properties == nil && message.footer == nil
        if isPlain, case .data(let sections) = message.body, sections.count == 1 {
            self = .plain(sections[0], message.applicationProperties)
        } else {
            self = .message(message)
        }
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
