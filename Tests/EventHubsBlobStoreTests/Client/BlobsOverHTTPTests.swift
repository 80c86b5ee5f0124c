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
import EventHubsEmulator
import EventHubsProcessor
import HTTPExchange
import Synchronization
import Testing

@testable import EventHubsBlobStore

/// The whole way over HTTP, against the emulator, which verifies every signature.
@Suite(.timeLimit(.minutes(5))) struct BlobsOverHTTPTests {
    func withContainer(_ body: @Sendable (BlobContainerClient, EventHubsEmulator) async throws -> Void) async throws {
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 2)])
        configuration.httpPort = 0
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let location = try BlobContainerLocation(
                connectionString: emulator.blobConnectionString,
                container: "leases"
            )
            try await body(BlobContainerClient(location), emulator)
        }
    }

    @Test func leasesAndCheckpointsOverHTTP() async throws {
        try await withContainer { client, _ in
            let leases = BlobLeaseManager(client: client, scope: testScope, createsContainer: true)
            let checkpoints = BlobCheckpointManager(client: client, scope: testScope)
            try await leases.prepare(for: ["0", "1"], leaseDuration: .seconds(60))
            let lease = try #require(try await leases.acquire(.unclaimed("0"), for: "a"))
            #expect(try await leases.acquire(.unclaimed("0"), for: "b") == nil)
            let renewed = try #require(try await leases.renew(lease))
            #expect(try await leases.leases().map(\.owner) == ["a"])
            let checkpoint = Checkpoint(partition: "0", offset: "4096", sequenceNumber: 12)
            try await checkpoints.store(checkpoint, holding: renewed)
            #expect(try await checkpoints.checkpoint(for: "0") == checkpoint)
            // The empty owner's name is an empty header.
            try await leases.release(renewed)
            #expect(try await leases.leases().map(\.owner) == [nil])
        }
    }

    /// Keeps the answers that pass through.
    final class Tap: HTTPTransport {
        private let transport = HTTPClient(.init(maximumResponseSize: 1 << 20, maximumConnections: 4))
        private let bodies = Mutex<[String]>([])

        func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
            let response = try await transport.send(request)
            bodies.withLock { $0.append(String(decoding: response.body, as: UTF8.self)) }
            return response
        }

        var last: String { bodies.withLock { $0.last ?? "" } }
    }

    /// Other libraries look metadata up by the exact name, and the service keeps the case it was sent in.
    @Test func namesOfMetadataArriveInTheCaseTheyHave() async throws {
        try await withContainer { client, _ in
            let tap = Tap()
            let client = BlobContainerClient(
                client.location,
                configuration: BlobClientConfiguration(),
                transport: tap,
                wallClock: .system
            )
            try await client.createContainer()
            let leases = BlobLeaseManager(client: client, scope: testScope)
            let lease = try #require(try await leases.acquire(.unclaimed("0"), for: "a"))
            _ = try await leases.renew(lease)
            _ = try await leases.leases()
            #expect(tap.last.contains("<ownerid>a</ownerid>"), "\(tap.last)")
            let checkpoints = BlobCheckpointManager(client: client, scope: testScope)
            try await checkpoints.store(Checkpoint(partition: "0", offset: "4096", sequenceNumber: 12), holding: lease)
            _ = try await client.list(prefix: testScope.prefix(of: .checkpoint))
            #expect(tap.last.contains("<offset>4096</offset>"), "\(tap.last)")
            #expect(tap.last.contains("<sequencenumber>12</sequencenumber>"), "\(tap.last)")
        }
    }

    @Test func missingBlobAndContainerOverHTTP() async throws {
        try await withContainer { client, _ in
            #expect(try await !client.containerExists())
            await #expect(throws: BlobStoreError(.containerNotFound, "")) { try await client.read("a") }
            try await client.createContainer()
            #expect(try await client.read("a") == nil)
        }
    }

    @Test func manyRequestsAtOnce() async throws {
        try await withContainer { client, _ in
            try await client.createContainer()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<128 {
                    group.addTask { _ = try await client.create("p/\(number)", metadata: [.init("n", "\(number)")]) }
                }
                try await group.waitForAll()
            }
            #expect(try await client.list(prefix: "p/").count == 128)
        }
    }

    @Test func tooLargeAnAnswerIsBrokenOff() async throws {
        try await withContainer { client, _ in
            try await client.createContainer()
            for number in 0..<40 { _ = try await client.create("p/\(number)", metadata: [.init("n", "\(number)")]) }
            var configuration = BlobClientConfiguration()
            configuration.maximumResponseSize = 2_000
            let small = BlobContainerClient(client.location, configuration: configuration)
            await #expect(throws: BlobStoreError(.responseTooLarge, "")) { try await small.list(prefix: "p/") }
        }
    }

    @Test func nobodyAtHome() async throws {
        let location = try BlobContainerLocation(
            connectionString:
                "BlobEndpoint=http://127.0.0.1:9/devstoreaccount1;AccountName=devstoreaccount1;AccountKey=a2V5",
            container: "leases"
        )
        var configuration = BlobClientConfiguration()
        configuration.maximumRetries = 1
        configuration.backOff = BackOff(initial: .milliseconds(1), maximum: .milliseconds(1), jitter: 0)
        let client = BlobContainerClient(location, configuration: configuration)
        await #expect(throws: BlobStoreError(.connectionFailed, "")) { try await client.containerExists() }
    }
}
