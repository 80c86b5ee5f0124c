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

@Suite(.timeLimit(.minutes(5))) struct BlobHostRecordTests {
    let transport = ServiceTransport()
    let client: BlobContainerClient
    let manager: BlobLeaseManager
    static let prefix = "ns.servicebus.windows.net/hub1/$default/host/"
    static let path = "/devstoreaccount1/leases/ns.servicebus.windows.net/hub1/%24default"

    init() async throws {
        client = try .onService(transport)
        manager = BlobLeaseManager(client: client, scope: testScope, createsContainer: true)
        try await manager.prepare(for: ["0", "1", "2"], leaseDuration: .seconds(60))
        transport.forgetRequests()
    }

    func record(_ host: HostID = "a") async throws -> HostRecord? {
        try await manager.hosts().first { $0.host == host }
    }

    func expectRequests(_ expected: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let made = transport.requests.map { "\($0.method) \($0.url.dropFirst("http://127.0.0.1:10000".count))" }
        #expect(made == expected.map { $0.replacing("{}", with: Self.path) }, sourceLocation: sourceLocation)
    }

    @Test func announcementIsMetadataOfABlobBesideTheLeases() async throws {
        try await manager.announce(HostRecord(host: "a", requests: ["2", "0"]))
        expectRequests(["PUT {}/host/a?comp=metadata", "PUT {}/host/a"])
        #expect(transport.requests.last?.header("If-None-Match") == "*")
        #expect(transport.requests.last?.body == [])
        transport.forgetRequests()
        try await manager.announce(HostRecord(host: "a", requests: ["2", "0"]))
        expectRequests(["PUT {}/host/a?comp=metadata"])
        let metadata = transport.requests[0].headers.filter { $0.name.hasPrefix("x-ms-meta-") }
        #expect(
            metadata == [
                .init("x-ms-meta-hostid", "a"), .init("x-ms-meta-requests", "2,0"), .init("x-ms-meta-leaving", "false"),
            ]
        )
    }

    @Test func oneListReadsAllHosts() async throws {
        try await manager.announce(HostRecord(host: "a", requests: ["1"]))
        try await manager.announce(HostRecord(host: "b", isLeaving: true))
        transport.forgetRequests()
        let hosts = try await manager.hosts().sorted { $0.host < $1.host }
        #expect(hosts.map(\.host) == ["a", "b"])
        #expect(hosts.map(\.requests) == [["1"], []])
        #expect(hosts.map(\.isLeaving) == [false, true])
        let prefix = "ns.servicebus.windows.net%2Fhub1%2F%24default%2Fhost%2F"
        #expect(
            transport.requests.map(\.url) == [
                "http://127.0.0.1:10000/devstoreaccount1/leases?restype=container&comp=list&prefix=\(prefix)"
                    + "&include=metadata"
            ]
        )
    }

    @Test func agesAreTheServicesOwn() async throws {
        try await manager.announce(HostRecord(host: "a"))
        transport.now.advance(by: .seconds(45))
        let remaining = ContinuousClock.now.duration(to: try #require(try await record()?.expiry))
        #expect(remaining > .seconds(13) && remaining < .seconds(16))
        transport.now.advance(by: .seconds(20))
        #expect(try await record()?.isLive(at: .now) == false)
        try await manager.announce(HostRecord(host: "a"))
        #expect(try await record()?.isLive(at: .now) == true)
    }

    @Test func handingOverIsOneConditionalWrite() async throws {
        let lease = try #require(try await manager.acquire(.unclaimed("0"), for: "a"))
        transport.forgetRequests()
        let given = try #require(try await manager.transfer(lease, to: "b"))
        expectRequests(["PUT {}/ownership/0?comp=metadata"])
        #expect(transport.requests[0].header("If-Match") == "\"\(lease.token)\"")
        #expect(transport.requests[0].header("x-ms-meta-ownerid") == "b")
        #expect(given.owner == "b")
        #expect(try await manager.leases().map(\.token) == [given.token])
        #expect(
            try await client.read("ns.servicebus.windows.net/hub1/$default/ownership/0")?.metadata == ["ownerid": "b"]
        )
    }

    @Test func handOverSurvivesLostAnswersAndARenewalInBetween() async throws {
        let lease = try #require(try await manager.acquire(.unclaimed("0"), for: "a"))
        _ = try await manager.renew(lease)
        transport.expect(.answerLost)
        #expect(try await manager.transfer(lease, to: "b")?.owner == "b")
        let other = try #require(try await manager.acquire(.unclaimed("1"), for: "a"))
        transport.expect(.answerLost)
        #expect(try await manager.transfer(other, to: "b")?.owner == "b", "the first attempt had reached the service")
    }

    @Test func thiefBetweenTheAttemptsIsNotOverwritten() async throws {
        let lease = try #require(try await manager.acquire(.unclaimed("0"), for: "a"))
        let manager = manager
        transport.expect(.unreachable, .after { _ = try await manager.acquire(lease, for: "thief") })
        #expect(try await manager.transfer(lease, to: "b") == nil)
        #expect(try await manager.leases().first?.owner == "thief")
    }

    @Test func announcementSurvivesLostAnswers() async throws {
        transport.expect(.answerLost)
        try await manager.announce(HostRecord(host: "a"))
        let manager = manager
        try await manager.withdraw("a")
        // Of the two writes that make a record the second is carried out twice.
        transport.expect(.after {}, .answerLost)
        try await manager.announce(HostRecord(host: "a", requests: ["1"]))
        #expect(try await record()?.requests == ["1"])
    }

    @Test func withdrawalRemovesTheBlob() async throws {
        try await manager.announce(HostRecord(host: "a"))
        transport.forgetRequests()
        try await manager.withdraw("a")
        expectRequests(["DELETE {}/host/a"])
        #expect(try await client.read(Self.prefix + "a") == nil)
        try await manager.withdraw("a")
    }

    @Test func recordsOfHostsThatDiedLongAgoAreRemoved() async throws {
        try await manager.announce(HostRecord(host: "dead"))
        transport.now.advance(by: .seconds(599))
        #expect(try await record("dead")?.isLive(at: .now) == false)
        #expect(try await client.read(Self.prefix + "dead") != nil, "expired is not yet long ago")
        transport.now.advance(by: .seconds(2))
        try await manager.announce(HostRecord(host: "a"))
        #expect(try await manager.hosts().map(\.host) == ["a"])
        #expect(try await client.read(Self.prefix + "dead") == nil)
    }

    @Test func hostThatComesBackBetweenListAndRemovalStays() async throws {
        try await manager.announce(HostRecord(host: "late"))
        transport.now.advance(by: .seconds(1_000))
        let manager = manager
        transport.expect(.after {}, .after { try await manager.announce(HostRecord(host: "late")) })
        _ = try await manager.hosts()
        #expect(try await record("late")?.isLive(at: .now) == true)
    }

    @Test func withoutTheRightToDeleteNothingElseChanges() async throws {
        try await manager.announce(HostRecord(host: "dead"))
        transport.now.advance(by: .seconds(1_000))
        try await manager.announce(HostRecord(host: "a"))
        transport.expect(.after {}, .status(403))
        #expect(try await manager.hosts().map(\.host) == ["a"])
        transport.expect(.status(403))
        await #expect(throws: BlobStoreError(.accessDenied, "")) { try await manager.withdraw("a") }
    }

    @Test(arguments: ["a/b", "..", ".", "100%", "A", "a?b#c", "x.y.z", "~-_"])
    func hostsMayHaveAnyVisibleName(name: String) async throws {
        let host = HostID(name)
        try await manager.announce(HostRecord(host: host))
        try await manager.announce(HostRecord(host: "a"))
        #expect(Set(try await manager.hosts().map(\.host)) == [host, "a"])
        try await manager.withdraw(host)
        #expect(try await manager.hosts().map(\.host) == ["a"])
    }

    @Test(arguments: ["", "a b", "a\r\nx-ms-meta-evil: 1", "hôte"])
    func refusesNamesThatAreNoHeader(name: String) async throws {
        let lease = try #require(try await manager.acquire(.unclaimed("0"), for: "a"))
        transport.forgetRequests()
        for call in [
            { try await manager.announce(HostRecord(host: HostID(name))) },
            { try await manager.withdraw(HostID(name)) },
            { _ = try await manager.transfer(lease, to: HostID(name)) },
        ] as [() async throws -> Void] {
            await #expect(throws: BlobStoreError(.invalidName, "")) { try await call() }
        }
        #expect(transport.requests.isEmpty)
    }

    @Test func foreignAndSpoiledRecordsDoNoHarm() async throws {
        let long = (0..<1_000).map { _ in "1" }.joined(separator: ",")
        for (name, metadata) in [
            ("nobody", [:]), ("empty", ["hostid": ""]),
            ("odd", ["hostid": "odd", "requests": ",,17,1,%,x", "leaving": "maybe"]),
            ("many", ["hostid": "many", "requests": long]),
        ] as [(String, [String: String])] {
            _ = try await client.create(Self.prefix + name, metadata: metadata.map { .init($0.key, $0.value) })
        }
        let hosts = try await manager.hosts()
        #expect(Set(hosts.map(\.host)) == ["odd", "many"])
        #expect(try await record("odd")?.requests == ["1"], "of partitions it knows")
        #expect(try await record("odd")?.isLeaving == false)
        #expect(try await record("many")?.requests.count == HostRecord.maximumRequests)
    }

    @Test func recordsAreNoLeases() async throws {
        try await manager.announce(HostRecord(host: "0"))
        #expect(try await manager.leases().isEmpty)
        _ = try await manager.acquire(.unclaimed("0"), for: "a")
        #expect(try await manager.hosts().map(\.host) == ["0"])
    }

    @Test func verbatimPathsKeepTheirCase() async throws {
        let scope = BlobStoreScope(
            fullyQualifiedNamespace: "NS.servicebus.windows.net",
            eventHub: "Hub1",
            consumerGroup: "$Default",
            casing: .verbatim
        )
        let other = BlobLeaseManager(client: client, scope: scope)
        try await other.announce(HostRecord(host: "A"))
        #expect(try await client.read("NS.servicebus.windows.net/Hub1/$Default/host/A")?.metadata["hostid"] == "A")
        try await manager.announce(HostRecord(host: "A"))
        #expect(try await client.read(Self.prefix + "A")?.metadata["hostid"] == "A", "names of hosts keep their case")
    }
}
