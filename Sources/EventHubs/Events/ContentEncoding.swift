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

// Bodies that are compressed, and say so in the message's `content-encoding` (AMQP 1.0 part 3, section 3.2.4).

extension EventData {
    /// How the body is encoded on top of its media type: `gzip`, for example. Setting it changes no byte of the body: see
    /// ``compressed()``.
    public var contentEncoding: String? {
        get { message.properties?.contentEncoding?.rawValue }
        set { set(\.contentEncoding, newValue.map { Symbol($0) }) }
    }

    /// The event with its body compressed by gzip and marked so.
    ///
    /// An event that carries a content encoding already is returned as it is, and so is one whose body is none of bytes.
    /// Small bodies become larger: compress where a body repeats itself, as JSON does.
    /// - Throws: ``EventHubsError`` with code ``EventHubsError/Code/invalidArgument`` for a body beyond 4 GiB.
    public func compressed() throws(EventHubsError) -> EventData {
        guard contentEncoding == nil, let body = message.joinedData else { return self }
        var event = self
        do throws(Gzip.Failure) {
            event.body = try Gzip.compress(body)
        } catch {
            throw EventHubsError(.invalidArgument, "A body of \(body.count) bytes cannot be compressed: \(error).")
        }
        event.contentEncoding = "gzip"
        return event
    }
}

extension ReceivedEventData {
    /// To how many bytes ``content(maximumSize:)`` expands a body unless told otherwise: 64 MiB.
    public static let defaultMaximumContentSize = 64 * 1_024 * 1_024

    /// The body's media type, decoded now; nil when the sender gave none.
    public var contentType: String? {
        get throws(DecodingError) { try decoded().properties?.contentType?.rawValue }
    }

    /// How the body is encoded on top of its media type, decoded now; nil when it is not.
    public var contentEncoding: String? {
        get throws(DecodingError) { try decoded().properties?.contentEncoding?.rawValue }
    }

    /// The body as its application wrote it: expanded when its content encoding is `gzip` (or `x-gzip`, or `identity`),
    /// copied when there is none.
    ///
    /// - Parameter maximumSize: the most bytes a body may expand to: a small event can hold a large body of zeros. Nothing
    ///   beyond is allocated.
    /// - Returns: the body.
    /// - Throws: ``EventHubsError``: ``EventHubsError/Code/messageTooLarge`` for a body that expands to more;
    ///   ``EventHubsError/Code/invalidResponse`` for a body that is not what its encoding says, or a message that cannot be
    ///   decoded; ``EventHubsError/Code/notImplemented`` for an encoding of another name. ``copiedBody`` has the bytes all
    ///   the same.
    public func content(
        maximumSize: Int = ReceivedEventData.defaultMaximumContentSize
    ) throws(EventHubsError) -> [UInt8] {
        let encoding: String?
        do throws(DecodingError) {
            encoding = try contentEncoding
        } catch {
            throw failure(.invalidResponse, "is no AMQP message", error)
        }
        switch encoding?.lowercased() {
        case nil, "", "identity":
            return copiedBody
        case "gzip", "x-gzip":
            do throws(Gzip.Failure) {
                return try Gzip.expand(copiedBody, maximumSize: max(maximumSize, 0))
            } catch .tooLarge {
                throw failure(.messageTooLarge, "expands to more than \(maximumSize) bytes")
            } catch {
                throw failure(.invalidResponse, "says it is compressed by gzip and is not: \(error)")
            }
        case let other?:
            throw failure(
                .notImplemented,
                "has the content encoding '\(other.prefix(64))', which this library does not know"
            )
        }
    }

    private func failure(
        _ code: EventHubsError.Code,
        _ problem: String,
        _ underlying: (any Error)? = nil
    ) -> EventHubsError {
        EventHubsError(code, "The body of event \(sequenceNumber) \(problem).", underlying: underlying)
    }
}
