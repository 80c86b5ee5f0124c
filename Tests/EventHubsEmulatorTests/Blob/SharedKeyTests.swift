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

import EventHubsEmulator
import Testing

/// Requests of the official Python checkpoint store, with the signatures it sent.
@Suite("Shared key")
struct SharedKeyTests {
    static let blobPath = "/devstoreaccount1/eph/ns.servicebus.windows.net/hub1/%24default/ownership/0"
    static let date = "Sun, 22 Nov 2026 20:49:11 GMT"

    private func request(
        _ method: String,
        _ path: String,
        query: String = "",
        id: String,
        _ headers: [String: String]
    ) -> ServiceRequest {
        let common = ["x-ms-date": Self.date, "x-ms-version": "2019-07-07", "x-ms-client-request-id": id, "host": "h"]
        return ServiceRequest(
            method: method,
            path: path,
            query: query,
            headers: common.merging(headers) { $1 }
        )
    }

    private func signature(_ request: ServiceRequest) -> String? {
        SharedKey.signature(of: request, account: .development)
    }

    @Test func setMetadata() {
        let request = request(
            "PUT",
            Self.blobPath,
            query: "comp=metadata",
            id: "2bd5ddcc-e6b6-11f1-a993-02fc00000001",
            ["if-none-match": "*", "x-ms-meta-ownerid": "me", "content-length": "0"]
        )
        #expect(
            SharedKey.stringToSign(request, account: "devstoreaccount1")
                == "PUT\n\n\n\n\n\n\n\n\n*\n\n\nx-ms-client-request-id:2bd5ddcc-e6b6-11f1-a993-02fc00000001\n"
                + "x-ms-date:Sun, 22 Nov 2026 20:49:11 GMT\nx-ms-meta-ownerid:me\nx-ms-version:2019-07-07\n"
                + "/devstoreaccount1/devstoreaccount1/eph/ns.servicebus.windows.net/hub1/%24default/ownership/0\n"
                + "comp:metadata"
        )
        #expect(signature(request) == "DvYGHD/58PORPAJq1B4l/43XbD7NDvNasYYrGycOOJ4=")
    }

    @Test func putBlob() {
        let request = request(
            "PUT",
            Self.blobPath,
            id: "2bd830b8-e6b6-11f1-a993-02fc00000001",
            [
                "if-none-match": "*", "x-ms-meta-ownerid": "me", "content-length": "0", "x-ms-blob-type": "BlockBlob",
                "content-type": "application/octet-stream",
            ]
        )
        #expect(signature(request) == "0wFymgeK52XAbsNBFgqKnx2ZXPEkKL0ZM05snrk0z1w=")
    }

    @Test func ifMatch() {
        let request = request(
            "PUT",
            Self.blobPath,
            query: "comp=metadata",
            id: "2bd8a9da-e6b6-11f1-a993-02fc00000001",
            ["if-match": "\"0x8DBE5\"", "x-ms-meta-ownerid": "me", "content-length": "0"]
        )
        #expect(signature(request) == "paGPmgnIUyJ0eMN8Vng9tRW52wvpmp8xvjwgFxIEqD4=")
    }

    @Test func list() {
        let request = request(
            "GET",
            "/devstoreaccount1/eph",
            query: "restype=container&comp=list&prefix=ns.servicebus.windows.net%2Fhub1%2F%24default%2Fownership%2F"
                + "&include=metadata",
            id: "2bd920ea-e6b6-11f1-a993-02fc00000001",
            [:]
        )
        #expect(signature(request) == "uxCjg5wtG5dayyzoHFmX4PxIwS9a/KReRGPIr9Zqt9g=")
    }
}
