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

public import Logging

/// What an emulator serves, where, and to whom.
public struct EmulatorConfiguration: Sendable {
    /// An event hub of the namespace.
    public struct Hub: Sendable, Hashable {
        /// The hub's name; case does not matter to clients.
        public var name: String
        /// How many partitions it has, 1 to 1,024.
        public var partitionCount: Int
        /// Its consumer groups besides `$Default`, which every hub has.
        public var consumerGroups: [String]

        /// Describes a hub.
        public init(name: String, partitionCount: Int = 4, consumerGroups: [String] = []) {
            self.name = name
            self.partitionCount = partitionCount
            self.consumerGroups = consumerGroups
        }
    }

    /// A certificate to serve AMQP over TLS with.
    public struct TLS: Sendable, Hashable {
        /// The certificate and its chain, a PEM file.
        public var certificateChainFile: String
        /// The certificate's key, a PEM file.
        public var privateKeyFile: String

        /// Names the two files.
        public init(certificateChainFile: String, privateKeyFile: String) {
            self.certificateChainFile = certificateChainFile
            self.privateKeyFile = privateKeyFile
        }
    }

    /// The address that both ports are bound to.
    public var host = "127.0.0.1"
    /// The AMQP port; 0 takes any free one. AMQP over WebSockets is served on it too, at `/$servicebus/websocket`.
    public var amqpPort = 0
    /// The port of administration and sending over HTTP, of the Blob service and of `/health`; 0 takes any free one.
    public var httpPort = 0
    /// Serve AMQP, and WebSockets, over TLS; nil: plain.
    public var tls: TLS?
    /// The namespace's name in error texts.
    public var namespaceName = "emulatorns1"
    /// The event hubs.
    public var hubs: [Hub]
    /// Who may do what. The first policy that may manage the namespace is the one in connection strings.
    public var policies: [SharedAccessPolicy] = [.developmentDefault]
    /// Whose bearer tokens are taken; nil: nobody's.
    public var tokenIssuer: TokenIssuer?
    /// A directory in which events, blobs, leases and what administration has made survive the emulator; nil: in memory only. It is made
    /// if it is not there, and used by one emulator at a time. <doc:KeepingData> tells what survives what.
    public var dataDirectory: String?
    /// The most bytes that a partition keeps; its oldest events go first.
    public var retainedBytesPerPartition = 128 * 1024 * 1024
    /// How long events are kept.
    public var retentionTime: Duration = .seconds(7 * 24 * 3600)
    /// The largest event or batch that is taken.
    public var maximumMessageSize = 1_048_576
    /// The tier whose quotas for hubs, partitions and consumer groups the configuration has to keep; nil: the emulator's own, which are
    /// wider. ``apply(_:)`` takes over the tier's other quotas too.
    public var tier: ServiceTier?
    /// How many throughput units the namespace has: each takes 1 MB or 1,000 events per second, and gives 2 MB or 4,096. Senders beyond it
    /// are told that the service is busy, receivers are served more slowly, and more than 50 questions about hubs and partitions
    /// per second are refused. Nil: everything passes.
    public var throughputUnits: Int?
    /// Whether offsets are those of a geo-replicated namespace: strings that are no numbers. An offset that is one is refused with
    /// `com.microsoft:georeplication:invalid-offset`.
    public var isGeoReplicated = false
    /// How many AMQP connections may be open at once.
    public var maximumConnections = 5_000
    /// A connection from which nothing comes for so long is closed.
    public var idleTimeout: Duration = .seconds(240)
    /// A connection without a link is closed after so long.
    public var linklessTimeout: Duration = .seconds(300)
    /// A link on which nothing moves for so long is detached.
    public var idleLinkTimeout: Duration = .seconds(1800)
    /// What goes wrong; <doc:InjectingFaults> tells what can. ``EventHubsEmulator/EventHubsEmulator/setFaults(_:)`` changes it later.
    public var faults = FaultPlan()
    /// Where the emulator tells what it does.
    public var logger: Logger?
    /// Log every frame in both directions, decoded, at level trace.
    public var tracesFrames = false

