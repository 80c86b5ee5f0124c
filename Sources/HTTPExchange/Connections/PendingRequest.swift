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

import AMQPTransport

/// One request on its way to its answer. Confined to the pool's loop once it has begun.
final class PendingRequest: @unchecked Sendable {
    typealias Outcome = Result<HTTPResponse, HTTPFailure>

    let origin: HTTPOrigin
    /// Head and body, as they are sent.
    let bytes: [UInt8]
    private let method: String
    private let isSafe: Bool
    private let limits: ResponseParser.Limits

    // Confined to the loop.
    var parser: ResponseParser
    /// How many of the bytes the connection has taken.
    var sent = 0
    private var isRepeated = false
    private(set) var isCancelled = false
    private var continuation: CheckedContinuation<Outcome, Never>?

    init(_ request: HTTPRequest, to url: HTTPURL, limits: ResponseParser.Limits) throws(HTTPFailure) {
        bytes = try request.bytes(to: url)
        origin = url.origin
        method = request.method
        isSafe = request.isSafe
        self.limits = limits
        parser = ResponseParser(method: request.method, limits: limits)
    }

    func begin(_ continuation: CheckedContinuation<Outcome, Never>) {
        self.continuation = continuation
    }

    func finish(_ outcome: Outcome) {
        continuation?.resume(returning: outcome)
        continuation = nil
    }

    func cancel() {
        isCancelled = true
        finish(.failure(.cancelled))
    }

    /// Fact: the connection that it was sent on, which others had used before, was lost. Whether it may be sent again on another
    /// one, as is right when the server has closed the connection while the request was on its way (RFC 9112, section 9.3.1).
    ///
    /// It is, once, if nothing was sent or it asks for nothing to be done. All else is for whoever asks to repeat, who has to
    /// know that it may have been done before.
    func mayBeRepeated() -> Bool {
        guard !isRepeated, !isCancelled, !parser.hasBegun, isSafe || sent == 0 else { return false }
        isRepeated = true
        sent = 0
        parser = ResponseParser(method: method, limits: limits)
        return true
    }
}
