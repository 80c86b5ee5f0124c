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

@Suite(.timeLimit(.minutes(5))) struct CheckpointMigrationTests {
    let transport = ServiceTransport()
    let client: BlobContainerClient

    init() async throws {
        client = try .onService(transport)
        try await client.createContainer()
    }

    static let base = "ns.servicebus.windows.net/hub1/$default/checkpoint/"

    func migration(_ layout: LegacyBlobLayout = .dotnet, prefix: String = "") -> CheckpointMigration {
        CheckpointMigration(from: client, layout: layout, prefix: prefix, to: client, scope: testScope)
    }

    func putLegacy(_ name: String, _ json: String) async throws {
        guard case .written = try await client.upload(name, Array(json.utf8), under: nil) else {
            Issue.record("not written: \(name)")
            return
        }
    }

    func putLegacy(_ number: Int64, partition: String = "0") async throws {
        try await putLegacy(
            "$Default/" + partition,
            #"{"PartitionId":"\#(partition)","Owner":"","Token":"","Epoch":3,"Offset":"\#(number * 100)","SequenceNumber":\#(number)}"#
        )
    }

    func stored(_ partition: String = "0") async throws -> [String: String]? {
        try await client.read(Self.base + partition)?.metadata
    }

    func putModern(_ metadata: [String: String]) async throws {
        _ = try await client.create(Self.base + "0", metadata: metadata.map { .init($0.key, $0.value) })
    }

    @Test(arguments: [
        (LegacyBlobLayout.dotnet, "", "$Default/0", #"{"Offset":"700","SequenceNumber":7}"#),
        (.dotnet, "my/", "my/$Default/0", #"{"Offset":"700","SequenceNumber":7}"#),
        (.java, "", "$Default/0", #"{"offset":"700","sequenceNumber":7,"epoch":1}"#),
        (
            .python, "", "0",
            #"{"partition_id": "0", "sequence_number": 7, "owner": null, "token": null, "epoch": 1, "event_processor_context": null, "offset": "700"}"#
        ),
        (
            .functions, "", "NS.servicebus.windows.net/Hub1/$Default/0",
            #"{"PartitionId":"0","Owner":"","Token":"","Epoch":1,"Offset":"700","SequenceNumber":7}"#
        ),
        (.go, "", "0", #"{"partitionID":"0","checkpoint":{"sequenceNumber":7,"offset":"700"}}"#),
        (.dapr, "", "dapr-Hub1-$Default-0", #"{"partitionID":"0","checkpoint":{"sequenceNumber":7,"offset":"700"}}"#),
    ])
    func copiesFromEveryLayout(layout: LegacyBlobLayout, prefix: String, name: String, json: String) async throws {
        try await putLegacy(name, json)
        let results = try await migration(layout, prefix: prefix).run()
        #expect(results.map(\.partition) == ["0"])
        #expect(results.map(\.action) == [.copied])
        #expect(results.first?.legacy == Checkpoint(partition: "0", offset: "700", sequenceNumber: 7))
        #expect(try await stored() == ["offset": "700", "sequencenumber": "7", "clientidentifier": "migration"])
        // Hosts of today go on from there.
        let checkpoints = BlobCheckpointManager(client: client, scope: testScope)
        #expect(try await checkpoints.checkpoint(for: "0")?.resumePosition == .offset("700"))
    }

    @Test func partitionsComeInTheOrderOfTheirNumbersAndAlone() async throws {
        for partition in ["10", "2", "0"] { try await putLegacy(7, partition: partition) }
        for name in ["$Default/notes", "$Default/1/x", "$Default", "other/1"] { try await putLegacy(name, "{}") }
        #expect(try await migration().run().map(\.partition) == ["0", "2", "10"])
    }

    @Test func neverMovesACheckpointBackwards() async throws {
        try await putLegacy(7)
        for number in [7, 8] as [Int64] {
            try await putModern(["offset": "x", "sequencenumber": "\(number)"])
            let result = try #require(try await migration().run().first)
            #expect(result.action == .kept)
            #expect(result.former?.sequenceNumber == number)
            #expect(try await stored()?["offset"] == "x")
            _ = try await client.setMetadata(
                Self.base + "0",
                [.init("offset", "x"), .init("sequencenumber", "8")],
                ifMatch: try #require(try await client.read(Self.base + "0")).etag
            )
        }
    }

    @Test func movesACheckpointForward() async throws {
        try await putLegacy(7)
        try await putModern(["offset": "600", "sequencenumber": "6"])
        let result = try #require(try await migration().run().first)
        #expect(result.action == .copied)
        #expect(result.former?.sequenceNumber == 6)
        #expect(try await stored()?["sequencenumber"] == "7")
        #expect(try await migration().run().map(\.action) == [.kept], "a second run finds nothing to do")
    }

    @Test(arguments: [
        (["offset": "600"], CheckpointMigration.Result.Action.kept),
        (["offset": "", "sequencenumber": ""], .copied),
        (["clientidentifier": "x"], .copied),
    ])
    func comparesOnlyWhatCanBeCompared(metadata: [String: String], action: CheckpointMigration.Result.Action)
        async throws
    {
        try await putLegacy(7)
        try await putModern(metadata)
        #expect(try await migration().run().map(\.action) == [action])
    }

    @Test func checkpointWithoutANumberReplacesNone() async throws {
        try await putLegacy("$Default/0", #"{"Offset":"99999"}"#)
        try await putModern(["offset": "600", "sequencenumber": "6"])
        #expect(try await migration().run().map(\.action) == [.kept])
    }

    @Test func forceReplacesWhatIsFurtherOn() async throws {
        try await putLegacy(7)
        try await putModern(["offset": "800", "sequencenumber": "8"])
        #expect(try await migration().run(isForced: true).map(\.action) == [.copied])
        #expect(try await stored()?["sequencenumber"] == "7")
    }

    @Test func dryRunWritesNothing() async throws {
        try await putLegacy(7)
        transport.forgetRequests()
        #expect(try await migration().run(isDryRun: true).map(\.action) == [.copied])
        #expect(transport.requests.allSatisfy { $0.method != "PUT" })
        #expect(try await stored() == nil)
    }

    @Test func partitionWithoutACheckpointIsTold() async throws {
        try await putLegacy("$Default/0", #"{"PartitionId":"0","Owner":"","Token":"","Epoch":0,"SequenceNumber":0}"#)
        #expect(try await migration().run().map(\.action) == [.nothingToCopy])
        #expect(try await stored() == nil)
    }

    @Test func ownersThatStillRunAreTold() async throws {
        let legacy = LegacyBlobStore(client: client, consumerGroup: "$Default")
        try await legacy.prepare(for: ["0"], leaseDuration: .seconds(30))
        let lease = try #require(try await legacy.acquire(.unclaimed("0"), for: "old"))
        try await legacy.store(Checkpoint(partition: "0", offset: "700", sequenceNumber: 7), holding: lease)
        let result = try #require(try await migration().run().first)
        #expect(result.action == .copied)
        #expect(result.owner == "old")
        try await legacy.release(lease)
        #expect(try await migration().run().first?.owner == nil)
    }

    @Test func oneUnreadableBlobDoesNotHoldUpTheOthers() async throws {
        try await putLegacy("$Default/0", "garbage")
        try await putLegacy(7, partition: "1")
        let results = try await migration().run()
        #expect(results.map(\.action) == [.failed, .copied])
        #expect(results.first?.error?.code == .invalidResponse)
        #expect(try await stored("1")?["sequencenumber"] == "7")
    }

    @Test func hostThatWritesMeanwhileWins() async throws {
        try await putLegacy(7)
        let client = client
        // List, look for the container, read the old blob, look at the new one; before the write a host makes it.
        transport.expect(
            .after {},
            .after {},
            .after {},
            .after {},
            .after {
                _ = try await client.create(
                    Self.base + "0",
                    metadata: [.init("offset", "900"), .init("sequencenumber", "9")]
                )
            }
        )
        #expect(try await migration().run().map(\.action) == [.kept])
        #expect(try await stored()?["sequencenumber"] == "9")
    }

    @Test func nothingIsFoundUnderAnotherName() async throws {
        try await putLegacy("$default/0", #"{"Offset":"700","SequenceNumber":7}"#)
        #expect(try await migration().run().isEmpty)
        #expect(try await migration().exampleNames() == ["$default/0"])
        #expect(migration().legacyPrefix == "$Default/")
    }

    func client(of container: String) throws -> BlobContainerClient {
        BlobContainerClient(
            try BlobContainerLocation(connectionString: "UseDevelopmentStorage=true", container: container),
            configuration: .init(),
            transport: transport,
            wallClock: transport.skewedClock
        )
    }

    @Test func missingContainersAreLoudErrorsUnlessTheyAreToBeMade() async throws {
        try await putLegacy(7)
        let missing = try client(of: "missing")
        await #expect(throws: BlobStoreError(.containerNotFound, "")) {
            try await CheckpointMigration(from: missing, layout: .dotnet, to: client, scope: testScope).run()
        }
        let migration = CheckpointMigration(from: client, layout: .dotnet, to: missing, scope: testScope)
        await #expect(throws: BlobStoreError(.containerNotFound, "")) { try await migration.run() }
        await #expect(throws: BlobStoreError(.containerNotFound, "")) { try await migration.run(isDryRun: true) }
        let results = try await migration.run(createsContainer: true, isDryRun: true)
        #expect(results.map(\.action) == [.copied])
        #expect(try await !missing.containerExists())
        #expect(try await migration.run(createsContainer: true).map(\.action) == [.copied])
        #expect(try await missing.read(Self.base + "0")?.metadata["sequencenumber"] == "7")
    }
}
