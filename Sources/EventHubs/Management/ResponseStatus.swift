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

/// The status a node of the service puts into the application properties of its responses.
struct ResponseStatus {
    let code: Int
    let description: String?
    let condition: ErrorCondition?
    let operation: String

    /// Reads the status of `response`; both spellings of the keys are understood.
    init(_ response: Message, of operation: String) throws(EventHubsError) {
        let properties = response.applicationProperties ?? AMQPMap()
        func value(_ key: String, _ other: String) -> AMQPValue? {
            properties[string: key] ?? properties[string: other]
        }
        guard let status = value("status-code", "statusCode")?.integerValue, let code = Int(exactly: status) else {
            throw EventHubsError(.invalidResponse, "The response to \(operation) has no status code.")
        }
        self.code = code
        description = value("status-description", "statusDescription")?.textValue
        condition = value("error-condition", "errorCondition")?.textValue.map { ErrorCondition(rawValue: $0) }
        self.operation = operation
    }

    /// Throws unless the status says that all is well.
    func requireSuccess() throws(EventHubsError) {
        guard !(200...299).contains(code) else { return }
        throw ErrorMapping.error(forStatus: code, condition: condition, description: description, of: operation)
    }
}
