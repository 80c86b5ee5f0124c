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

/// What a Lease Blob request asks for.
enum BlobLeaseAction: Equatable, Sendable {
    /// Without a duration the lease has no end.
    case acquire(id: String, duration: Int64?)
    case renew(id: String)
    case change(id: String, to: String)
    case release(id: String)
    /// Milliseconds that the lease may still last; nil: as long as it would have.
    case end(within: Int64?)

    /// Reads the headers of the request. A lease that is acquired without a proposal for its id gets one that is made.
    init(_ request: ServiceRequest, makeID: () -> String) throws(BlobServiceError) {
        switch try request.required("x-ms-lease-action").lowercased() {
        case "acquire":
            let text = try request.required("x-ms-lease-duration")
            guard let seconds = Int64(text), seconds == -1 || (15...60).contains(seconds) else {
                throw .invalidHeader("x-ms-lease-duration")
            }
            let id = try Self.identifier("x-ms-proposed-lease-id", of: request) ?? makeID()
            self = .acquire(id: id, duration: seconds == -1 ? nil : seconds * 1000)
        case "renew":
            self = .renew(id: try Self.current(request))
        case "change":
            guard let proposed = try Self.identifier("x-ms-proposed-lease-id", of: request) else {
                throw .missingHeader("x-ms-proposed-lease-id")
            }
            self = .change(id: try Self.current(request), to: proposed)
        case "release":
            self = .release(id: try Self.current(request))
        case "break":
            guard let text = request.header("x-ms-lease-break-period") else {
                self = .end(within: nil)
                return
            }
            guard let seconds = Int64(text), (0...60).contains(seconds) else {
                throw .invalidHeader("x-ms-lease-break-period")
            }
            self = .end(within: seconds * 1000)
        default:
            throw .invalidHeader("x-ms-lease-action")
        }
    }

    /// Carries the action out; the status and the headers tell what came of it.
    func perform(
        on lease: inout BlobLease,
        at now: Int64
    ) throws(BlobServiceError) -> (status: Int, headers: [(name: String, value: String)]) {
        switch self {
        case .acquire(let id, let duration):
            try lease.acquire(id, for: duration, at: now)
            return (201, [("x-ms-lease-id", id)])
        case .renew(let id):
            try lease.renew(id, at: now)
            return (200, [("x-ms-lease-id", id)])
        case .change(let id, let proposed):
            try lease.change(id, to: proposed, at: now)
            return (200, [("x-ms-lease-id", proposed)])
        case .release(let id):
            try lease.release(id)
            return (200, [])
        case .end(let period):
            // Whole seconds, rounded up: who waits for so long finds the lease broken.
            let remaining = try lease.end(within: period, at: now)
            return (202, [("x-ms-lease-time", String((remaining + 999) / 1000))])
        }
    }

    private static func current(_ request: ServiceRequest) throws(BlobServiceError) -> String {
        guard let id = try identifier("x-ms-lease-id", of: request) else { throw .missingHeader("x-ms-lease-id") }
        return id
    }

    /// The id in a header; nil when the request does not have the header.
    static func identifier(_ name: String, of request: ServiceRequest) throws(BlobServiceError) -> String? {
        guard let text = request.header(name) else { return nil }
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12], groups.allSatisfy({ $0.allSatisfy(\.isHexDigit) }) else {
            throw .invalidHeader(name)
        }
        return text
    }
}
