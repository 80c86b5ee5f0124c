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

/// Why there is no answer. Never shows the URL or the value of a header, which may hold a secret.
package enum HTTPFailure: Error, Sendable, Hashable {
    /// The request's URL is none of HTTP.
    case invalidURL
    /// The request's method, or a header of this name, cannot be written down.
    case invalidRequest(name: String)
    /// There is no connection to the server: nothing was sent, any request may be repeated.
    case unreachable(reason: String)
    /// The server's certificate is not for its host, not of a known authority, or expired; or our own settings of TLS are wrong.
    /// Nothing was sent, and trying again does not help.
    case untrusted(reason: String)
    /// A connection could not be made in time: nothing was sent, any request may be repeated.
    case timedOut
    /// The connection was lost before the answer began. What the request asks for may have been done.
    case connectionLost(reason: String)
    /// The connection ended within the answer. What the request asks for may have been done.
    case truncated(HTTPAnswerPart)
    /// The task was cancelled. What the request asks for may have been done.
    case cancelled
    /// The answer's body is larger than the limit, in bytes.
    case responseTooLarge(limit: Int)
    /// What came back is not HTTP, or breaks its rules.
    case malformed(HTTPSyntaxError)
}

/// A part of an answer.
package enum HTTPAnswerPart: String, Sendable, Hashable {
    case head
    case body
}

/// What is wrong with the bytes of an answer (RFC 9112).
package enum HTTPSyntaxError: Error, Sendable, Hashable {
    /// The first line is no status line of HTTP/1.
    case statusLine
    /// A line does not end in CR LF.
    case lineEnding
    /// A header field has no name, or a forbidden character.
    case field
    /// Status line, header fields, interim responses, chunk extensions and trailers are larger than the limit, in bytes.
    case headTooLarge(limit: Int)
    /// `Content-Length` is no number, or comes with different ones.
    case contentLength
    /// There are both `Content-Length` and `Transfer-Encoding`: the peers may disagree about where the answer ends.
    case contentLengthAndTransferEncoding
    /// `Transfer-Encoding` is something else than `chunked`, or comes from a server of HTTP/1.0, which does not have it.
    case transferEncoding
    /// A chunk's size or end is not as it has to be.
    case chunk
    /// The server changes to a protocol that nobody asked for.
    case upgrade
}

extension HTTPFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidURL: "the request makes no URL"
        case .invalidRequest(let name): "\(name) of the request has characters that cannot be sent"
        case .unreachable(let reason): "there is no connection: \(reason)"
        case .untrusted(let reason): "the server cannot be trusted: \(reason)"
        case .timedOut: "nobody answered in time"
        case .connectionLost(let reason): "the connection was lost before an answer: \(reason)"
        case .truncated(let part): "the answer was cut off within its \(part.rawValue)"
        case .cancelled: "the request was cancelled"
        case .responseTooLarge(let limit): "the answer is larger than \(limit) bytes"
        case .malformed(let error): "the answer is not as HTTP/1.1 has it: \(error)"
        }
    }
}

extension HTTPSyntaxError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .statusLine: "it begins with no status line"
        case .lineEnding: "a line does not end in CR LF"
        case .field: "a header field is malformed"
        case .headTooLarge(let limit): "its head is larger than \(limit) bytes"
        case .contentLength: "its Content-Length is no number, or several"
        case .contentLengthAndTransferEncoding: "it has a Content-Length and a Transfer-Encoding"
        case .transferEncoding: "its Transfer-Encoding is not 'chunked'"
        case .chunk: "a chunk is malformed"
        case .upgrade: "it changes to another protocol"
        }
    }
}
