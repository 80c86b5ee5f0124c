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

/// The standard properties of a message, which no intermediary may change (AMQP 1.0 part 3, section 3.2.4).
public struct Properties: Sendable, Hashable {
    /// The message's identifier, unique within what its sender decides.
    public var messageID: MessageID?

    /// Who produced the message.
    public var userID: [UInt8]?

    /// The node the message is meant for.
    public var to: String?

    /// What the message is about.
    public var subject: String?

    /// The node to send answers to.
    public var replyTo: String?

    /// The message that this one answers.
    public var correlationID: MessageID?

    /// The media type of the data sections.
    public var contentType: Symbol?

    /// How the data sections were encoded further, for example `gzip`.
    public var contentEncoding: Symbol?

    /// When the message expires.
    public var absoluteExpiryTime: Timestamp?

    /// When the message was made.
    public var creationTime: Timestamp?

    /// The group the message belongs to.
    public var groupID: String?

    /// The place in that group.
    public var groupSequence: UInt32?

    /// The group that answers belong to.
    public var replyToGroupID: String?

    /// Makes properties.
    public init(
        messageID: MessageID? = nil,
        userID: [UInt8]? = nil,
        to: String? = nil,
        subject: String? = nil,
        replyTo: String? = nil,
        correlationID: MessageID? = nil,
        contentType: Symbol? = nil,
        contentEncoding: Symbol? = nil,
        absoluteExpiryTime: Timestamp? = nil,
        creationTime: Timestamp? = nil,
        groupID: String? = nil,
        groupSequence: UInt32? = nil,
        replyToGroupID: String? = nil
    ) {
        self.messageID = messageID
        self.userID = userID
        self.to = to
        self.subject = subject
        self.replyTo = replyTo
        self.correlationID = correlationID
        self.contentType = contentType
        self.contentEncoding = contentEncoding
        self.absoluteExpiryTime = absoluteExpiryTime
        self.creationTime = creationTime
        self.groupID = groupID
        self.groupSequence = groupSequence
        self.replyToGroupID = replyToGroupID
    }

    /// Whether nothing is set.
    package var isEmpty: Bool {
        self.messageID == nil && self.userID == nil && self.to == nil && self.subject == nil && self.replyTo == nil
            && self.correlationID == nil && self.contentType == nil && self.contentEncoding == nil
            && self.absoluteExpiryTime == nil && self.creationTime == nil && self.groupID == nil
            && self.groupSequence == nil && self.replyToGroupID == nil
    }
}

extension Properties: Composite {
    package static var compositeType: CompositeType { .properties }
    package static var fieldCount: Int { 13 }

    package init(_ fields: inout CompositeReader, _ reader: inout ByteReader) throws(DecodingError) {
        self.messageID = try fields.messageID("message-id", &reader)
        self.userID = try fields.binary("user-id", &reader)
        self.to = try fields.string("to", &reader)
        self.subject = try fields.string("subject", &reader)
        self.replyTo = try fields.string("reply-to", &reader)
        self.correlationID = try fields.messageID("correlation-id", &reader)
        // Symbols by the specification; senders exist that write strings, and an event is not lost for that.
        self.contentType = try fields.symbolOrString("content-type", &reader)
        self.contentEncoding = try fields.symbolOrString("content-encoding", &reader)
        self.absoluteExpiryTime = try fields.timestamp("absolute-expiry-time", &reader)
        self.creationTime = try fields.timestamp("creation-time", &reader)
        self.groupID = try fields.string("group-id", &reader)
        self.groupSequence = try fields.uint("group-sequence", &reader)
        self.replyToGroupID = try fields.string("reply-to-group-id", &reader)
    }

    package func encodeFields(into writer: inout ByteWriter) {
        writer.write(value: self.messageID?.value ?? .null)
        writer.write(binary: self.userID)
        writer.write(string: self.to)
        writer.write(string: self.subject)
        writer.write(string: self.replyTo)
        writer.write(value: self.correlationID?.value ?? .null)
        writer.write(symbol: self.contentType)
        writer.write(symbol: self.contentEncoding)
        writer.write(timestamp: self.absoluteExpiryTime)
        writer.write(timestamp: self.creationTime)
        writer.write(string: self.groupID)
        writer.write(uint: self.groupSequence)
        writer.write(string: self.replyToGroupID)
    }

    /// Encodes the properties; like the service, as an empty list when nothing is set.
    package func encode(into writer: inout ByteWriter) {
        writer.writeDescriptor(Self.compositeType.rawValue)
        if self.isEmpty {
            writer.append(FormatCode.list0.rawValue)
            return
        }
        let list = writer.beginList(fieldCount: Self.fieldCount)
        self.encodeFields(into: &writer)
        writer.endList(list)
    }
}
