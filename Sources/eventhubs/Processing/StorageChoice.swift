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
import EventHubsProcessor
import Foundation
import Logging

/// Where `eventhubs process` keeps leases and checkpoints.
enum StorageChoice: Sendable {
    static let environmentName = "EVENTHUBS_STORAGE_CONNECTION_STRING"

    /// In this process: for a look, and for a single host.
    case memory

    /// Reads `--storage`, or the environment when that is not given.
    init(_ text: String?, container: String?) throws {
        let value = text ?? ProcessInfo.processInfo.environment[Self.environmentName] ?? "memory:"
        switch value {
        case "memory:", "":
            self = .memory
        default:
            throw ValidationError("--storage \(value) is not yet supported.")
        }
    }

    /// A host whose leases and checkpoints are there, and that reports.
    func makeHost(
        consumer: EventHubConsumer,
        configuration: HostConfiguration,
        report: PartitionReport
    ) throws -> EventProcessorHost {
        switch self {
        case .memory:
            let leases = InMemoryLeaseManager()
            return EventProcessorHost(
                consumer: consumer,
                leaseManager: leases,
                checkpointManager: ReportingCheckpointManager(
                    base: InMemoryCheckpointManager(leaseManager: leases),
                    report: report
                ),
                configuration: configuration
            ) { _ in ReportingProcessor(report: report) }
        }
    }
}
