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

import HTTPExchange
import Testing

@testable import EventHubsEmulator

@Suite("Emulator", .timeLimit(.minutes(1)))
struct EventHubsEmulatorTests {
    private let configuration = EmulatorConfiguration(hubs: [.init(name: "hub1", partitionCount: 3)])
    private let http = HTTPClient(.init(maximumResponseSize: 65_536, maximumConnections: 2))

    @Test("ports are free ones, connection strings name them, and both are gone afterwards")
    func lifecycle() async throws {
        let (amqp, http) = try await EventHubsEmulator.withEmulator(configuration) { emulator in
            #expect(emulator.amqpPort > 0 && emulator.httpPort > 0)
            #expect(
                emulator.connectionString(hub: "hub1")
                    == "Endpoint=sb://127.0.0.1:\(emulator.amqpPort);SharedAccessKeyName=RootManageSharedAccessKey"
                    + ";SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;EntityPath=hub1"
            )
            #expect(emulator.partitions(of: "HUB1").map(\.id) == ["0", "1", "2"])
            #expect(emulator.partitions(of: "other").isEmpty)
            return (emulator.amqpPort, emulator.httpPort)
        }
        var again = configuration
        again.amqpPort = amqp
        again.httpPort = http
        try await EventHubsEmulator.withEmulator(again) { #expect($0.amqpPort == amqp && $0.httpPort == http) }
    }

    @Test("run ends when its task is cancelled")
    func cancellation() async throws {
        let emulator = try EventHubsEmulator(configuration)
        let (ready, signal) = AsyncStream<Void>.makeStream()
        let task = Task { try await emulator.run { _ in signal.finish() } }
        for await _ in ready {}
        task.cancel()
        try await task.value
    }

    @Test("a port in use is an error that says which")
    func portInUse() async throws {
        try await EventHubsEmulator.withEmulator(configuration) { first in
            for path in [\EmulatorConfiguration.amqpPort, \.httpPort] {
                var second = configuration
                second[keyPath: path] = path == \.amqpPort ? first.amqpPort : first.httpPort
                let error = await #expect(throws: EmulatorError.self) {
                    try await EventHubsEmulator.withEmulator(second) { _ in }
                }
                #expect(error?.code == .startFailed)
                #expect(error?.message.contains(String(second[keyPath: path])) == true)
            }
        }
    }

    @Test("health, and blobs over HTTP with a path that is signed as it was sent")
    func http() async throws {
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let health = try await http.send(HTTPRequest("GET", "http://127.0.0.1:\(emulator.httpPort)/health"))
            #expect(health.status == 200)
            #expect(
                String(decoding: health.body, as: UTF8.self) == #"{"status":"healthy","message":"Service is healthy."}"#
            )
            #expect(try await send("PUT", "/eph?restype=container", to: emulator) == 201)
            #expect(
                try await send(
                    "PUT",
                    "/eph/ns/hub/%24default/ownership/0",
                    ["x-ms-blob-type": "BlockBlob", "If-None-Match": "*"],
                    to: emulator
                ) == 201
            )
            #expect(
                try await send(
                    "PUT",
                    "/eph/ns/hub/%24default/ownership/0",
                    ["x-ms-blob-type": "BlockBlob", "If-None-Match": "*"],
                    to: emulator
                ) == 409
            )
            #expect(try await send("HEAD", "/eph/ns/hub/$default/ownership/0", to: emulator) == 200)
            #expect(try await send("HEAD", "/eph/ns/hub/$default/ownership/1", to: emulator) == 404)
            #expect(try await send("HEAD", "/eph/ns/hub/$default/ownership/0", key: "AAAA", to: emulator) == 403)
        }
    }

    private func send(
        _ method: String,
        _ target: String,
        _ headers: [String: String] = [:],
        key: String = StorageAccount.development.key,
        to emulator: EventHubsEmulator
    ) async throws -> Int? {
        var signed = headers
        signed["x-ms-date"] = UTCTime(milliseconds: SystemTime.now()).http
        signed["x-ms-version"] = "2021-12-02"
        let parts = ("/devstoreaccount1" + target).split(separator: "?", maxSplits: 1)
        let blobRequest = ServiceRequest(
            method: method,
            path: String(parts[0]),
            query: parts.count > 1 ? String(parts[1]) : "",
            headers: signed
        )
        let account = StorageAccount(name: StorageAccount.development.name, key: key)
        let signature = try #require(SharedKey.signature(of: blobRequest, account: account))
        signed["Authorization"] = "SharedKey \(account.name):\(signature)"
        let fields = signed.map { HTTPRequest.Field($0.key, $0.value) }
        return try await http.send(HTTPRequest(method, emulator.blobEndpoint + target, headers: fields)).status
    }
}
