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

/// The answer of `$cbs` or `$management` to a request: a status, and what goes with it.
struct NodeReply {
    var statusCode: Int32
    var description: String
    /// The symbol of the error condition.
    var condition: String?
    var body: Message.Body

    init(
        _ statusCode: Int32,
        _ description: String,
        condition: String? = nil,
        body: Message.Body = .value(.null)
    ) {
        self.statusCode = statusCode
        self.description = description
        self.condition = condition
        self.body = body
    }

    init(_ error: ServiceError, trackingSuffix: String) {
        self.init(error.condition.statusCode, error.message + trackingSuffix, condition: error.condition.rawValue)
    }

    /// The message that answers a request: correlated by the request's message id, in the type it came in.
    func message(answering request: Message) -> Message {
        var properties: AMQPMap = [
            .string("status-code"): .int(statusCode),
            .string("status-description"): .string(description),
        ]
        if let condition { properties[string: "error-condition"] = .symbol(Symbol(condition)) }
        return Message(
            properties: Properties(correlationID: request.properties?.messageID),
            applicationProperties: properties,
            body: body
        )
    }
}
