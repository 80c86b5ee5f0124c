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

/// Signatures that Microsoft's library for Python made with the development account's key, valid until 21:00 unless told
/// otherwise: azure-storage-blob 12.31.1 (`sv=2026-10-06`), 2.1.0 and 1.5.0 (`sv=2019-02-02`, `2018-03-28`).
@Suite("Shared access signatures of the Blob service") struct BlobSharedAccessSignatureTests {
    private let bench = BlobBench()

    private static let everything =
        "se=2026-11-22T21%3A00%3A00Z&sp=rwdlac&sv=2026-10-06&ss=b&srt=sco&sig=gMUjLlVLJPn4PCHWL8NNjYSQACBFAdYgnnqxQxHLajQ%3D"
    private static let readObjects =
        "se=2026-11-22T21%3A00%3A00Z&sp=r&sv=2026-10-06&ss=b&srt=o&sig=TPiY1Lxbucrid9OhANvUHhZjz4Jgv3gMxMdNB6%2Bvd30%3D"
    private static let createObjects =
        "se=2026-11-22T21%3A00%3A00Z&sp=c&sv=2026-10-06&ss=b&srt=o&sig=uWSg2opdcWhNAIsRcOEzQ0oOEFQu3N56r%2BZhjMzp5t8%3D"
    private static let readContainers =
        "se=2026-11-22T21%3A00%3A00Z&sp=r&sv=2026-10-06&ss=b&srt=c&sig=qrzrIJvBFCXosdRtt168lr5YE27EgBflIj4iWwfTNRA%3D"
    private static let https =
        "se=2026-11-22T21%3A00%3A00Z&sp=r&spr=https&sv=2026-10-06&ss=b&srt=o&sig=sZcMVH9EET/j%2BiN2DjPX3QRgj7N%2BeQFD2uVFr/KjeCk%3D"
    /// Until 20:49:11.
    private static let expired =
        "se=2026-11-22T20%3A49%3A11Z&sp=r&sv=2026-10-06&ss=b&srt=o&sig=5W7Ir13zKU7bVbiIz/HM1Aj2O8hHe6WA%2Ba/XLzIiF24%3D"
    /// From 20:49:12.
    private static let future =
        "st=2026-11-22T20%3A49%3A12Z&se=2026-11-22T21%3A00%3A00Z&sp=r&sv=2026-10-06&ss=b&srt=o&sig=mrlUdiTB%2BW/B0GnllH0N5g6/BMigzr7lqJfkmcHVA9o%3D"
    /// From 20:49:11, for 127.0.0.1.
    private static let started =
        "st=2026-11-22T20%3A49%3A11Z&se=2026-11-22T21%3A00%3A00Z&sp=r&sip=127.0.0.1&spr=https%2Chttp&sv=2026-10-06&ss=b&srt=o&sig=nBFav32sg9G4Du8rbFrFNUQ6XstYpFg06KB9Qw%2B8Hx8%3D"
    /// The container `eph`.
    private static let container =
        "se=2026-11-22T21%3A00%3A00Z&sp=racwdl&sv=2026-10-06&sr=c&sig=qoDFQp7b9dmbgJfzeCVC6S3gjLV3T%2Bp0snZvwE6uViM%3D"
    /// The container `eph`, from the 22nd.
    private static let list =
        "st=2026-11-22&se=2026-11-22T21%3A00%3A00Z&sp=l&sv=2026-10-06&sr=c&sig=5Hc%2B0GBcwFzc2DvIJBzBJr4N7qeh9Bj982RpPF2Zvxg%3D"
    /// The blob `eph/a/b c`.
    private static let blob =
        "se=2026-11-22T21%3A00%3A00Z&sp=rw&sv=2026-10-06&sr=b&rsct=text/plain&sig=yN9quWgOLdNG8%2BmiLss7AOPc%2BDEJv5Ahw%2B5unAeVgLU%3D"
    private static let older =
        "se=2026-11-22T21%3A00%3A00Z&sp=l&sv=2019-02-02&sr=c&sig=3NE3Ik8/g1aZP7U2y8s3IRcJDIjmLVuaEKZ0LOTZkGU%3D"
    private static let olderAccount =
        "se=2026-11-22T21%3A00%3A00Z&sp=r&sv=2019-02-02&ss=b&srt=o&sig=/19TkRntXqYpPcyUdVs%2BH7XBc68Yy0p2OwjH1b4SIn0%3D"
    private static let oldest =
        "se=2026-11-22T21%3A00%3A00Z&sp=l&sv=2018-03-28&sr=c&sig=VYh%2BaHKnDHaqLc541s3veX%2BL7hMdlin/4Ir7edCfRyw%3D"
    private static let oldestAccount =
        "se=2026-11-22T21%3A00%3A00Z&sp=r&sv=2018-03-28&ss=b&srt=o&sig=lc359m66ysIZDLe4USRDhYgRVBPw4vGQ/XGW23jHd7o%3D"
    private static let oldestBlob =
        "se=2026-11-22T21%3A00%3A00Z&sp=r&sv=2018-03-28&sr=b&sig=p9RaV2xo8RDjO2md0TlvnNCiw1yF9v6pWMhSAWAqNOk%3D"

    private func send(
        _ method: String,
        _ path: String,
        _ query: String = "",
        signed signature: String,
        _ headers: [String: String] = [:]
    ) -> ServiceResponse {
        bench.send(method, path, query: query.isEmpty ? signature : query + "&" + signature, headers, sign: false)
    }

    private let listing = "restype=container&comp=list"
    private let put = ["x-ms-blob-type": "BlockBlob"]

