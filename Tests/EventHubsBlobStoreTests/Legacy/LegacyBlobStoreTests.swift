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
import EventHubsProcessorTesting
import HTTPExchange
import Testing

@testable import EventHubsBlobStore

@Suite(.timeLimit(.minutes(5))) struct LegacyBlobStoreTests {
    let transport = ServiceTransport()
    let client: BlobContainerClient
    let store: LegacyBlobStore
    let dotNet: DotNetHost

    init() async throws {
        client = try .onService(transport)
        store = LegacyBlobStore(client: client, consumerGroup: "$Default", prefix: "eph/", createsContainer: true)
        dotNet = DotNetHost(
            name: "net-1",
            client: client,
            blob: "eph/$Default/0",
            token: "11111111-aaaa-4bbb-8ccc-222222222222"
        )
        try await store.prepare(for: ["0", "1"], leaseDuration: .seconds(30))
        transport.forgetRequests()
    }

    func listed() async throws -> Lease? {
        try await store.leases().first { $0.partition == "0" }
    }

    func acquire(for host: HostID = "a") async throws -> Lease {
        try #require(try await store.acquire(try await listed() ?? .unclaimed("0"), for: host))
    }

    func checkpoint(_ number: Int64) -> Checkpoint {
        Checkpoint(partition: "0", offset: "\(number * 100)", sequenceNumber: number)
    }

    /// The .NET host owns the partition, as its third owner, and is at 700.
    func letDotNetOwn() async throws {
        #expect(try await dotNet.createLeaseIfNotExists() == (201, nil))
        #expect(try await dotNet.acquire() == (201, nil))
        #expect(try await dotNet.update(epoch: 3, offset: "700", sequenceNumber: 7) == (200, nil))
    }

    @Test(arguments: StoreContract.Check.allCases, [LegacyBlobStore.Dialect.dotnet, .java])
    func keepsThePromisesOfAStore(check: StoreContract.Check, dialect: LegacyBlobStore.Dialect) async throws {
        try await StoreContract {
            let transport = ServiceTransport()
            let stores = try (0..<2).map { _ in
                let store = LegacyBlobStore(
                    client: try .onService(transport),
                    consumerGroup: "$Default",
                    dialect: dialect,
                    createsContainer: true
                )
                return StoreContract.Stores(leases: store, checkpoints: store)
            }
            return (stores[0], stores[1])
        }.verify(check)
    }

    // MARK: Beside the host for .NET

    @Test func writesWhatTheOtherHostsRead() async throws {
        let lease = try await acquire()
        var blob = try await dotNet.read()
        #expect(
            blob.json
                == #"{"Epoch":1,"Owner":"a","PartitionId":"0","SequenceNumber":0,"Token":"\#(lease.token)"}"#
        )
        #expect(blob.owner == "a")
        #expect(blob.state == "leased")
        try await store.store(checkpoint(7), holding: lease)
        blob = try await dotNet.read()
        #expect(
            blob.json
                == #"{"Epoch":1,"Offset":"700","Owner":"a","PartitionId":"0","SequenceNumber":7,"Token":"\#(lease.token)"}"#
        )
        #expect(blob.owner == "a")
        // The lease ends when it says.
        transport.now.advance(by: .seconds(29))
        #expect(try await dotNet.acquire() == (409, "LeaseAlreadyPresent"))
        transport.now.advance(by: .seconds(1))
        #expect(try await dotNet.acquire() == (201, nil))
    }

    @Test func blobsOfTheOtherHostsAreTakenAsTheyAre() async throws {
        #expect(try await dotNet.createLeaseIfNotExists() == (201, nil))
        let read = try #require(try await listed())
        #expect(read.owner == nil)
        #expect(try await store.checkpoint(for: "0") == nil)
        #expect(try await store.acquire(read, for: "a")?.epoch == 1)
        #expect(try await dotNet.createLeaseIfNotExists().status == 409, "it finds the blob it wants to make")
    }

    @Test func stealsFromAnotherHost() async throws {
        try await letDotNetOwn()
        let read = try #require(try await listed())
        #expect(read.owner == "net-1")
        #expect(read.owner(at: .now) == "net-1")
        transport.now.advance(by: .seconds(20))
        let lease = try #require(try await store.acquire(read, for: "a"))
        #expect(lease.epoch == 4)
        #expect(lease.ownerLevel == 4, "the receiver is opened with the epoch: above that of the former owner")
        #expect(try await store.checkpoint(for: "0") == checkpoint(7), "its checkpoint stays")
        // It is shut out from now on.
        #expect(try await dotNet.renew() == (409, "LeaseIdMismatchWithLeaseOperation"))
        let update = try await dotNet.update(epoch: 3, offset: "800", sequenceNumber: 8)
        #expect(update == (412, "LeaseIdMismatchWithBlobOperation"))
        // Taking the lease has prolonged it.
        transport.now.advance(by: .seconds(20))
        #expect(try await store.renew(lease) != nil)
        #expect(try await listed()?.owner == "a")
    }

    @Test func losesToAnotherHost() async throws {
        let lease = try await acquire()
        try await store.store(checkpoint(5), holding: lease)
        #expect(try await dotNet.steal(from: lease.token) == (200, nil))
        #expect(try await dotNet.update(epoch: 2, offset: "500", sequenceNumber: 5) == (200, nil))
        #expect(try await store.renew(lease) == nil)
        await #expect(throws: EventProcessorError(.leaseLost, message: "")) {
            try await store.store(checkpoint(6), holding: lease)
        }
        await #expect(throws: EventProcessorError(.leaseLost, message: "")) {
            try await store.reset("0", holding: lease)
        }
        try await store.release(lease)
        #expect(try await listed()?.owner == "net-1", "a former owner releases nothing")
        #expect(try await store.checkpoint(for: "0") == checkpoint(5))
        #expect(try await acquire().ownerLevel == 3)
    }

    @Test func takesOverFromAHostThatDied() async throws {
        try await letDotNetOwn()
        transport.now.advance(by: .seconds(29))
        #expect(try await listed()?.owner == "net-1")
        transport.now.advance(by: .seconds(1))
        let read = try #require(try await listed())
        #expect(read.owner == nil)
        let lease = try #require(try await store.acquire(read, for: "a"))
        #expect(lease.epoch == 4)
        #expect(try await dotNet.renew() == (409, "LeaseIdMismatchWithLeaseOperation"))
    }

    @Test func releaseLeavesTheCheckpointToOthers() async throws {
        let lease = try await acquire()
        try await store.store(checkpoint(7), holding: lease)
        try await store.release(lease)
        let blob = try await dotNet.read()
        #expect(
            blob.json == #"{"Epoch":1,"Offset":"700","Owner":"","PartitionId":"0","SequenceNumber":7,"Token":""}"#
        )
        #expect(blob.owner == nil)
        #expect(blob.state == "available")
        #expect(try await dotNet.acquire() == (201, nil))
    }

    @Test func ownersThatNameThemselvesInTheContentOnlyAreSeen() async throws {
        try await letDotNetOwn()
        #expect(
            try await dotNet.send("PUT", [.init("comp", "metadata")], [.init("x-ms-lease-id", dotNet.token)])
                == (200, nil)
        )
        #expect(try await listed()?.owner == "net-1")
    }

    @Test func leaseWhoseIdIsNotKnownHasToRunOut() async throws {
        #expect(try await dotNet.createLeaseIfNotExists() == (201, nil))
        #expect(try await dotNet.acquire() == (201, nil))
        #expect(try await store.acquire(try #require(try await listed()), for: "a") == nil)
        transport.now.advance(by: .seconds(30))
        #expect(try await store.acquire(try #require(try await listed()), for: "a") != nil)
    }

    // MARK: Races and failures

    @Test func raceForAFreePartitionHasOneWinner() async throws {
        let other = LegacyBlobStore(client: client, consumerGroup: "$Default", prefix: "eph/")
        try await other.prepare(for: ["0"], leaseDuration: .seconds(30))
        #expect(try await store.acquire(.unclaimed("0"), for: "a") != nil)
        #expect(try await other.acquire(.unclaimed("0"), for: "b") == nil)
        #expect(try await listed()?.owner == "a")
    }

    @Test func thiefBetweenTheStepsIsNoticed() async throws {
        try await letDotNetOwn()
        let read = try #require(try await listed())
        let (dotNet, other) = (dotNet, "33333333-aaaa-4bbb-8ccc-222222222222")
        // Read; then, before the lease is changed, the owner's checkpoint.
        transport.expect(.after {}, .after { _ = try await dotNet.update(epoch: 3, offset: "800", sequenceNumber: 8) })
        #expect(try await store.acquire(read, for: "a") == nil)
        // Read, change, renew; then, before the blob is written, another thief.
        let again = try #require(try await listed())
        transport.expect(
            .after {},
            .after {},
            .after {},
            .after {
                let id = try await dotNet.read().json
                #expect(id.contains(dotNet.token))
                let current = try #require(transport.requests.last { $0.header("x-ms-lease-action") == "renew" })
                var thief = dotNet
                thief.token = other
                #expect(try await thief.steal(from: current.header("x-ms-lease-id")) == (200, nil))
            }
        )
        #expect(try await store.acquire(again, for: "a") == nil)
        #expect(try await store.checkpoint(for: "0") == checkpoint(8))
    }

    @Test func lostAnswersLoseNothing() async throws {
        // Create, read, acquire, write: each carried out, each answer lost once.
        transport.expect(
            .answerLost,
            .after {},
            .answerLost,
            .after {},
            .answerLost,
            .after {},
            .answerLost,
            .after {}
        )
        let lease = try #require(try await store.acquire(.unclaimed("0"), for: "a"))
        #expect(lease.epoch == 1)
        transport.expect(.answerLost)
        let renewed = try #require(try await store.renew(lease))
        transport.expect(.answerLost)
        try await store.store(checkpoint(3), holding: renewed)
        transport.expect(.answerLost, .after {}, .answerLost)
        try await store.release(renewed)
        #expect(try await dotNet.read().state == "available")
        #expect(try await store.checkpoint(for: "0") == checkpoint(3))
    }

    @Test func steadyStateIsOneRequestEach() async throws {
        let lease = try await acquire()
        transport.forgetRequests()
        _ = try await store.renew(lease)
        #expect(transport.requests.count == 1)
        try await store.store(checkpoint(1), holding: lease)
        try await store.store(checkpoint(2), holding: lease)
        #expect(transport.requests.count == 3)
        _ = try await store.leases()
        #expect(transport.requests.count == 4)
    }

    @Test func anotherStoreOfTheSameHostGoesOn() async throws {
        let lease = try await acquire()
        let other = LegacyBlobStore(client: client, consumerGroup: "$Default", prefix: "eph/")
        try await other.store(checkpoint(4), holding: lease)
        #expect(try await other.checkpoint(for: "0") == checkpoint(4))
    }

    @Test func outageIsAnErrorAndNoLoss() async throws {
        let lease = try await acquire()
        transport.expect(.status(503), .status(503), .status(503), .status(503))
        await #expect(throws: BlobStoreError(.unavailable, "")) { try await store.renew(lease) }
        #expect(try await store.renew(lease) != nil)
        // Run out, but nobody has taken it: it is kept.
        transport.now.advance(by: .seconds(100))
        #expect(try await store.renew(lease) != nil)
    }

    @Test func listsTheLeasesOfItsGroupAlone() async throws {
        _ = try await acquire()
        for name in ["eph/$Default/7", "eph/$Default/7/notes", "eph/other/1", "$Default/1"] {
            _ = try await client.upload(name, Array("{}".utf8), under: nil)
        }
        #expect(try await store.leases().map(\.partition).sorted() == ["0", "7"])
    }

    @Test(arguments: [14, 61, 300])
    func leasesOfBlobsHaveLimits(seconds: Int) async throws {
        await #expect(throws: EventProcessorError(.invalidConfiguration, message: "")) {
            try await store.prepare(for: ["0"], leaseDuration: .seconds(seconds))
        }
    }

    @Test func unreadableBlobIsALoudError() async throws {
        _ = try await client.upload("eph/$Default/0", Array("<xml/>".utf8), under: nil)
        await #expect(throws: BlobStoreError(.invalidResponse, "")) { try await store.checkpoint(for: "0") }
        let read = try #require(try await listed())
        await #expect(throws: BlobStoreError(.invalidResponse, "")) { try await store.acquire(read, for: "a") }
    }

    @Test func epochThatCannotGrowIsALoudError() async throws {
        let json = #"{"Epoch":9223372036854775807}"#
        _ = try await client.upload("eph/$Default/0", Array(json.utf8), under: nil)
        let read = try #require(try await listed())
        await #expect(throws: BlobStoreError(.invalidResponse, "")) { try await store.acquire(read, for: "a") }
    }

    @Test func missingContainerStopsTheStart() async throws {
        let store = LegacyBlobStore(client: try .onService(ServiceTransport()), consumerGroup: "$Default")
        await #expect(throws: BlobStoreError(.containerNotFound, "")) {
            try await store.prepare(for: ["0"], leaseDuration: .seconds(30))
        }
    }
}
