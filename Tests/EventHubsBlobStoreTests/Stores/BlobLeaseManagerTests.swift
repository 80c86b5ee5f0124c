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
import Synchronization
import Testing

@testable import EventHubsBlobStore

@Suite(.timeLimit(.minutes(5))) struct BlobLeaseManagerTests {
    let transport = ServiceTransport()
    let client: BlobContainerClient
    let manager: BlobLeaseManager
    static let prefix = "ns.servicebus.windows.net/hub1/$default/ownership/"

    init() async throws {
        client = try .onService(transport)
        manager = BlobLeaseManager(client: client, scope: testScope, createsContainer: true)
        try await manager.prepare(for: ["0", "1", "2"], leaseDuration: .seconds(60))
        transport.forgetRequests()
    }

    func acquire(_ partition: PartitionID = "0", for host: HostID = "a") async throws -> Lease {
        try #require(try await manager.acquire(.unclaimed(partition), for: host))
    }

    func owner(_ partition: PartitionID = "0") async throws -> HostID? {
        try await manager.leases().first { $0.partition == partition }?.owner
    }

    @Test func firstClaimMakesTheBlob() async throws {
        let lease = try await acquire()
        #expect(lease.owner == "a")
        #expect(!lease.token.isEmpty && !lease.token.contains("\""))
        #expect(try await client.read(Self.prefix + "0")?.metadata == ["ownerid": "a"])
        #expect(try await manager.leases().map(\.token) == [lease.token], "list and answer agree on the mark")
    }

    @Test func onlyOneWinsTheFirstClaim() async throws {
        _ = try await acquire()
        #expect(try await manager.acquire(.unclaimed("0"), for: "b") == nil)
        #expect(try await owner() == "a")
    }

    @Test func onlyOneWinsASteal() async throws {
        let read = try await acquire()
        #expect(try await manager.acquire(read, for: "b") != nil)
        #expect(try await manager.acquire(read, for: "c") == nil)
        #expect(try await owner() == "b")
        #expect(try await manager.renew(read) == nil)
    }

    @Test func renewalKeepsTheLease() async throws {
        let lease = try await acquire()
        transport.now.advance(by: .seconds(50))
        let renewed = try #require(try await manager.renew(lease))
        #expect(renewed.token != lease.token)
        let remaining = ContinuousClock.now.duration(to: try #require(renewed.expiry))
        #expect(remaining > .seconds(58) && remaining <= .seconds(60))
    }

    @Test func agesAreTheServicesOwn() async throws {
        _ = try await acquire()
        transport.now.advance(by: .seconds(45))
        let lease = try #require(try await manager.leases().first)
        let remaining = ContinuousClock.now.duration(to: try #require(lease.expiry))
        #expect(remaining > .seconds(13) && remaining < .seconds(16))
        transport.now.advance(by: .seconds(20))
        #expect(try await manager.leases().first?.owner(at: .now) == nil)
    }

    @Test func releasedLeaseBelongsToNobody() async throws {
        let lease = try await acquire()
        try await manager.release(lease)
        #expect(try await owner() == nil)
        let read = try #require(try await manager.leases().first)
        #expect(try await manager.acquire(read, for: "b")?.owner == "b")
        try await manager.release(lease)
        #expect(try await owner() == "b", "a former owner releases nothing")
    }

    @Test func releaseSurvivesARenewalInBetween() async throws {
        let lease = try await acquire()
        _ = try await manager.renew(lease)
        try await manager.release(lease)
        #expect(try await owner() == nil)
    }

    @Test func lostAnswersLoseNoLease() async throws {
        transport.expect(.answerLost)
        let lease = try #require(try await manager.acquire(.unclaimed("0"), for: "a"))
        transport.expect(.answerLost)
        let renewed = try #require(try await manager.renew(lease))
        #expect(try await manager.renew(renewed) != nil)
        transport.expect(.answerLost)
        try await manager.release(renewed)
        #expect(try await owner() == nil)
    }

    @Test func renewalThatWasLostAltogetherIsFoundOutTheNextTime() async throws {
        let lease = try await acquire()
        transport.expect(.answerLost, .unreachable, .unreachable, .unreachable)
        await #expect(throws: BlobStoreError(.connectionFailed, "")) { try await manager.renew(lease) }
        #expect(try await manager.renew(lease) != nil, "the host knows only the old mark")
    }

    @Test func thiefBetweenTheAttemptsIsNoticed() async throws {
        let lease = try await acquire()
        transport.expect(.unreachable, .after { _ = try await manager.acquire(lease, for: "thief") })
        #expect(try await manager.renew(lease) == nil)
        #expect(try await owner() == "thief")
    }

    @Test func deletedBlobIsMadeAnew() async throws {
        let forged = Lease(partition: "1", owner: nil, token: "0xGONE", expiry: nil)
        // The service answers 412 or 404 for a condition on a blob that is not there: both lead to no ownership by force.
        if let lease = try await manager.acquire(forged, for: "a") { #expect(lease.owner == "a") }
        #expect(try await manager.renew(Lease(partition: "2", owner: "a", token: "0xGONE", expiry: nil)) == nil)
    }

    @Test func listsTheLeasesOfItsGroupAlone() async throws {
        _ = try await acquire("0")
        _ = try await client.create(Self.prefix + "17", metadata: [.init("ownerid", "x")])
        _ = try await client.create(Self.prefix + "0/notes", metadata: [.init("ownerid", "x")])
        _ = try await client.create(
            "ns.servicebus.windows.net/hub1/other/ownership/1",
            metadata: [.init("ownerid", "x")]
        )
        #expect(try await manager.leases().map(\.partition) == ["0", "17"])
    }

    @Test func verbatimPathsKeepTheirCase() async throws {
        let scope = BlobStoreScope(
            fullyQualifiedNamespace: "NS.servicebus.windows.net",
            eventHub: "Hub1",
            consumerGroup: "$Default",
            casing: .verbatim
        )
        let other = BlobLeaseManager(client: client, scope: scope)
        try await other.prepare(for: ["0"], leaseDuration: .seconds(60))
        _ = try await other.acquire(.unclaimed("0"), for: "go")
        #expect(try await client.read("NS.servicebus.windows.net/Hub1/$Default/ownership/0")?.owner == "go")
        #expect(try await manager.leases().isEmpty)
    }

    @Test func metadataNamesMayBeInAnyCase() async throws {
        _ = try await client.create(Self.prefix + "0", metadata: [.init("OwnerId", "x")])
        #expect(try await owner() == "x")
    }

    @Test(arguments: ["", "a b", "a\r\nx-ms-meta-evil: 1", "hôte"])
    func refusesNamesThatAreNoHeader(name: String) async {
        await #expect(throws: BlobStoreError(.invalidName, "")) {
            try await manager.acquire(.unclaimed("0"), for: HostID(name))
        }
        #expect(transport.requests.isEmpty)
    }

    @Test func missingContainerStopsTheStart() async throws {
        let client = try BlobContainerClient.onService(ServiceTransport())
        let manager = BlobLeaseManager(client: client, scope: testScope)
        await #expect(throws: BlobStoreError(.containerNotFound, "")) {
            try await manager.prepare(for: ["0"], leaseDuration: .seconds(60))
        }
    }
}
