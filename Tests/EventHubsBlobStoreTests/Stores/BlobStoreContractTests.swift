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

import EventHubsProcessor
import EventHubsProcessorTesting
import HTTPExchange
import Testing

@testable import EventHubsBlobStore

@Suite struct BlobStoreContractTests {
    @Test(arguments: StoreContract.Check.allCases)
    func storesInBlobsKeepTheirPromises(check: StoreContract.Check) async throws {
        try await StoreContract {
            let transport = ServiceTransport()
            let stores = try (0..<2).map { _ in
                let client = try BlobContainerClient.onService(transport)
                return StoreContract.Stores(
                    leases: BlobLeaseManager(client: client, scope: testScope, createsContainer: true),
                    checkpoints: BlobCheckpointManager(client: client, scope: testScope)
                )
            }
            return (stores[0], stores[1])
        }.verify(check)
    }
}
