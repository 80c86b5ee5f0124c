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

/// A refusal of the namespace over HTTP.
struct AtomError: Error, Sendable, Equatable {
    let status: Int
    let detail: String

    init(_ status: Int, _ detail: String) {
        self.status = status
        self.detail = detail
    }

    static func notFound(_ path: String) -> AtomError {
        AtomError(404, "SubCode=40400. The specified entity '\(path)' does not exist.")
    }

    static func alreadyExists(_ path: String) -> AtomError {
        AtomError(409, "SubCode=40900. Conflict. The entity '\(path)' already exists.")
    }

    /// The method means nothing here.
    static func unsupported(_ request: ServiceRequest) -> AtomError {
        AtomError(405, "The method \(request.method) is not possible here.")
    }

    /// A quota of the namespace or of an event hub is used up.
    static func quota(_ detail: String) -> AtomError { AtomError(403, detail) }

    /// What the data directory did not take.
    static func notKept(_ error: EmulatorError) -> AtomError { AtomError(500, "\(error.message).") }
}
