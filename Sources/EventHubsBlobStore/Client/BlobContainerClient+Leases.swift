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

import HTTPExchange

/// A blob with its content, as it was at one moment.
struct BlobContent: Sendable, Hashable {
    let record: BlobRecord
    let bytes: [UInt8]
}

// Content and leases: what stores need whose data is in the blob itself.
extension BlobContainerClient {
    /// A blob's content. Nil: there is no such blob.
    func download(_ name: String) async throws(BlobStoreError) -> BlobContent? {
        let response = try await perform("GET", blob: name).response
        if response.status == 404, response.serviceCode != "ContainerNotFound" { return nil }
        guard response.status == 200 else { throw failure(response, "read \(name)") }
        return BlobContent(record: try record(name, response, metadata: response.metadata), bytes: response.body)
    }

    /// Writes content and metadata of a blob: under its lease or, without one, as a new blob.
    func upload(
        _ name: String,
        _ content: [UInt8],
        metadata: [HTTPRequest.Field] = [],
        under leaseID: String?
    ) async throws(BlobStoreError) -> BlobWriteOutcome {
        let condition = leaseID.map { HTTPRequest.Field("x-ms-lease-id", $0) } ?? .init("If-None-Match", "*")
        let answer = try await perform(
            "PUT",
            blob: name,
            headers: [
                .init("Content-Type", "application/octet-stream"), condition, .init("x-ms-blob-type", "BlockBlob"),
            ] + Self.headers(metadata),
            body: content
        )
        return try outcome(answer, name, metadata, "write")
    }

    /// Acquires the lease of a blob that has not changed since the mark was read. Repeated under the same id, a UUID, this is done once.
    ///
    /// - Returns: False when somebody else was faster.
    func acquireLease(
        _ name: String,
        _ id: String,
        seconds: Int64,
        ifMatch etag: String
    ) async throws(BlobStoreError) -> Bool {
        try await lease(
            name,
            "acquire",
            [
                .init("x-ms-lease-duration", String(seconds)), .init("x-ms-proposed-lease-id", id),
                .init("If-Match", BlobETag.quoted(etag)),
            ]
        )
    }

    /// Takes the lease from its holder, whose id is known, of a blob that has not changed since the mark was read. The lease's time goes
    /// on.
    ///
    /// - Returns: False when somebody else was faster.
    func changeLease(
        _ name: String,
        from current: String,
        to id: String,
        ifMatch etag: String
    ) async throws(BlobStoreError) -> Bool {
        try await lease(
            name,
            "change",
            [
                .init("x-ms-lease-id", current), .init("x-ms-proposed-lease-id", id),
                .init("If-Match", BlobETag.quoted(etag)),
            ]
        )
    }

    /// Begins the lease's time anew.
    ///
    /// - Returns: False when it is somebody else's, or the blob was written since it had run out.
    func renewLease(_ name: String, _ id: String) async throws(BlobStoreError) -> Bool {
        try await lease(name, "renew", [.init("x-ms-lease-id", id)])
    }

    /// Gives the lease back, if it is still held.
    func releaseLease(_ name: String, _ id: String) async throws(BlobStoreError) {
        _ = try await lease(name, "release", [.init("x-ms-lease-id", id)])
    }

    /// The service's refusals have many codes; all say that the lease is not, or no more, the caller's.
    private func lease(
        _ name: String,
        _ action: String,
        _ headers: [HTTPRequest.Field]
    ) async throws(BlobStoreError) -> Bool {
        let response = try await perform(
            "PUT",
            blob: name,
            query: [.init("comp", "lease")],
            headers: [.init("x-ms-lease-action", action)] + headers
        ).response
        switch (response.status, response.serviceCode) {
        case (200, _), (201, _): return true
        case (409, _), (412, _), (404, "BlobNotFound"), (404, "ResourceNotFound"): return false
        default: throw failure(response, "\(action) the lease of \(name)")
        }
    }
}
