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

import HTTPExchange
import Testing

@testable import EventHubsBlobStore

/// Signatures of real requests that Microsoft's store for Python has sent.
@Suite struct AccountKeyTests {
    static let path = "/devstoreaccount1/eph/ns.servicebus.windows.net/hub1/%24default/ownership/0"

    func key() throws -> AccountKey {
        try #require(
            AccountKey(
                account: "devstoreaccount1",
                base64Key: "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
            )
        )
    }

    func request(
        _ method: String = "PUT",
        path: String = path,
        query: [HTTPRequest.Field] = [],
        id: String,
        _ headers: [HTTPRequest.Field]
    ) -> HTTPRequest {
        HTTPRequest(
            method,
            "http://127.0.0.1:10000" + path + (query.isEmpty ? "" : "?" + query.queryText),
            headers: headers + [
                .init("x-ms-client-request-id", id),
                .init("x-ms-date", "Sun, 22 Nov 2026 20:49:11 GMT"),
                .init("x-ms-version", "2019-07-07"),
            ]
        )
    }

    @Test func claimByMetadata() throws {
        let request = request(
            query: [.init("comp", "metadata")],
            id: "2bd5ddcc-e6b6-11f1-a993-02fc00000001",
            [.init("If-None-Match", "*"), .init("x-ms-meta-ownerid", "me")]
        )
        #expect(
            try key().stringToSign(of: request)
                == "PUT\n\n\n\n\n\n\n\n\n*\n\n\nx-ms-client-request-id:2bd5ddcc-e6b6-11f1-a993-02fc00000001\n"
                + "x-ms-date:Sun, 22 Nov 2026 20:49:11 GMT\nx-ms-meta-ownerid:me\nx-ms-version:2019-07-07\n"
                + "/devstoreaccount1/devstoreaccount1/eph/ns.servicebus.windows.net/hub1/%24default/ownership/0\n"
                + "comp:metadata"
        )
        #expect(
            try key().authorization(of: request)
                == "SharedKey devstoreaccount1:DvYGHD/58PORPAJq1B4l/43XbD7NDvNasYYrGycOOJ4="
        )
    }

    @Test func claimByPut() throws {
        let request = request(
            id: "2bd830b8-e6b6-11f1-a993-02fc00000001",
            [
                .init("If-None-Match", "*"), .init("Content-Type", "application/octet-stream"),
                .init("x-ms-blob-type", "BlockBlob"), .init("x-ms-meta-ownerid", "me"),
            ]
        )
        #expect(
            try key().authorization(of: request)
                == "SharedKey devstoreaccount1:0wFymgeK52XAbsNBFgqKnx2ZXPEkKL0ZM05snrk0z1w="
        )
    }

    @Test func renewal() throws {
        let request = request(
            query: [.init("comp", "metadata")],
            id: "2bd8a9da-e6b6-11f1-a993-02fc00000001",
            [.init("If-Match", "\"0x8DBE5\""), .init("x-ms-meta-ownerid", "me")]
        )
        #expect(
            try key().authorization(of: request)
                == "SharedKey devstoreaccount1:paGPmgnIUyJ0eMN8Vng9tRW52wvpmp8xvjwgFxIEqD4="
        )
    }

    @Test func list() throws {
        let request = request(
            "GET",
            path: "/devstoreaccount1/eph",
            query: [
                .init("restype", "container"), .init("comp", "list"),
                .init("prefix", "ns.servicebus.windows.net/hub1/$default/ownership/"), .init("include", "metadata"),
            ],
            id: "2bd920ea-e6b6-11f1-a993-02fc00000001",
            []
        )
        #expect(
            request.url
                == "http://127.0.0.1:10000/devstoreaccount1/eph?restype=container&comp=list"
                + "&prefix=ns.servicebus.windows.net%2Fhub1%2F%24default%2Fownership%2F&include=metadata"
        )
        #expect(
            try key().authorization(of: request)
                == "SharedKey devstoreaccount1:uxCjg5wtG5dayyzoHFmX4PxIwS9a/KReRGPIr9Zqt9g="
        )
    }

    @Test func keyMustBeBase64() {
        #expect(AccountKey(account: "a", base64Key: "not base 64!") == nil)
        #expect(AccountKey(account: "a", base64Key: "") == nil)
    }

    @Test func neverPrintsTheKey() throws {
        let key = try key()
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] { #expect(!text.contains("Eby8vdM0")) }
    }
}
