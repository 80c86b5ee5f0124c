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

/// How older processors name the blobs of their checkpoints.
@nonexhaustive
public enum LegacyBlobLayout: String, CaseIterable, Hashable, Sendable {
    /// The event processor host for .NET: `{prefix}{group}/{partition}`.
    case dotnet
    /// The event processor host for Java: `{prefix}{group}/{partition}`.
    case java
    /// The event processor host for Python (azure-eventhub 1.x): `{partition}`, whatever hub and group.
    case python
    /// Azure Functions before version 5 of its extension: `{namespace}/{hub}/{group}/{partition}`.
    case functions
    /// The event processor host for Go (azure-event-hubs-go): `{partition}`.
    case go
    /// Dapr, before it took to the format of today: `dapr-{hub}-{group}-{partition}`.
    case dapr

    /// The container these processors use unless they are told otherwise, if there is one.
    public var defaultContainer: String? {
        switch self {
        case .python: "eph-leases"
        case .functions: "azure-webjobs-eventhub"
        case .dotnet, .java, .go, .dapr: nil
        }
    }

    /// What comes before the partition in the names of the blobs.
    ///
    /// - Parameters:
    ///   - scope: The event hub and consumer group, spelled as the older processors spell them.
    ///   - prefix: What was configured to come before the group (.NET and Java).
    /// - Returns: The beginning of the names; empty when the partition is all there is.
    func beginning(of scope: BlobStoreScope, prefix: String) -> String {
        switch self {
        case .dotnet, .java: "\(prefix)\(scope.consumerGroup)/"
        case .python, .go: ""
        case .functions: "\(scope.fullyQualifiedNamespace)/\(scope.eventHub)/\(scope.consumerGroup)/"
        case .dapr: "dapr-\(scope.eventHub)-\(scope.consumerGroup)-"
        }
    }
}
