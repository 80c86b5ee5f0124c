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
import Synchronization

/// The few operations of the Blob service that leases and checkpoints need, on one container.
///
/// Requests have time-outs and are repeated when that can help; what a repeated write has done is told apart by
/// whoever made it.
public final class BlobContainerClient: Sendable {
    /// Where the container is.
    public let location: BlobContainerLocation

    let configuration: BlobClientConfiguration
    private let transport: any BlobTransport
    private let wallClock: WallClock
    private let generator: Mutex<SystemRandomNumberGenerator>
    private let slots: RequestSlots

    /// The version of the service's interface that requests are written for.
    static let apiVersion = "2019-07-07"
    /// How long a credential may take.
    private static let credentialPatience: Duration = .seconds(60)
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
            transport: URLSessionTransport(maximumResponseSize: configuration.maximumResponseSize),
            wallClock: .system
        )
    }

    package init(
        _ location: BlobContainerLocation,
        configuration: BlobClientConfiguration,
        transport: any BlobTransport,
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
        let answer = try await perform(.put, query: [.init("restype", "container")])
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
            .get,
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
            var query: [BlobHTTPRequest.Field] = [
                .init("restype", "container"), .init("comp", "list"), .init("prefix", prefix),
                .init("include", "metadata"),
            ]
            if !marker.isEmpty { query.append(.init("marker", marker)) }
            let response = try await perform(.get, query: query).response
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
        let response = try await perform(.head, blob: name).response
        if response.status == 404, response.serviceCode != "ContainerNotFound" { return nil }
        guard response.status == 200 else { throw failure(response, "read \(name)") }
        return try record(name, response, metadata: response.metadata)
    }

    /// Makes an empty blob with metadata, if there is none of that name.
    func create(_ name: String, metadata: [BlobHTTPRequest.Field]) async throws(BlobStoreError) -> BlobWriteOutcome {
        let answer = try await perform(
            .put,
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
        _ metadata: [BlobHTTPRequest.Field],
        ifMatch etag: String?
    ) async throws(BlobStoreError) -> BlobWriteOutcome {
        let answer = try await perform(
            .put,
            blob: name,
            query: [.init("comp", "metadata")],
            headers: Self.condition(etag) + Self.headers(metadata)
        )
        return try outcome(answer, name, metadata, "write")
    }

    /// Removes a blob, if a mark is given only if it has not changed since that was read. Does nothing when it is not so, or there is none.
    func delete(_ name: String, ifMatch etag: String? = nil) async throws(BlobStoreError) {
        let response = try await perform(.delete, blob: name, headers: Self.condition(etag)).response
        switch (response.status, response.serviceCode) {
        case (202, _), (412, _), (404, "BlobNotFound"), (404, "ResourceNotFound"): return
        default: throw failure(response, "remove \(name)")
        }
    }

    private static func condition(_ etag: String?) -> [BlobHTTPRequest.Field] {
        etag.map { [.init("If-Match", BlobETag.quoted($0))] } ?? []
    }

    static func headers(_ metadata: [BlobHTTPRequest.Field]) -> [BlobHTTPRequest.Field] {
        metadata.map { BlobHTTPRequest.Field("x-ms-meta-\($0.name)", $0.value) }
    }

    func outcome(
        _ answer: Answer,
        _ name: String,
        _ metadata: [BlobHTTPRequest.Field],
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
        _ response: BlobHTTPResponse,
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
    private func serverTime(_ response: BlobHTTPResponse) -> Int64 {
        response.headers["date"].flatMap { HTTPDate.seconds($0) } ?? wallClock.now().millisecondsSinceEpoch / 1_000
    }
}

// MARK: - Requests

extension BlobContainerClient {
    /// An answer, and how many attempts it took.
    struct Answer {
        let response: BlobHTTPResponse
        let attempts: Int
    }

    /// Makes a request and repeats it if that can help.
    func perform(
        _ method: BlobHTTPRequest.Method,
        blob: String? = nil,
        query: [BlobHTTPRequest.Field] = [],
        headers: [BlobHTTPRequest.Field] = [],
        body: [UInt8] = []
    ) async throws(BlobStoreError) -> Answer {
        let path =
            "\(location.accountPath)/\(location.container)" + (blob.map { "/" + $0.percentEncoded(keeping: "/") } ?? "")
        var attempts = 0
        var refusedToken: AccessToken?
        while true {
            let token = try await bearerToken()
            attempts += 1
            let request = authorized(
                BlobHTTPRequest(
                    method,
                    origin: location.origin,
                    path: path,
                    query: query,
                    headers: headers,
                    body: body
                ),
                by: token
            )
            let pause: Duration
            do {
                let response = try await attempt(request)
                if response.status == 401, refusedToken == nil, let token, try await bearerToken() != token {
                    // It has been replaced meanwhile. What was refused has done nothing.
                    refusedToken = token
                    attempts -= 1
                    continue
                }
                guard Self.isWorthRepeating(response.status), attempts <= configuration.maximumRetries else {
                    return Answer(response: response, attempts: attempts)
                }
                pause = max(backOff(attempts), Self.pauseAskedFor(response))
            } catch {
                let canRepeat = error.code == .timedOut || error.code == .connectionFailed
                guard canRepeat, attempts <= configuration.maximumRetries, !Task.isCancelled else { throw error }
                pause = backOff(attempts)
            }
            do {
                try await configuration.clock.sleep(for: pause)
            } catch {
                throw BlobStoreError(.timedOut, "the request was cancelled between two attempts", underlying: error)
            }
        }
    }

    private func attempt(_ request: BlobHTTPRequest) async throws(BlobStoreError) -> BlobHTTPResponse {
        guard await slots.enter() else {
            throw BlobStoreError(.timedOut, "the request was cancelled before it was its turn")
        }
        defer { slots.leave() }
        let transport = transport
        do {
            return try await withDeadline(configuration.tryTimeout, on: configuration.clock) {
                try await transport.send(request)
            }
        } catch let error as BlobStoreError {
            throw error
        } catch {
            throw BlobStoreError(.timedOut, "\(request.method.rawValue) \(request.path)", underlying: error)
        }
    }

    /// A token, when requests are authorised by tokens.
    private func bearerToken() async throws(BlobStoreError) -> AccessToken? {
        guard case .tokens(let tokens) = location.credential else { return nil }
        do {
            return try await withDeadline(Self.credentialPatience, on: configuration.clock) {
                try await tokens.token()
            }
        } catch let error as BlobStoreError {
            throw error
        } catch {
            throw BlobStoreError(.timedOut, "the credential has no token", underlying: error)
        }
    }

    private func authorized(_ request: BlobHTTPRequest, by token: AccessToken?) -> BlobHTTPRequest {
        var request = request
        let seconds = wallClock.now().millisecondsSinceEpoch / 1_000
        request.headers.append(.init("x-ms-date", HTTPDate.text(secondsSinceEpoch: seconds)))
        request.headers.append(.init("x-ms-version", Self.apiVersion))
        switch location.credential {
        case .sharedKey(let key): request.headers.append(.init("Authorization", key.authorization(of: request)))
        case .sharedAccessSignature(let query): request.signedQuery = query.revealed
        case .tokens: request.headers.append(.init("Authorization", "Bearer \(token?.value ?? "")"))
        }
        return request
    }

    private func backOff(_ failures: Int) -> Duration {
        generator.withLock { configuration.backOff.delay(afterFailures: failures, using: &$0) }
    }

    private static func isWorthRepeating(_ status: Int) -> Bool {
        [408, 429, 500, 502, 503, 504].contains(status)
    }

    private static func pauseAskedFor(_ response: BlobHTTPResponse) -> Duration {
        guard let seconds = response.headers["retry-after"].flatMap({ Int($0) }) else { return .zero }
        return .seconds(min(max(seconds, 0), 30))
    }

    /// What to look at when the service does not let a request in.
    private static func advice(on serviceCode: String?) -> String {
        switch serviceCode {
        case "AuthorizationPermissionMismatch":
            "its identity needs the role Storage Blob Data Contributor, or its signature the rights read, list, create and write"
        case "InvalidAuthenticationInfo":
            "the token is not accepted: is it of the account's tenant, and is this machine's clock right?"
        case "AuthorizationFailure", "AuthorizationSourceIPMismatch":
            "the account's network rules may shut this machine out"
        case "KeyBasedAuthenticationNotPermitted":
            "the account takes tokens of Microsoft Entra ID only"
        default:
            "is the key, signature or token the right one and still valid, and is this machine's clock right?"
        }
    }

    /// What an answer means that is no success.
    func failure(_ response: BlobHTTPResponse, _ action: String) -> BlobStoreError {
        let serviceCode = response.serviceCode
        let code: BlobStoreError.Code
        let message: String
        switch (response.status, serviceCode) {
        case (404, "ContainerNotFound"):
            code = .containerNotFound
            message = "the container \(location) does not exist: create it, or tell the store to"
        case (401, _), (403, _):
            code = .accessDenied
            message = "the credential does not allow to \(action) in \(location): \(Self.advice(on: serviceCode))"
        case (let status, _) where Self.isWorthRepeating(status):
            code = .unavailable
            message = "the service could not \(action)"
        default:
            code = .refused
            message = "the service refused to \(action)"
        }
        return BlobStoreError(
            code,
            message,
            status: response.status,
            serviceCode: serviceCode,
            requestID: response.headers["x-ms-request-id"]
        )
    }
}
