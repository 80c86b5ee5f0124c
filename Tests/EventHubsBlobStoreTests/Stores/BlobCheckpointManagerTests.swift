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

@Suite(.timeLimit(.minutes(5))) struct BlobCheckpointManagerTests {
    let transport = ServiceTransport()
    let client: BlobContainerClient
    let leases: BlobLeaseManager
    let checkpoints: BlobCheckpointManager
    let lease: Lease
    static let name = "ns.servicebus.windows.net/hub1/$default/checkpoint/0"

    init() async throws {
        client = try .onService(transport)
        leases = BlobLeaseManager(client: client, scope: testScope, createsContainer: true)
        checkpoints = BlobCheckpointManager(client: client, scope: testScope)
        try await leases.prepare(for: ["0"], leaseDuration: .seconds(60))
        lease = try #require(try await leases.acquire(.unclaimed("0"), for: "a"))
        transport.forgetRequests()
    }

    func checkpoint(_ number: Int64) -> Checkpoint {
        Checkpoint(partition: "0", offset: "\(number * 100)", sequenceNumber: number)
    }

    func stored() async throws -> [String: String]? {
        try await client.read(Self.name)?.metadata
    }

    @Test func writesTheSharedFormat() async throws {
        #expect(try await checkpoints.checkpoint(for: "0") == nil)
        try await checkpoints.store(checkpoint(7), holding: lease)
        #expect(try await stored() == ["offset": "700", "sequencenumber": "7", "clientidentifier": "a"])
        #expect(try await checkpoints.checkpoint(for: "0") == checkpoint(7))
    }

    @Test func keepsTheEnqueuedTimeBesideTheSharedFormat() async throws {
        let time = Timestamp(millisecondsSinceEpoch: 1_552_422_659_007)
        let timed = Checkpoint(partition: "0", offset: "700", sequenceNumber: 7, enqueuedTime: time)
        try await checkpoints.store(timed, holding: lease)
        #expect(try await stored()?["enqueuedtime"] == "1552422659007")
        #expect(try await checkpoints.checkpoint(for: "0") == timed)
        // Another library writes what it knows, which removes the rest.
        try await checkpoints.store(checkpoint(8), holding: lease)
        #expect(try await checkpoints.checkpoint(for: "0") == checkpoint(8))
    }

    @Test func neverGoesBackwards() async throws {
        try await checkpoints.store(checkpoint(7), holding: lease)
        try await checkpoints.store(checkpoint(5), holding: lease)
        #expect(try await checkpoints.checkpoint(for: "0") == checkpoint(7))
        // Nor when another process has gone on meanwhile.
        let other = BlobCheckpointManager(client: client, scope: testScope)
        try await other.store(checkpoint(20), holding: lease)
        try await checkpoints.store(checkpoint(10), holding: lease)
        #expect(try await checkpoints.checkpoint(for: "0") == checkpoint(20))
    }

    @Test func refusesAFormerOwner() async throws {
        try await checkpoints.store(checkpoint(7), holding: lease)
        _ = try await leases.acquire(lease, for: "thief")
        await #expect(throws: EventProcessorError(.leaseLost, message: "")) {
            try await checkpoints.store(checkpoint(9), holding: lease)
        }
        #expect(try await checkpoints.checkpoint(for: "0") == checkpoint(7))
    }

    @Test func refusesAReleasedLease() async throws {
        try await leases.release(lease)
        await #expect(throws: EventProcessorError(.leaseLost, message: "")) {
            try await checkpoints.store(checkpoint(9), holding: lease)
        }
    }

    @Test func writerInBetweenIsNotOverwritten() async throws {
        try await checkpoints.store(checkpoint(7), holding: lease)
        let name = Self.name
        let client = client
        // Between the look at the ownership and the write somebody else goes further.
        transport.expect(
            .after {},
            .after {
                let record = try #require(try await client.read(name))
                _ = try await client.setMetadata(
                    name,
                    [.init("offset", "5000"), .init("sequencenumber", "50")],
                    ifMatch: record.etag
                )
            }
        )
        try await checkpoints.store(checkpoint(9), holding: lease)
        #expect(try await checkpoints.checkpoint(for: "0")?.sequenceNumber == 50)
    }

    @Test func steadyStateIsTwoRequests() async throws {
        try await checkpoints.store(checkpoint(1), holding: lease)
        transport.forgetRequests()
        try await checkpoints.store(checkpoint(2), holding: lease)
        #expect(transport.requests.map(\.method) == ["HEAD", "PUT"])
    }

    @Test func lostAnswerIsNoConflict() async throws {
        try await checkpoints.store(checkpoint(1), holding: lease)
        transport.expect(.after {}, .answerLost)
        try await checkpoints.store(checkpoint(2), holding: lease)
        #expect(try await checkpoints.checkpoint(for: "0") == checkpoint(2))
        transport.expect(.after {}, .answerLost)
        try await checkpoints.store(checkpoint(3), holding: lease)
        #expect(try await checkpoints.checkpoint(for: "0") == checkpoint(3))
    }

    @Test func resetMakesRoomForLowerNumbers() async throws {
        try await checkpoints.store(checkpoint(50), holding: lease)
        try await checkpoints.reset("0", holding: lease)
        #expect(try await checkpoints.checkpoint(for: "0")?.resumePosition == nil)
        try await checkpoints.store(checkpoint(2), holding: lease)
        #expect(try await checkpoints.checkpoint(for: "0") == checkpoint(2))
        _ = try await leases.acquire(lease, for: "thief")
        await #expect(throws: EventProcessorError(.leaseLost, message: "")) {
            try await checkpoints.reset("0", holding: lease)
        }
    }

    @Test func outageIsAnErrorAndNoCheckpoint() async throws {
        transport.expect(.status(503), .status(503), .status(503), .status(503))
        await #expect(throws: BlobStoreError(.unavailable, "")) { try await checkpoints.checkpoint(for: "0") }
    }

    /// What other libraries leave behind.
    @Test(
        arguments: [
            (["offset": "4096", "sequencenumber": "12"], EventPosition.offset("4096")),
            (["offset": "", "sequencenumber": "12"], .sequenceNumber(12, inclusive: false)),
            (["Sequencenumber": "12"], .sequenceNumber(12, inclusive: false)),
            (["offset": "4096", "sequencenumber": ""], .offset("4096")),
            (["offset": "4096", "sequencenumber": "-9223372036854775808"], .offset("4096")),
            (["sequencenumber": "-9223372036854775808"], nil),
            (["sequencenumber": "many"], nil),
            (["clientidentifier": "x"], nil),
        ] as [([String: String], EventPosition?)]
    )
    func readsForeignCheckpoints(metadata: [String: String], position: EventPosition?) async throws {
        _ = try await client.create(Self.name, metadata: metadata.map { .init($0.key, $0.value) })
        #expect(try await checkpoints.checkpoint(for: "0")?.resumePosition == position)
    }

    @Test func goesOnFromAForeignCheckpoint() async throws {
        _ = try await client.create(Self.name, metadata: [.init("offset", "700"), .init("sequencenumber", "7")])
        try await checkpoints.store(checkpoint(6), holding: lease)
        #expect(try await stored()?["sequencenumber"] == "7")
        try await checkpoints.store(checkpoint(8), holding: lease)
        #expect(try await stored()?["sequencenumber"] == "8")
    }
}
