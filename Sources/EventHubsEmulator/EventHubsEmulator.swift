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

import AMQPTransport
import FlyingFox
import FlyingSocks
import Logging
import Synchronization

/// An Event Hubs namespace inside the process: hubs, partitions, consumer groups and owner levels over AMQP, and the part
/// of the Blob service that checkpoint stores use over HTTP.
///
/// Official clients take it for the service when they are given ``connectionString(hub:)``. Everything is held in memory
/// and is gone when the emulator stops.
///
/// ```swift
/// let configuration = EmulatorConfiguration(hubs: [.init(name: "telemetry", partitionCount: 4)])
/// try await EventHubsEmulator.withEmulator(configuration) { emulator in
///     print(emulator.connectionString(hub: "telemetry"))
/// }
/// ```
public final class EventHubsEmulator: Sendable {
    /// What the emulator was made with.
    public let configuration: EmulatorConfiguration
    let broker: Broker
    private let blobs: BlobService
    private let ports = Mutex<Ports?>(nil)

    private struct Ports {
        var amqp: Int
        var http: Int
    }

    /// Prepares an emulator; ``run(whenReady:)`` or ``withEmulator(_:_:)`` starts it.
    ///
    /// - Throws: ``EmulatorError`` when the configuration cannot be.
    public init(_ configuration: EmulatorConfiguration) throws(EmulatorError) {
        try configuration.validate()
        self.configuration = configuration
        let now: @Sendable () -> Int64 = { SystemTime.now() }
        let namespace = Namespace(name: configuration.namespaceName, now: now)
        let retention = Retention(
            maximumBytes: configuration.retainedBytesPerPartition,
            maximumAge: configuration.retentionTime.wholeMilliseconds
        )
        for hub in configuration.hubs {
            namespace.add(
                EventHubLog(
                    name: hub.name,
                    partitionCount: hub.partitionCount,
                    consumerGroups: hub.consumerGroups,
                    retention: retention,
                    createdAt: now()
                )
            )
        }
        broker = Broker(namespace: namespace, configuration: configuration)
        blobs = BlobService(
            store: BlobStore(now: now),
            account: .development,
            now: now,
            nextNumber: { namespace.nextNumber() }
        )
    }

    /// Starts an emulator, calls `body` once both ports are open, and stops it when `body` returns or throws.
    ///
    /// - Parameters:
    ///   - configuration: what to serve.
    ///   - body: what to do with the running emulator.
    /// - Returns: what `body` returned.
    /// - Throws: ``EmulatorError`` when the emulator cannot be started, or whatever `body` throws.
    public static func withEmulator<Value: Sendable>(
        _ configuration: EmulatorConfiguration,
        _ body: (EventHubsEmulator) async throws -> Value
    ) async throws -> Value {
        let emulator = try EventHubsEmulator(configuration)
        let server = try await emulator.start()
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(emulator))
        } catch {
            result = .failure(error)
        }
        await server.stop()
        return try result.get()
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter whenReady: called once both ports are open.
    /// - Throws: ``EmulatorError`` when the emulator cannot be started.
    public func run(whenReady: @Sendable (EventHubsEmulator) -> Void = { _ in }) async throws {
        let server = try await start()
        whenReady(self)
        await server.waitForCancellation()
        await server.stop()
    }

    private func start() async throws(EmulatorError) -> EmulatorServer {
        let server = try await EmulatorServer.start(broker: broker, blobs: blobs)
        ports.withLock { $0 = Ports(amqp: server.amqpPort, http: server.httpPort) }
        return server
    }
}

extension EventHubsEmulator {
    /// The AMQP port; before the emulator runs, the one it was configured with.
    public var amqpPort: Int { ports.withLock { $0?.amqp } ?? configuration.amqpPort }

    /// The port of the Blob service; before the emulator runs, the one it was configured with.
    public var httpPort: Int { ports.withLock { $0?.http } ?? configuration.httpPort }

    /// The connection string with which clients reach the emulator.
    ///
    /// - Parameter hub: the hub to put in as `EntityPath`, or nil for a string of the whole namespace.
    /// - Returns: the string, which holds the key.
    public func connectionString(hub: String? = nil) -> String {
        let policy = configuration.connectionPolicy
        var text = "Endpoint=sb://\(hostText):\(amqpPort);SharedAccessKeyName=\(policy?.name ?? "")"
        text += ";SharedAccessKey=\(policy?.key ?? "")"
        if configuration.tls == nil { text += ";UseDevelopmentEmulator=true" }
        if let hub { text += ";EntityPath=\(hub)" }
        return text
    }

    /// The connection string of the storage account, for Blob clients.
    public var blobConnectionString: String {
        let account = StorageAccount.development
        return "DefaultEndpointsProtocol=http;AccountName=\(account.name);AccountKey=\(account.key)"
            + ";BlobEndpoint=\(blobEndpoint)"
    }

    /// The base address of the storage account's blobs.
    public var blobEndpoint: String { "http://\(hostText):\(httpPort)/\(StorageAccount.development.name)" }

    /// The hubs' names.
    public var hubNames: [String] { broker.namespace.allHubs.map(\.name) }

    /// What the partitions of a hub hold now; empty when there is no such hub.
    public func partitions(of hub: String) -> [EmulatorPartition] {
        guard let log = broker.namespace.hub(hub) else { return [] }
        return log.partitions.map { partition in
            let summary = partition.summary(at: broker.namespace.now())
            return EmulatorPartition(
                id: partition.id,
                eventCount: summary.eventCount,
                firstSequenceNumber: summary.beginSequenceNumber,
                lastSequenceNumber: summary.lastEnqueuedSequenceNumber,
                retainedBytes: summary.retainedBytes,
                receivers: log.receivers(of: partition.id).map { group, receiver in
                    EmulatorReceiver(consumerGroup: group, name: receiver.name, ownerLevel: receiver.ownerLevel)
                }
            )
        }
    }

    /// The number of AMQP connections that are open.
    public var connectionCount: Int { broker.connectionCount }

    private var hostText: String {
        configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
    }
}