    /// Describes an emulator with these hubs.
    public init(hubs: [Hub] = []) {
        self.hubs = hubs
    }
}

/// Why an emulator could not be set up or started.
public struct EmulatorError: Error, Sendable, Hashable {
    /// What kind of failure it is.
    public enum Code: Sendable, Hashable {
        /// The configuration cannot be.
        case invalidConfiguration
        /// A port could not be bound, or a certificate not be used.
        case startFailed
        /// The emulator does not run.
        case notRunning
        /// What was waited for did not come true in time.
        case timedOut
        /// Another emulator uses the data directory.
        case dataDirectoryInUse
        /// The data directory holds what no emulator wrote, or one of another version.
        case dataDirectoryUnsupported
        /// A file in the data directory is damaged.
        case dataDirectoryDamaged
        /// The system did not let a file in the data directory be read or written.
        case dataDirectoryFailed
    }

    /// What kind of failure it is.
    public var code: Code
    /// What is wrong, for people.
    public var message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension EmulatorError: CustomStringConvertible {
    /// What is wrong, for people.
    public var description: String { message }
}

extension EmulatorConfiguration {
    /// The most partitions that a hub may have.
    static let maximumPartitions = 1_024
    /// The longest name of a hub or a group.
    static let maximumNameLength = 256

    /// Checks what the emulator relies on.
    func validate() throws(EmulatorError) {
        var names: Set<String> = []
        for hub in hubs {
            guard Self.isName(hub.name) else {
                throw EmulatorError(.invalidConfiguration, "'\(hub.name)' is no name for an event hub")
            }
            guard names.insert(hub.name.lowercased()).inserted else {
                throw EmulatorError(.invalidConfiguration, "there are two event hubs named '\(hub.name)'")
            }
            guard (1...Self.maximumPartitions).contains(hub.partitionCount) else {
                throw EmulatorError(
                    .invalidConfiguration,
                    "event hub '\(hub.name)' has \(hub.partitionCount) partitions: 1 to \(Self.maximumPartitions) "
                        + "are possible"
                )
            }
            for group in hub.consumerGroups
            where !Self.isName(group) && group.lowercased() != EventHubLog.defaultConsumerGroup.lowercased() {
                throw EmulatorError(.invalidConfiguration, "'\(group)' is no name for a consumer group")
            }
        }
        guard (0...65_535).contains(amqpPort), (0...65_535).contains(httpPort) else {
            throw EmulatorError(.invalidConfiguration, "a port is a number from 0 to 65535")
        }
        if let tokenIssuer, tokenIssuer.key.utf8.count < TokenIssuer.minimumKeyLength {
            throw EmulatorError(
                .invalidConfiguration,
                "the key of the token issuer has \(tokenIssuer.key.utf8.count) bytes: \(TokenIssuer.minimumKeyLength) are "
                    + "needed at least"
            )
        }
        try validateTier()
        if let throughputUnits, !(1...1_000).contains(throughputUnits) {
            throw EmulatorError(.invalidConfiguration, "\(throughputUnits) throughput units: 1 to 1000 are possible")
        }
        try faults.validate()
        guard maximumMessageSize > 0, maximumConnections > 0, retainedBytesPerPartition > 0 else {
            throw EmulatorError(.invalidConfiguration, "a limit must be greater than 0")
        }
    }

    /// Letters, digits, `.`, `-` and `_`.
    static func isName(_ name: String) -> Bool {
        (1...maximumNameLength).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_": true
                default: scalar.properties.isAlphabetic
                }
            }
    }

    /// The policy that connection strings carry.
    var connectionPolicy: SharedAccessPolicy? {
        policies.first { $0.hub == nil && $0.rights == .manage } ?? policies.first
    }
}
