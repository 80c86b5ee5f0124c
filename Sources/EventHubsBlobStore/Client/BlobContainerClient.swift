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
package import HTTPExchange
import Synchronization

/// The few operations of the Blob service that leases and checkpoints need, on one container.
///
/// Requests have time-outs and are repeated when that can help; what a repeated write has done is told apart by
/// whoever made it.
public final class BlobContainerClient: Sendable {
    /// Where the container is.
    public let location: BlobContainerLocation

    let configuration: BlobClientConfiguration
    let transport: any HTTPTransport
    let wallClock: WallClock
    let generator: Mutex<SystemRandomNumberGenerator>
    let slots: RequestSlots

    /// The version of the service's interface that requests are written for.
    static let apiVersion = "2019-07-07"
    /// No list of leases is longer; one that is never ends.
    private static let maximumPages = 1_000

    /// Makes a client. No connection is made before the first request.
    ///
    /// - Parameters:
    ///   - location: Where the container is.
    ///   - configuration: How requests are made.
    public convenience init(_ location: BlobContainerLocation, configuration: BlobClientConfiguration = .init()) {
        self.init(
            location,
            configuration: configuration,
            transport: HTTPClient(
                .init(
                    maximumResponseSize: configuration.maximumResponseSize,
                    maximumConnections: configuration.maximumConcurrentRequests
                )
            ),
            wallClock: .system
        )
    }

    package init(
        _ location: BlobContainerLocation,
        configuration: BlobClientConfiguration,
        transport: any HTTPTransport,
        wallClock: WallClock
    ) {
        self.location = location
        self.configuration = configuration
        self.transport = transport
        self.wallClock = wallClock
        generator = Mutex(SystemRandomNumberGenerator())
        slots = RequestSlots(count: configuration.maximumConcurrentRequests)
    }

    /// Creates the container unless it exists.
    ///
    /// - Throws: ``BlobStoreError``
    public func createContainer() async throws(BlobStoreError) {
        let answer = try await perform("PUT", query: [.init("restype", "container")])
        guard answer.response.status == 201 || answer.response.serviceCode == "ContainerAlreadyExists" else {
            throw failure(answer.response, "create the container")
        }
    }

    /// Whether the container exists.
    ///
    /// - Returns: False when the service says that it does not.
    /// - Throws: ``BlobStoreError``
    public func containerExists() async throws(BlobStoreError) -> Bool {
        let answer = try await perform(
            "GET",
            query: [.init("restype", "container"), .init("comp", "list"), .init("maxresults", "1")]
        )
        if answer.response.status == 200 { return true }
        let error = failure(answer.response, "look into the container")
        guard error.code == .containerNotFound else { throw error }
        return false
    }

    /// Makes sure that the container is there.
    ///
    /// - Throws: ``BlobStoreError`` with ``BlobStoreError/Code/containerNotFound`` when it is not and may not be created.
    func prepareContainer(creating: Bool) async throws(BlobStoreError) {
        if creating {
            try await createContainer()
        } else if try await !containerExists() {
            throw BlobStoreError(
                .containerNotFound,
                "the container \(location) does not exist: create it, or tell the store to"
            )
        }
    }

    /// All blobs whose names begin with the prefix, with their metadata.
    func list(prefix: String) async throws(BlobStoreError) -> [BlobRecord] {
        var records: [BlobRecord] = []
        var marker = ""
        for _ in 0..<Self.maximumPages {
            var query: [HTTPRequest.Field] = [
                .init("restype", "container"), .init("comp", "list"), .init("prefix", prefix),
                .init("include", "metadata"),
            ]
            if !marker.isEmpty { query.append(.init("marker", marker)) }
            let response = try await perform("GET", query: query).response
            guard response.status == 200 else { throw failure(response, "list blobs") }
            let page = try BlobList(xml: response.body)
            let now = serverTime(response)
            for entry in page.entries {
                records.append(
                    BlobRecord(
                        name: entry.name,
                        etag: entry.etag,
                        age: .seconds(max(now - (entry.lastModified ?? now), 0)),
                        metadata: entry.metadata,
                        isLeased: entry.isLeased
                    )
                )
            }
            guard !page.nextMarker.isEmpty else { return records }
            guard page.nextMarker != marker else { break }
            marker = page.nextMarker
        }
        throw BlobStoreError(.invalidResponse, "the list of blobs under \(prefix) does not end")
    }

