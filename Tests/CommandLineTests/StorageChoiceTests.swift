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

import Testing

@testable import eventhubs

@Suite struct StorageChoiceTests {
    private func location(_ text: String?, container: String? = nil, environment: [String: String] = [:]) throws
        -> String
    {
        switch try StorageChoice(text, container: container, environment: environment) {
        case .memory: "memory"
        case .blobs(let location): "\(location)"
        }
    }

    private let connectionString =
        "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=c2VjcmV0;BlobEndpoint=http://127.0.0.1:10000/a"

    @Test func memoryUnlessToldOtherwise() throws {
        #expect(try location(nil) == "memory")
        #expect(try location("memory:") == "memory")
        #expect(try location("memory:", environment: [StorageChoice.environmentName: connectionString]) == "memory")
    }

    @Test func aConnectionStringAndAContainer() throws {
        #expect(try location(connectionString, container: "leases") == "http://127.0.0.1:10000/a/leases")
        let environment = [StorageChoice.environmentName: connectionString]
        #expect(try location(nil, container: "leases", environment: environment) == "http://127.0.0.1:10000/a/leases")
    }

    @Test func aURLWithASignature() throws {
        let url = "https://account.blob.core.windows.net/leases?sv=2021-12-02&sig=abc"
        #expect(try location(url) == "https://account.blob.core.windows.net/leases")
    }

    @Test func aURLWithoutASignature() throws {
        let url = "https://account.blob.core.windows.net"
        #expect(try location(url + "/leases") == url + "/leases")
        #expect(try location(url, container: "leases") == url + "/leases")
        // Tokens would be readable on the way.
        #expect(throws: (any Error).self) { try location("http://account.blob.core.windows.net/leases") }
        #expect(
            try location("http://127.0.0.1:1/devstoreaccount1/leases") == "http://127.0.0.1:1/devstoreaccount1/leases"
        )
    }

    @Test func whatCannotBeIsRefusedWithoutItsSecrets() {
        for (text, container) in [
            (connectionString, nil), (connectionString, "No"),
            ("https://account.blob.core.windows.net/leases?sv=1", nil),
            ("leases", "leases"), ("AccountKey=c2VjcmV0", "leases"),
        ] {
            let error = #expect(throws: (any Error).self) { try location(text, container: container) }
            #expect(!"\(String(describing: error))".contains("c2VjcmV0"))
        }
    }
}
