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

/// What a running emulator serves: event hubs and blobs, in memory or kept in a directory.
struct EmulatorContents: Sendable {
    let broker: Broker
    let blobs: BlobService
    let administrator: NamespaceAdministrator
    private let store: BlobStore
    private let directory: DataDirectory?

    /// Makes it anew, or reads what the configured directory holds.
    init(_ configuration: EmulatorConfiguration) throws(EmulatorError) {
        let now: @Sendable () -> Int64 = { SystemTime.now() }
        let namespace = Namespace(name: configuration.namespaceName, now: now)
        directory = try configuration.dataDirectory.map { (path) throws(EmulatorError) in
            try DataDirectory(path, logger: configuration.logger)
        }
        let factory = HubFactory(configuration, directory: directory)
        for hub in configuration.hubs { namespace.add(try factory.hub(hub, now: now())) }
        for hub in try factory.administeredHubs(besides: configuration.hubs) { namespace.add(hub) }
        store =
            try directory.map { (directory) throws(EmulatorError) in
                try BlobStore(journal: directory.blobJournal, now: now)
            } ?? BlobStore(now: now)
        broker = Broker(namespace: namespace, configuration: configuration)
        administrator = NamespaceAdministrator(broker: broker, factory: factory, directory: directory)
        blobs = BlobService(
            store: store,
            account: .development,
            issuer: configuration.tokenIssuer,
            now: now,
            nextNumber: { namespace.nextNumber() }
        )
    }

    func blobs(in container: String) -> [EmulatorBlob] {
        store.blobs(in: container, at: broker.namespace.now())
    }

    /// Lets go of the directory. Nothing may be sent or changed any more.
    func close() {
        guard let directory else { return }
        for hub in broker.namespace.allHubs {
            for partition in hub.partitions { partition.close() }
        }
        store.close()
        directory.close()
    }
}
