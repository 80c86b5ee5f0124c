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
import Synchronization
import Testing

/// A Blob service with the container `eph`, whose clock is set by hand, and a client that signs.
struct BlobBench {
    /// Whose bearer tokens the service takes.
    let issuer = TokenIssuer(key: String(repeating: "k", count: 32))
    let store: BlobStore
    private let service: BlobService
    private let time: Counter

    private final class Counter: Sendable {
        let value: Atomic<Int>
        init(_ start: Int = 0) { value = Atomic(start) }
    }

    /// It is Sunday, 22 November 2026, 20:49:11.
    init() {
        let numbers = Counter()
        let time = Counter(1_795_380_551_000)
        self.time = time
        store = BlobStore { Int64(time.value.load(ordering: .relaxed)) }
        service = BlobService(
            store: store,
            account: .development,
            issuer: issuer,
            now: { Int64(time.value.load(ordering: .relaxed)) },
            nextNumber: { UInt64(numbers.value.add(1, ordering: .relaxed).newValue) }
        )
        send("PUT", "eph", query: "restype=container")
    }

    func advance(by seconds: Int) {
        time.value.add(seconds * 1_000, ordering: .relaxed)
    }

    /// Sends a request, signed by the account's key unless told otherwise.
    @discardableResult
    func send(
        _ method: String,
        _ path: String,
        query: String = "",
        _ headers: [String: String] = [:],
        body: String = "",
        sign: Bool = true
    ) -> ServiceResponse {
        let now = UTCTime(milliseconds: Int64(time.value.load(ordering: .relaxed))).http
        var request = ServiceRequest(
            method: method,
            path: "/devstoreaccount1/" + path,
            query: query,
            headers: headers.merging(["x-ms-date": now, "x-ms-version": "2021-12-02"]) { first, _ in first },
            body: Array(body.utf8)
        )
        request.headers["content-length"] = String(body.utf8.count)
        if sign, let signature = SharedKey.signature(of: request, account: .development) {
            request.headers["authorization"] = "SharedKey devstoreaccount1:\(signature)"
        }
        return service.respond(to: request)
    }

    @discardableResult
    func put(_ name: String, _ headers: [String: String] = [:], body: String = "") -> ServiceResponse {
        send("PUT", "eph/" + name, headers.merging(["x-ms-blob-type": "BlockBlob"]) { first, _ in first }, body: body)
    }

    func text(_ response: ServiceResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    func expect(
        _ response: ServiceResponse,
        _ status: Int,
        _ code: String? = nil,
        _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(response.status == status, sourceLocation: location)
        #expect(response.header("x-ms-error-code") == code, sourceLocation: location)
    }
}
