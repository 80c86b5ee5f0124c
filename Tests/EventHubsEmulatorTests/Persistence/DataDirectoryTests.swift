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
import Foundation
import Testing

@testable import EventHubsEmulator

@Suite("Data directory", .timeLimit(.minutes(1)))
struct DataDirectoryTests {
    private let directory: TemporaryDirectory
    private let configuration: EmulatorConfiguration

    init() throws {
        directory = try TemporaryDirectory()
        var configuration = EmulatorConfiguration(hubs: [.init(name: "Hub.1", partitionCount: 2)])
        configuration.dataDirectory = "\(directory.path)/data"
        self.configuration = configuration
    }

    private func error(
        _ adjust: (inout EmulatorConfiguration) -> Void = { _ in },
        _ location: SourceLocation = #_sourceLocation
    ) async -> EmulatorError? {
        var configuration = configuration
        adjust(&configuration)
        return await #expect(throws: EmulatorError.self, sourceLocation: location) {
            try await EventHubsEmulator.withEmulator(configuration) { _ in }
        }
    }

    private func send(_ texts: String..., to emulator: EventHubsEmulator) async throws {
        try await EventHubProducer.withProducer(connectionString: emulator.connectionString(hub: "hub.1")) { producer in
            try await producer.send(texts.map { EventData($0) }, to: .partition("1"))
        }
    }

    @Test("events, numbers and the time of creation survive; the next emulator goes on")
    func restart() async throws {
        var created: Set<String> = []
        for round in 0..<3 {
            created.insert(
                try await EventHubsEmulator.withEmulator(configuration) { emulator in
                    try await send("\(round)a", "\(round)b", to: emulator)
                    let consumer = try EventHubConsumer(connectionString: emulator.connectionString(hub: "hub.1"))
                    let receiver = try await consumer.openPartition("1", from: .earliest)
                    var events: [ReceivedEventData] = []
                    while events.count < 2 * (round + 1), let batch = try await receiver.nextBatch() { events += batch }
                    #expect(events.map(\.text) == (0...round).flatMap { ["\($0)a", "\($0)b"] })
                    #expect(events.map(\.sequenceNumber) == Array(0..<Int64(2 * (round + 1))))
                    let properties = try await consumer.properties()
                    await consumer.close()
                    return "\(properties.createdAt)"
                }
            )
        }
        #expect(created.count == 1)
        #expect(try directory.names("data") == ["FORMAT", "LOCK", "blobs", "hubs"])
        #expect(try directory.names("data/hubs") == ["hub%2E1"])
        #expect(try directory.names("data/hubs/hub%2E1") == ["1", "created"])
    }

    @Test("one emulator at a time")
    func inUse() async throws {
        try await EventHubsEmulator.withEmulator(configuration) { emulator in
            let error = await error()
            #expect(error?.code == .dataDirectoryInUse)
            #expect(error?.message.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
            try await send("still served", to: emulator)
        }
        try await EventHubsEmulator.withEmulator(configuration) { _ in }
    }

    @Test("an emulator that could not start leaves the directory to the next")
    func portInUse() async throws {
        try await EventHubsEmulator.withEmulator(EmulatorConfiguration()) { first in
            let error = await error { $0.amqpPort = first.amqpPort }
            #expect(error?.code == .startFailed)
        }
        try await EventHubsEmulator.withEmulator(configuration) { _ in }
    }

    @Test("a directory of something else, or of another version, is left alone")
    func unsupported() async throws {
        try directory.write([1, 2, 3], to: "file")
        let foreign = await error { $0.dataDirectory = directory.path }
        #expect(foreign?.code == .dataDirectoryUnsupported)
        #expect(try directory.names() == ["file"])

        let inFile = await error { $0.dataDirectory = directory.path + "/file" }
        #expect(inFile?.code == .dataDirectoryFailed)

        try await EventHubsEmulator.withEmulator(configuration) { _ in }
        for (text, expected) in [
            ("swift-event-hubs emulator data, version 2\n", "says version 2"), ("x", "was not written by an emulator"),
        ] {
            try directory.write(Array(text.utf8), to: "data/FORMAT")
            let error = await error()
            #expect(error?.code == .dataDirectoryUnsupported)
            #expect(error?.message.contains(expected) == true)
        }
    }

    @Test("a start that was cut short is made up for")
    func cutShort() async throws {
        try FileManager.default.createDirectory(atPath: directory.path + "/data", withIntermediateDirectories: true)
        try directory.write([], to: "data/LOCK")
        try directory.write([0], to: "data/FORMAT.new")
        try await EventHubsEmulator.withEmulator(configuration) { try await send("x", to: $0) }
    }

    @Test("fewer partitions than there are events of is an error, more are not")
    func partitionCount() async throws {
        try await EventHubsEmulator.withEmulator(configuration) { try await send("x", to: $0) }
        let error = await error { $0.hubs[0].partitionCount = 1 }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("events of partition 1") == true)
        var more = configuration
        more.hubs[0].partitionCount = 4
        try await EventHubsEmulator.withEmulator(more) { emulator in
            #expect(emulator.partitions(of: "hub.1").map(\.eventCount) == [0, 1, 0, 0])
        }
    }
}
