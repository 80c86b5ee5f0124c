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

import ArgumentParser
import EventHubs
import EventHubsBlobStore
import EventHubsIdentity
import EventHubsProcessor
import Foundation

/// Where `eventhubs process` keeps leases and checkpoints.
enum StorageChoice: Sendable {
    static let environmentName = "EVENTHUBS_STORAGE_CONNECTION_STRING"

    /// In this process: for a look, and for a single host.
    case memory
    /// In a container of Azure Blob storage, shared with other hosts and the official SDKs.
    case blobs(BlobContainerLocation)

    /// Reads `--storage`, or the environment when that is not given.
    init(
        _ text: String?,
        container: String?,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        let value = text ?? environment[Self.environmentName] ?? "memory:"
        if value == "memory:" || value.isEmpty {
            self = .memory
            return
        }
        do {
            if value.hasPrefix("http://") || value.hasPrefix("https://") {
                // The key of the emulators' account is known to everybody; for others without a signature there are tokens.
                let needsToken = !value.contains("?") && !value.contains("/devstoreaccount1")
                self = .blobs(
                    needsToken
                        ? try BlobContainerLocation(
                            url: value,
                            container: container,
                            credential: DefaultAzureCredential.ofThisProcess
                        )
                        : try BlobContainerLocation(url: value, container: container)
                )
            } else if value.contains("=") {
                guard let container else { throw ValidationError("A storage connection string needs --container.") }
                self = .blobs(try BlobContainerLocation(connectionString: value, container: container))
            } else {
                throw ValidationError(
                    "--storage is memory:, a URL with or without a shared access signature, or a connection string."
                )
            }
        } catch let error as BlobStoreError {
            throw ValidationError("--storage: \(error.message).")
        }
    }

    /// A host whose leases and checkpoints are there, and that reports.
    func makeHost(
        consumer: EventHubConsumer,
        configuration: HostConfiguration,
        report: PartitionReport
    ) -> EventProcessorHost {
        switch self {
        case .memory:
            let leases = InMemoryLeaseManager()
            let checkpoints = InMemoryCheckpointManager(leaseManager: leases)
            return makeHost(consumer, leases, checkpoints, configuration, report)
        case .blobs(let location):
            let client = BlobContainerClient(location)
            let scope = BlobStoreScope(of: consumer)
            let leases = BlobLeaseManager(client: client, scope: scope)
            let checkpoints = BlobCheckpointManager(client: client, scope: scope)
            return makeHost(consumer, leases, checkpoints, configuration, report)
        }
    }

    private func makeHost(
        _ consumer: EventHubConsumer,
        _ leases: some LeaseManager,
        _ checkpoints: some CheckpointManager,
        _ configuration: HostConfiguration,
        _ report: PartitionReport
    ) -> EventProcessorHost {
        EventProcessorHost(
            consumer: consumer,
            leaseManager: leases,
            checkpointManager: ReportingCheckpointManager(base: checkpoints, report: report),
            configuration: configuration
        ) { _ in ReportingProcessor(report: report) }
    }
}