    @Test("a signature of the account allows what it names")
    func account() {
        bench.expect(send("PUT", "new", "restype=container", signed: Self.everything), 201)
        bench.expect(send("PUT", "new/x", signed: Self.everything, put), 201)
        bench.expect(send("PUT", "new/x", "comp=metadata", signed: Self.everything, ["x-ms-meta-a": "1"]), 200)
        bench.expect(send("GET", "new", listing, signed: Self.everything), 200)
        bench.expect(send("GET", "new/x", signed: Self.everything), 200)
        bench.expect(
            send("PUT", "new/x", "comp=lease", signed: Self.everything, ["x-ms-lease-action": "break"]),
            409,
            "LeaseNotPresentWithLeaseOperation"
        )
        bench.expect(send("DELETE", "new/x", signed: Self.everything), 202)
        bench.expect(send("DELETE", "new", "restype=container", signed: Self.everything), 202)
    }

    @Test("it allows no more: permissions and kinds of resource")
    func limits() {
        bench.put("x")
        bench.expect(send("GET", "eph/x", signed: Self.readObjects), 200)
        for (method, query) in [("PUT", "comp=metadata"), ("PUT", "comp=lease"), ("PUT", ""), ("DELETE", "")] {
            bench.expect(
                send(method, "eph/x", query, signed: Self.readObjects, put),
                403,
                "AuthorizationPermissionMismatch"
            )
        }
        bench.expect(send("GET", "eph", listing, signed: Self.readObjects), 403, "AuthorizationResourceTypeMismatch")
        bench.expect(send("GET", "eph/x", signed: Self.readContainers), 403, "AuthorizationResourceTypeMismatch")
        bench.expect(send("GET", "eph", "restype=container", signed: Self.readContainers), 200)
    }

    @Test("who may only create, may not replace")
    func creating() {
        bench.expect(send("PUT", "eph/x", signed: Self.createObjects, put), 201)
        bench.expect(send("PUT", "eph/x", signed: Self.createObjects, put), 403, "AuthorizationPermissionMismatch")
        bench.expect(
            send("PUT", "eph/x", signed: Self.createObjects, put.merging(["if-none-match": "*"]) { $1 }),
            409,
            "BlobAlreadyExists"
        )
    }

    @Test("times and protocols")
    func times() {
        bench.put("x")
        bench.expect(send("GET", "eph/x", signed: Self.expired), 403, "AuthenticationFailed")
        bench.expect(send("GET", "eph/x", signed: Self.future), 403, "AuthenticationFailed")
        bench.expect(send("GET", "eph/x", signed: Self.started), 200)
        bench.expect(send("GET", "eph/x", signed: Self.https), 403, "AuthorizationProtocolMismatch")
        bench.advance(by: 1)
        bench.expect(send("GET", "eph/x", signed: Self.future), 200)
        // Until 21:00, and no longer.
        bench.advance(by: 647)
        bench.expect(send("GET", "eph/x", signed: Self.readObjects), 200)
        bench.advance(by: 1)
        bench.expect(send("GET", "eph/x", signed: Self.readObjects), 403, "AuthenticationFailed")
    }

    @Test("a signature of a container opens it and its blobs, and no other")
    func containers() {
        bench.send("PUT", "other", query: "restype=container")
        bench.expect(send("GET", "eph", listing, signed: Self.container), 200)
        bench.expect(send("PUT", "eph/x", signed: Self.container, put), 201)
        bench.expect(send("DELETE", "eph/x", signed: Self.container), 202)
        bench.expect(send("GET", "other", listing, signed: Self.container), 403, "AuthenticationFailed")
        bench.expect(send("DELETE", "eph", "restype=container", signed: Self.container), 403, "AuthorizationFailure")
        bench.expect(send("GET", "eph", listing, signed: Self.list), 200)
        bench.expect(send("GET", "eph/x", signed: Self.list), 403, "AuthorizationPermissionMismatch")
    }

    @Test("a signature of a blob opens that blob")
    func blobs() {
        bench.expect(send("PUT", "eph/a/b%20c", signed: Self.blob, put), 201)
        bench.expect(send("GET", "eph/a/b%20c", signed: Self.blob), 200)
        bench.expect(send("GET", "eph/a", signed: Self.blob), 403, "AuthenticationFailed")
        bench.expect(send("GET", "eph", listing, signed: Self.blob), 403, "AuthenticationFailed")
        bench.expect(send("DELETE", "eph/a/b%20c", signed: Self.blob), 403, "AuthorizationPermissionMismatch")
    }

    @Test("older versions sign other texts")
    func versions() {
        bench.put("x")
        bench.expect(send("GET", "eph", listing, signed: Self.older), 200)
        bench.expect(send("GET", "eph", listing, signed: Self.oldest), 200)
        bench.expect(send("GET", "eph/x", signed: Self.olderAccount), 200)
        bench.expect(send("GET", "eph/x", signed: Self.oldestAccount), 200)
        bench.expect(send("GET", "eph/x", signed: Self.oldestBlob), 200)
    }

    @Test(
        "what was changed after signing is refused",
        arguments: [
            ("sp=r", "sp=rw"), ("21%3A00", "22%3A00"), ("srt=o", "srt=sco"), ("ss=b", "ss=bf"),
            ("sv=2026-10-06", "sv=2012-02-12"),
            ("sig=TP", "sig=TQ"), ("sig=TPiY1Lxbucrid9OhANvUHhZjz4Jgv3gMxMdNB6%2Bvd30%3D", "sig=*"),
            ("&sig=", "&nosig="),
        ]
    )
    func forged(original: String, forged: String) {
        bench.put("x")
        let signature = Self.readObjects.replacing(original, with: forged)
        #expect(signature != Self.readObjects)
        bench.expect(send("GET", "eph/x", signed: signature), 403, "AuthenticationFailed")
    }
}
