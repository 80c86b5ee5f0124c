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
import Testing

@testable import EventHubsBlobStore

@Suite(.timeLimit(.minutes(5))) struct BlobContainerClientTests {
    let transport = ServiceTransport()

    func client(configure: (inout BlobClientConfiguration) -> Void = { _ in }) throws -> BlobContainerClient {
        try .onService(transport, configure: configure)
    }

    @Test func sendsWhatTheServiceExpects() async throws {
        let client = try client()
        try await client.createContainer()
        _ = try await client.create("ns/hub/$default/ownership/0", metadata: [.init("ownerid", "me")])
        let put = try #require(transport.requests.last)
        #expect(put.url == "http://127.0.0.1:10000/devstoreaccount1/leases/ns/hub/%24default/ownership/0")
        #expect(put.header("If-None-Match") == "*")
        #expect(put.header("x-ms-blob-type") == "BlockBlob")
        #expect(put.header("x-ms-meta-ownerid") == "me")
        #expect(put.header("x-ms-version") == "2019-07-07")
        #expect(put.header("Authorization").hasPrefix("SharedKey devstoreaccount1:"))
        _ = try await client.setMetadata("ns/hub/$default/ownership/0", [.init("ownerid", "")], ifMatch: "0x1")
        let set = try #require(transport.requests.last)
        #expect(set.url.hasSuffix("/leases/ns/hub/%24default/ownership/0?comp=metadata"))
        #expect(set.header("If-Match") == "\"0x1\"")
    }

    @Test func createsTheContainerOnce() async throws {
        let client = try client()
        #expect(try await !client.containerExists())
        try await client.createContainer()
        try await client.createContainer()
        #expect(try await client.containerExists())
    }

    @Test func missingContainerIsALoudError() async throws {
        let client = try client()
        for operation in [
            { _ = try await client.list(prefix: "") }, { _ = try await client.read("a") },
            { _ = try await client.create("a", metadata: []) },
            { _ = try await client.setMetadata("a", [], ifMatch: "0x1") },
        ] as [() async throws -> Void] {
            await #expect(throws: BlobStoreError(.containerNotFound, "")) { try await operation() }
        }
    }

    @Test func wrongKeyIsALoudError() async throws {
        let location = try BlobContainerLocation(
            connectionString:
                "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;AccountName=devstoreaccount1;AccountKey=a2V5",
            container: "leases"
        )
        let client = BlobContainerClient(
            location,
            configuration: .init(),
            transport: transport,
            wallClock: transport.skewedClock
        )
        await #expect(throws: BlobStoreError(.accessDenied, "")) { try await client.createContainer() }
        #expect(transport.requests.count == 1, "that is not worth repeating")
    }

    @Test func conditionsDecideWrites() async throws {
        let client = try client()
        try await client.createContainer()
        guard case .written(let first) = try await client.create("a", metadata: [.init("ownerid", "me")]) else {
            Issue.record("not created")
            return
        }
        #expect(try await client.create("a", metadata: []) == .changed(mayBeOwn: false))
        guard
            case .written(let second) = try await client.setMetadata(
                "a",
                [.init("ownerid", "you")],
                ifMatch: first.etag
            )
        else {
            Issue.record("not written")
            return
        }
        #expect(second.etag != first.etag)
        #expect(try await client.setMetadata("a", [], ifMatch: first.etag) == .changed(mayBeOwn: false))
        #expect(try await client.read("a")?.metadata == ["ownerid": "you"])
        #expect(try await client.read("b") == nil)
    }

    @Test func listsPageAfterPage() async throws {
        let client = try client()
        try await client.createContainer()
        // The service's pages hold 5,000 entries.
        for number in 0..<5_003 { _ = try await client.create("p/\(number)", metadata: [.init("n", "\(number)")]) }
        _ = try await client.create("q/0", metadata: [])
        let records = try await client.list(prefix: "p/")
        #expect(Set(records.map(\.name)).count == 5_003)
        #expect(records.allSatisfy { $0.metadata["n"] == String($0.name.dropFirst(2)) })
    }

    @Test func endlessListIsGivenUp() async throws {
        struct Endless: HTTPTransport {
            func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
                let xml = "<EnumerationResults><Blobs/><NextMarker>again</NextMarker></EnumerationResults>"
                return HTTPResponse(status: 200, body: Array(xml.utf8))
            }
        }
        let client = try BlobContainerClient.onService(Endless())
        await #expect(throws: BlobStoreError(.invalidResponse, "")) { try await client.list(prefix: "") }
    }

    @Test func repeatsWhatMayHelp() async throws {
        let client = try client()
        try await client.createContainer()
        transport.forgetRequests()
        transport.expect(.status(503), .unreachable, .status(429))
        #expect(try await client.list(prefix: "").isEmpty)
        #expect(transport.requests.count == 4)
    }

    @Test func repeatsNoMoreThanAllowed() async throws {
        let client = try client { $0.maximumRetries = 2 }
        transport.expect(.status(500), .status(500), .status(500), .status(500))
        await #expect(throws: BlobStoreError(.unavailable, "")) { try await client.list(prefix: "") }
        #expect(transport.requests.count == 3)
        transport.forgetRequests()
    }

    @Test func attemptHasADeadline() async throws {
        let client = try client {
            $0.tryTimeout = .milliseconds(20)
            $0.maximumRetries = 1
        }
        transport.expect(.hangs, .hangs)
        await #expect(throws: BlobStoreError(.timedOut, "")) { try await client.list(prefix: "") }
        #expect(transport.requests.count == 2)
    }

    @Test func pauseTheServiceAsksForIsKept() async throws {
        let client = try client()
        try await client.createContainer()
        transport.expect(.status(503, headers: ["Retry-After": "1"]))
        let start = ContinuousClock.now
        _ = try await client.list(prefix: "")
        #expect(start.duration(to: .now) >= .seconds(1))
    }

    @Test func lostAnswerIsToldFromALostRace() async throws {
        let client = try client()
        try await client.createContainer()
        transport.expect(.answerLost)
        #expect(try await client.create("a", metadata: []) == .changed(mayBeOwn: true))
    }

    @Test func cancellationEndsTheWait() async throws {
        let client = try client()
        transport.expect(.hangs)
        let list = Task { try await client.list(prefix: "") }
        while transport.requests.isEmpty { await Task.yield() }
        list.cancel()
        await #expect(throws: BlobStoreError.self) { try await list.value }
    }

    @Test func signatureGoesWithEveryRequest() async throws {
        let location = try BlobContainerLocation(url: "https://acc.blob.core.windows.net/leases?sv=2020&sig=a%2Fb")
        struct Recorder: HTTPTransport {
            func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
                #expect(request.url == "https://acc.blob.core.windows.net/leases/a/b?sv=2020&sig=a%2Fb")
                #expect(request.header("Authorization").isEmpty)
                return HTTPResponse(status: 404, headers: ["x-ms-error-code": "BlobNotFound"])
            }
        }
        let client = BlobContainerClient(location, configuration: .init(), transport: Recorder(), wallClock: .system)
        #expect(try await client.read("a/b") == nil)
    }

    /// An hour ahead of the service, in step with it, an hour behind. A signature in the URL is not bound to a date.
    @Test(arguments: [3_600_000, 0, -3_600_000] as [Int64])
    func agesDoNotDependOnThisMachinesClock(skew: Int64) async throws {
        // Made by azure-storage-blob 12.31.1, valid until midnight; the service's clock shows 22:13:20.
        let signature =
            "se=2023-11-15T00%3A00%3A00Z&sp=rwlc&sv=2026-10-06&ss=b&srt=co&sig=NL8a5/625gbV0UIhc7gTOo9IvxpGCF3dAkwT4G0DRog%3D"
        let (transport, now) = (transport, transport.now)
        let client = BlobContainerClient(
            try BlobContainerLocation(url: "http://127.0.0.1:10000/devstoreaccount1/leases?\(signature)"),
            configuration: .init(),
            transport: transport,
            wallClock: WallClock { Timestamp(millisecondsSinceEpoch: now.milliseconds + skew) }
        )
        try await client.createContainer()
        guard case .written(let record) = try await client.create("a", metadata: []) else {
            Issue.record("not created")
            return
        }
        #expect(record.age == .zero)
        now.advance(by: .seconds(45))
        #expect(try await client.list(prefix: "").map(\.age) == [.seconds(45)])
        #expect(try await client.read("a")?.age == .seconds(45))
    }
}
