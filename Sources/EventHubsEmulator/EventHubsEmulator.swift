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

/// An Event Hubs namespace inside the process: hubs, partitions, consumer groups and owner levels over AMQP, and over HTTP
/// its administration, sending, and the part of the Blob service that checkpoint stores use.
///
/// Official clients take it for the service when they are given ``connectionString(hub:)``. Everything is held in memory
/// and is gone when the emulator stops, unless it has a ``EmulatorConfiguration/dataDirectory``.
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
    private let running = Mutex<Running?>(nil)

    private struct Running {
        var contents: EmulatorContents
        var server: EmulatorServer
    }

    /// Prepares an emulator; ``run(whenReady:)`` or ``withEmulator(_:_:)`` starts it.
    ///
    /// - Throws: ``EmulatorError`` when the configuration cannot be.
    public init(_ configuration: EmulatorConfiguration) throws(EmulatorError) {
        try configuration.validate()
        self.configuration = configuration
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
        try await emulator.start()
        let result: Result<Value, any Error>
        do {
            result = .success(try await body(emulator))
        } catch {
            result = .failure(error)
        }
        await emulator.stop()
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
        await stop()
    }

    @discardableResult
    private func start() async throws(EmulatorError) -> EmulatorServer {
        let contents = try EmulatorContents(configuration)
        do throws(EmulatorError) {
            let server = try await EmulatorServer.start(contents)
            running.withLock { $0 = Running(contents: contents, server: server) }
            return server
        } catch {
            contents.close()
            throw error
        }
    }

    private func stop() async {
        guard let running = running.withLock({ $0.take() }) else { return }
        await running.server.stop()
        running.contents.close()
    }
}

extension EventHubsEmulator {
    /// The AMQP port; before the emulator runs, the one it was configured with.
    public var amqpPort: Int { running.withLock { $0?.server.amqpPort } ?? configuration.amqpPort }

    /// The port of HTTP; before the emulator runs, the one it was configured with.
    public var httpPort: Int { running.withLock { $0?.server.httpPort } ?? configuration.httpPort }

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
    public var hubNames: [String] { broker?.namespace.allHubs.map(\.name) ?? configuration.hubs.map(\.name).sorted() }

    /// What goes wrong from now on, in place of what did until now: faults of the plan before strike no more, and counting begins
    /// anew. What a fault at ``Fault/Place/connect`` did to a connection stays done to it.
    ///
    /// - Parameter plan: the plan; an empty one heals everything.
    /// - Throws: ``EmulatorError`` when the plan cannot be, or the emulator does not run.
    public func setFaults(_ plan: FaultPlan) throws(EmulatorError) {
        try plan.validate()
        guard let broker else { throw EmulatorError(.notRunning, "the emulator does not run") }
        broker.faults.set(plan)
    }

    /// What goes wrong at present.
    public var faults: FaultPlan { broker?.faults.plan ?? configuration.faults }

    /// How often each fault of ``faults`` has struck since it was set.
    public var faultStrikes: [Int] { broker?.faults.strikes ?? configuration.faults.faults.map { _ in 0 } }

    var contents: EmulatorContents? { running.withLock { $0?.contents } }
    var broker: Broker? { contents?.broker }

    private var hostText: String {
        configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
    }
}
