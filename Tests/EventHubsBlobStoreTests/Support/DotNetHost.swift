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

import EventHubs
import EventHubsProcessor
import HTTPExchange

@testable import EventHubsBlobStore

/// The requests that the event processor host for .NET makes, by hand: header by header and byte by byte.
struct DotNetHost {
    let name: String
    let client: BlobContainerClient
    let blob: String
    var token: String

    /// The JSON it writes.
    func json(owner: String, token: String, epoch: Int, offset: String?, sequenceNumber: Int) -> String {
        let offset = offset.map { "\"\($0)\"" } ?? "null"
        return
            #"{"Offset":\#(offset),"SequenceNumber":\#(sequenceNumber),"PartitionId":"0","Owner":"\#(owner)","Token":"\#(token)","Epoch":\#(epoch)}"#
    }

    /// Sends a request; the status and the service's code come back.
    @discardableResult
    func send(
        _ method: String,
        _ query: [HTTPRequest.Field] = [],
        _ headers: [HTTPRequest.Field] = [],
        body: String = ""
    ) async throws -> (status: Int, code: String?) {
        let response = try await client.perform(
            method,
            blob: blob,
            query: query,
            headers: headers,
            body: Array(body.utf8)
        ).response
        return (response.status, response.serviceCode)
    }

    func lease(_ action: String, _ headers: HTTPRequest.Field...) async throws -> (status: Int, code: String?) {
        try await send("PUT", [.init("comp", "lease")], [.init("x-ms-lease-action", action)] + headers)
    }

    /// Makes the blob of a partition that nobody has processed yet.
    func createLeaseIfNotExists() async throws -> (status: Int, code: String?) {
        try await send(
            "PUT",
            [],
            [.init("x-ms-blob-type", "BlockBlob"), .init("If-None-Match", "*")],
            body: json(owner: "", token: "", epoch: 0, offset: nil, sequenceNumber: 0)
        )
    }

    func acquire() async throws -> (status: Int, code: String?) {
        try await lease(
            "acquire",
            .init("x-ms-lease-duration", "30"),
            .init("x-ms-proposed-lease-id", token)
        )
    }

    /// Takes the lease from its holder, then renews it: changing the id does not prolong it.
    func steal(from current: String) async throws -> (status: Int, code: String?) {
        let changed = try await lease(
            "change",
            .init("x-ms-lease-id", current),
            .init("x-ms-proposed-lease-id", token)
        )
        guard changed.status == 200 else { return changed }
        return try await renew()
    }

    func renew() async throws -> (status: Int, code: String?) {
        try await lease("renew", .init("x-ms-lease-id", token))
    }

    /// Writes the blob under the lease: what it does after acquiring, and for each checkpoint.
    func update(epoch: Int, offset: String?, sequenceNumber: Int) async throws -> (status: Int, code: String?) {
        let written = try await send(
            "PUT",
            [],
            [.init("x-ms-blob-type", "BlockBlob"), .init("x-ms-lease-id", token)],
            body: json(owner: name, token: token, epoch: epoch, offset: offset, sequenceNumber: sequenceNumber)
        )
        guard written.status == 201 else { return written }
        return try await send(
            "PUT",
            [.init("comp", "metadata")],
            [.init("x-ms-lease-id", token), .init("x-ms-meta-OWNINGHOST", name)]
        )
    }

    /// What it reads: JSON, owner by metadata, state of the lease.
    func read() async throws -> (json: String, owner: String?, state: String?) {
        let response = try await client.perform("GET", blob: blob).response
        return (
            String(decoding: response.body, as: UTF8.self), response.headers["x-ms-meta-owninghost"],
            response.headers["x-ms-lease-state"]
        )
    }
}