    /// One blob's metadata. Nil: there is no such blob.
    func read(_ name: String) async throws(BlobStoreError) -> BlobRecord? {
        let response = try await perform("HEAD", blob: name).response
        if response.status == 404, response.serviceCode != "ContainerNotFound" { return nil }
        guard response.status == 200 else { throw failure(response, "read \(name)") }
        return try record(name, response, metadata: response.metadata)
    }

    /// Makes an empty blob with metadata, if there is none of that name.
    func create(_ name: String, metadata: [HTTPRequest.Field]) async throws(BlobStoreError) -> BlobWriteOutcome {
        let answer = try await perform(
            "PUT",
            blob: name,
            headers: [
                .init("Content-Type", "application/octet-stream"), .init("If-None-Match", "*"),
                .init("x-ms-blob-type", "BlockBlob"),
            ] + Self.headers(metadata)
        )
        return try outcome(answer, name, metadata, "create")
    }

    /// Replaces the metadata of a blob, if a mark is given only if it has not changed since that was read.
    func setMetadata(
        _ name: String,
        _ metadata: [HTTPRequest.Field],
        ifMatch etag: String?
    ) async throws(BlobStoreError) -> BlobWriteOutcome {
        let answer = try await perform(
            "PUT",
            blob: name,
            query: [.init("comp", "metadata")],
            headers: Self.condition(etag) + Self.headers(metadata)
        )
        return try outcome(answer, name, metadata, "write")
    }

    /// Removes a blob, if a mark is given only if it has not changed since that was read. Does nothing when it is not so, or there is none.
    func delete(_ name: String, ifMatch etag: String? = nil) async throws(BlobStoreError) {
        let response = try await perform("DELETE", blob: name, headers: Self.condition(etag)).response
        switch (response.status, response.serviceCode) {
        case (202, _), (412, _), (404, "BlobNotFound"), (404, "ResourceNotFound"): return
        default: throw failure(response, "remove \(name)")
        }
    }

    private static func condition(_ etag: String?) -> [HTTPRequest.Field] {
        etag.map { [.init("If-Match", BlobETag.quoted($0))] } ?? []
    }

    static func headers(_ metadata: [HTTPRequest.Field]) -> [HTTPRequest.Field] {
        metadata.map { HTTPRequest.Field("x-ms-meta-\($0.name)", $0.value) }
    }

    func outcome(
        _ answer: Answer,
        _ name: String,
        _ metadata: [HTTPRequest.Field],
        _ action: String
    ) throws(BlobStoreError) -> BlobWriteOutcome {
        switch (answer.response.status, answer.response.serviceCode) {
        case (200, _), (201, _):
            let metadata = Dictionary(metadata.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
            return .written(try record(name, answer.response, metadata: metadata))
        case (412, _), (409, "BlobAlreadyExists"):
            return .changed(mayBeOwn: answer.attempts > 1)
        case (404, "BlobNotFound"), (404, "ResourceNotFound"):
            return .missing
        default:
            throw failure(answer.response, "\(action) \(name)")
        }
    }

    func record(
        _ name: String,
        _ response: HTTPResponse,
        metadata: [String: String]
    ) throws(BlobStoreError) -> BlobRecord {
        guard let etag = response.etag, !etag.isEmpty else {
            throw BlobStoreError(.invalidResponse, "the answer for \(name) has no ETag", status: response.status)
        }
        let now = serverTime(response)
        let modified = response.headers["last-modified"].flatMap { HTTPDate.seconds($0) } ?? now
        return BlobRecord(
            name: name,
            etag: etag,
            age: .seconds(max(now - modified, 0)),
            metadata: metadata,
            isLeased: BlobRecord.isLeased(response.headers["x-ms-lease-state"])
        )
    }

    /// The service's own time: ages reckoned by it do not depend on this machine's clock.
    private func serverTime(_ response: HTTPResponse) -> Int64 {
        response.headers["date"].flatMap { HTTPDate.seconds($0) } ?? wallClock.now().millisecondsSinceEpoch / 1_000
    }
}
