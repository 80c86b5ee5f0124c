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

@testable import EventHubsBlobStore

@Suite struct BlobContainerLocationTests {
    static let key = "a2V5"

    @Test(arguments: [
        (
            "DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=a2V5;EndpointSuffix=core.windows.net",
            "https://acc.blob.core.windows.net/leases"
        ),
        ("AccountName=acc;AccountKey=a2V5", "https://acc.blob.core.windows.net/leases"),
        (
            "defaultendpointsprotocol=http; accountname = acc ;AccountKey=a2V5;EndpointSuffix=core.chinacloudapi.cn;",
            "http://acc.blob.core.chinacloudapi.cn/leases"
        ),
        (
            "BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1/;AccountName=devstoreaccount1;AccountKey=a2V5",
            "http://127.0.0.1:10000/devstoreaccount1/leases"
        ),
        ("UseDevelopmentStorage=true", "http://127.0.0.1:10000/devstoreaccount1/leases"),
        (
            "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://storage",
            "http://storage:10000/devstoreaccount1/leases"
        ),
        (
            "BlobEndpoint=https://acc.blob.core.windows.net;SharedAccessSignature=sv=2020-08-04&ss=b&sig=abc%3D",
            "https://acc.blob.core.windows.net/leases"
        ),
    ])
    func readsConnectionStrings(text: String, url: String) throws {
        #expect(try BlobContainerLocation(connectionString: text, container: "leases").description == url)
    }

    @Test(arguments: [
        "", ";;", "AccountName", "AccountName=acc", "AccountKey=a2V5", "AccountName=acc;AccountKey=%%%",
        "BlobEndpoint=ftp://host;SharedAccessSignature=sig=x", "BlobEndpoint=https://;SharedAccessSignature=sig=x",
        "BlobEndpoint=https://user@host;SharedAccessSignature=sig=x", "BlobEndpoint=https://host;AccountKey=a2V5",
        "AccountName=a;AccountName=b;AccountKey=a2V5",
    ])
    func refusesWhatIsNone(text: String) {
        #expect(throws: BlobStoreError(.invalidConnectionString, "")) {
            try BlobContainerLocation(connectionString: text, container: "leases")
        }
    }

    @Test(arguments: ["", "ab", "Leases", "a/b", "a b", String(repeating: "a", count: 64), "lé-ases"])
    func refusesNamesOfNoContainer(name: String) {
        #expect(throws: BlobStoreError(.invalidName, "")) {
            try BlobContainerLocation(connectionString: "UseDevelopmentStorage=true", container: name)
        }
    }

    @Test func readsURLsWithASignature() throws {
        let url = "https://acc.blob.core.windows.net/leases?sv=2020-08-04&sr=c&sp=rlwc&sig=s3cr%2Ft"
        let location = try BlobContainerLocation(url: url)
        #expect(location.description == "https://acc.blob.core.windows.net/leases")
        let account = try BlobContainerLocation(
            url: "http://127.0.0.1:10000/devstoreaccount1?sig=s3cr%2Ft",
            container: "leases"
        )
        #expect(account.description == "http://127.0.0.1:10000/devstoreaccount1/leases")
    }

    @Test func emulatorNeedsNoSignature() throws {
        let location = try BlobContainerLocation(url: "http://localhost:4711/devstoreaccount1", container: "leases")
        #expect(location.description == "http://localhost:4711/devstoreaccount1/leases")
        guard case .sharedKey = location.credential else {
            Issue.record("the key is known")
            return
        }
    }

    @Test(arguments: [
        "https://acc.blob.core.windows.net/leases", "https://acc.blob.core.windows.net/leases?sv=1",
        "https://acc.blob.core.windows.net?sig=x", "nonsense?sig=x",
    ])
    func refusesURLsWithoutASignatureOrContainer(url: String) {
        #expect(throws: BlobStoreError(.invalidConnectionString, "")) { try BlobContainerLocation(url: url) }
    }

    @Test func neverPrintsSecrets() throws {
        for location in [
            try BlobContainerLocation(url: "https://acc.blob.core.windows.net/leases?sig=s3cret"),
            try BlobContainerLocation(connectionString: "AccountName=acc;AccountKey=czNjcmV0", container: "leases"),
        ] {
            var dumped = ""
            dump(location, to: &dumped)
            for text in ["\(location)", String(reflecting: location), dumped] {
                #expect(!text.contains("s3cret") && !text.contains("czNjcmV0"))
            }
        }
    }

    @Test func errorsShowNoPartOfABrokenString() {
        do throws(BlobStoreError) {
            _ = try BlobContainerLocation(connectionString: "AccountName=acc;s3cret", container: "leases")
            Issue.record("it must not be accepted")
        } catch {
            #expect(!error.description.contains("s3cret"))
        }
    }
}
