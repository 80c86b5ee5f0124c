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

/// The lease of a blob: while it lasts, only requests that name its id may write the blob.
///
/// ```
///                   +-- renew, change, acquire again
///                   v  |
/// available --> leased(id) --time--> expired(id) --acquire, renew--> leased
///     ^             |                    |
///     |           break                break
///     |             v                    v
///     |        breaking(id) --time--> broken(id) --acquire--> leased
///     +-- release by id from everywhere; a write without an id when expired or broken
/// ```
///
/// Time is an argument, in milliseconds since 1970: nothing happens when a lease runs out, it is only told differently.
struct BlobLease: Equatable, Sendable, Codable {
    /// Where a lease stands, by the words of the service.
    enum State: String, Sendable {
        case available
        case leased
        case expired
        case breaking
        case broken
    }

    /// What a request wants to do with the blob.
    enum Access: Sendable {
        case read
        case write
    }

    private enum Hold: Equatable, Sendable, Codable {
        case none
        /// Without a duration the lease has no end.
        case taken(id: String, duration: Int64?, end: Int64?)
        case breaking(id: String, end: Int64)
    }

    private var hold = Hold.none

    func state(at now: Int64) -> State {
        switch hold {
        case .none: .available
        case .taken(_, _, let end): end.map { $0 <= now } ?? false ? .expired : .leased
        case .breaking(_, let end): end <= now ? .broken : .breaking
        }
    }

    /// Takes the lease under an id, for so many milliseconds; nil: for ever.
    mutating func acquire(_ id: String, for duration: Int64?, at now: Int64) throws(BlobServiceError) {
        switch state(at: now) {
        case .leased where !isCurrent(id): throw .leaseAlreadyPresent
        case .breaking: throw isCurrent(id) ? .leaseIsBreakingAndCannotBeAcquired : .leaseAlreadyPresent
        case .available, .leased, .expired, .broken:
            hold = .taken(id: id, duration: duration, end: duration.map { now + $0 })
        }
    }

    mutating func renew(_ id: String, at now: Int64) throws(BlobServiceError) {
        guard isCurrent(id) else { throw .leaseIDMismatchWithLeaseOperation }
        switch hold {
        case .none: throw .leaseIDMismatchWithLeaseOperation
        case .taken(let id, let duration, _):
            hold = .taken(id: id, duration: duration, end: duration.map { now + $0 })
        case .breaking: throw .leaseIsBrokenAndCannotBeRenewed
        }
    }

    /// Gives the lease another id; its time goes on. Repeated, the request finds the new id and succeeds.
    mutating func change(_ id: String, to proposed: String, at now: Int64) throws(BlobServiceError) {
        switch (state(at: now), hold) {
        case (.leased, .taken(_, let duration, let end)):
            guard isCurrent(id) || isCurrent(proposed) else { throw .leaseIDMismatchWithLeaseOperation }
            hold = .taken(id: proposed, duration: duration, end: end)
        case (.breaking, _):
            throw isCurrent(id) ? .leaseIsBreakingAndCannotBeChanged : .leaseIDMismatchWithLeaseOperation
        default:
            throw .leaseNotPresentWithLeaseOperation
        }
    }

    mutating func release(_ id: String) throws(BlobServiceError) {
        guard isCurrent(id) else { throw .leaseIDMismatchWithLeaseOperation }
        hold = .none
    }

    /// Breaks the lease within so many milliseconds; nil: when it would have run out. Tells how many it still lasts.
    mutating func end(within period: Int64?, at now: Int64) throws(BlobServiceError) -> Int64 {
        let (id, end): (String, Int64)
        switch hold {
        case .none: throw .leaseNotPresentWithLeaseOperation
        case .taken(let current, _, let planned): (id, end) = (current, planned ?? now + (period ?? 0))
        case .breaking(let current, let planned): (id, end) = (current, planned)
        }
        let remaining = max(min(end - now, period ?? .max), 0)
        hold = .breaking(id: id, end: now + remaining)
        return remaining
    }

    /// Whether a request that names this id, or none, may do what it wants.
    func check(_ id: String?, for access: Access, at now: Int64) throws(BlobServiceError) {
        switch state(at: now) {
        case .leased, .breaking:
            if let id {
                guard isCurrent(id) else { throw .leaseIDMismatchWithBlobOperation }
            } else if access == .write {
                throw .leaseIDMissing
            }
        case .expired:
            guard let id else { return }
            throw isCurrent(id) ? .leaseLost : .leaseNotPresentWithBlobOperation
        case .available, .broken:
            if id != nil { throw .leaseNotPresentWithBlobOperation }
        }
    }

    /// The blob was written: a lease that has run out can be renewed no more.
    mutating func written(at now: Int64) {
        switch state(at: now) {
        case .expired, .broken: hold = .none
        case .available, .leased, .breaking: break
        }
    }

    /// What descriptions of the blob say about its lease.
    func description(at now: Int64) -> (state: String, status: String, duration: String?) {
        let state = state(at: now)
        let isLocked = state == .leased || state == .breaking
        var duration: String?
        if state == .leased, case .taken(_, let limit, _) = hold { duration = limit == nil ? "infinite" : "fixed" }
        return (state.rawValue, isLocked ? "locked" : "unlocked", duration)
    }

    func headers(at now: Int64) -> [(name: String, value: String)] {
        let (state, status, duration) = description(at: now)
        let headers = [("x-ms-lease-status", status), ("x-ms-lease-state", state)]
        return headers + (duration.map { [("x-ms-lease-duration", $0)] } ?? [])
    }

    /// Ids compare without regard to case.
    private func isCurrent(_ id: String) -> Bool {
        switch hold {
        case .none: false
        case .taken(let current, _, _), .breaking(let current, _): current.lowercased() == id.lowercased()
        }
    }
}
