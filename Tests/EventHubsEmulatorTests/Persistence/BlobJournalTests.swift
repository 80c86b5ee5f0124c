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

import Foundation
import Testing

@testable import EventHubsEmulator

@Suite("Journal of the blobs")
struct BlobJournalTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func open(compactionSize: Int64 = 1 << 20, at now: Int64 = 1_795_380_551_000) throws -> BlobStore {
        try BlobStore(
            journal: BlobJournal(path: "\(directory.path)/blobs", compactionSize: compactionSize, logger: nil)
        ) { now }
    }

    /// The answer to a request that is signed.
    @discardableResult
    private func send(
        _ method: String,
        _ target: String,
        _ headers: [String: String] = [:],
        body: String = "",
        to store: BlobStore
    ) -> ServiceResponse {
        let now: Int64 = 1_795_380_551_000
        let service = BlobService(store: store, account: .development, now: { now }, nextNumber: { 1 })
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        var request = ServiceRequest(
            method: method,
            path: "/devstoreaccount1/" + parts[0],
            query: parts.count > 1 ? parts[1] : "",
            headers: headers,
            body: Array(body.utf8)
        )
        request.headers["x-ms-date"] = UTCTime(milliseconds: now).http
        request.headers["x-ms-version"] = "2021-12-02"
        request.headers["content-length"] = String(body.utf8.count)
        if let signature = SharedKey.signature(of: request, account: .development) {
            request.headers["authorization"] = "SharedKey devstoreaccount1:\(signature)"
        }
        return service.respond(to: request)
    }

    /// Everything that the store tells of a container, as a client sees it.
    private func contents(_ container: String, of store: BlobStore) -> [String] {
        let listing = send("GET", "\(container)?restype=container&comp=list&include=metadata", to: store)
        let text = String(decoding: listing.body, as: UTF8.self)
        let names = text.split(separator: "<Name>").dropFirst().compactMap { $0.split(separator: "<").first }
        return [text]
            + names.map { name in
                let blob = send("GET", "\(container)/\(name)", to: store)
                return "\(blob.headers.map { "\($0.name): \($0.value)" }) \(String(decoding: blob.body, as: UTF8.self))"
            }
    }

    private func fill(_ store: BlobStore) {
        send("PUT", "leases?restype=container", ["x-ms-meta-of": "tests"], to: store)
        send("PUT", "gone?restype=container", to: store)
        for name in ["ns/hub/0", "ns/hub/1", "ns/hub/2"] {
            send(
                "PUT",
                "leases/\(name)",
                [
                    "x-ms-blob-type": "BlockBlob", "x-ms-meta-ownerid": "h\u{F6}st",
                    "x-ms-blob-content-type": "text/plain",
                    "x-ms-blob-content-encoding": "identity",
                ],
                body: "content of \(name)",
                to: store
            )
        }
        send("PUT", "leases/ns/hub/1?comp=metadata", ["x-ms-meta-ownerid": "other"], to: store)
        send("DELETE", "leases/ns/hub/2", to: store)
        send("DELETE", "gone?restype=container", to: store)
    }

    @Test("containers, blobs, contents, metadata, tags and times are there again")
    func roundTrip() throws {
        var store = try open()
        fill(store)
        let before = contents("leases", of: store)
        #expect(before.count == 3)
        store.close()
        store = try open(at: 1_999_999_999_000)
        #expect(contents("leases", of: store) == before)
        #expect(send("HEAD", "leases?restype=container", to: store).header("x-ms-meta-of") == "tests")
        #expect(send("HEAD", "gone?restype=container", to: store).status == 404)
    }

    @Test("leases are there again, and run out as they would have")
    func leases() throws {
        let id = "aaaaaaaa-0000-4000-8000-00000000000a"
        var store = try open()
        fill(store)
        let acquired = send(
            "PUT",
            "leases/ns/hub/0?comp=lease",
            ["x-ms-lease-action": "acquire", "x-ms-lease-duration": "60", "x-ms-proposed-lease-id": id],
            to: store
        )
        #expect(acquired.status == 201)
        let before = contents("leases", of: store)
        store.close()
        store = try open(at: 1_795_380_551_000 + 59_999)
        #expect(contents("leases", of: store) == before)
        let write = { send("PUT", "leases/ns/hub/0?comp=metadata", to: store).header("x-ms-error-code") }
        #expect(write() == "LeaseIdMissing")
        store.close()
        store = try open(at: 1_795_380_551_000 + 60_000)
        #expect(write() == nil)
    }

    @Test("every property of a blob and of a container is written")
    func complete() throws {
        let store = try open()
        fill(store)
        let container = try store.container("leases")
        let blob = try #require(container.blobs["ns/hub/1"])
        func written(_ value: some Encodable) throws -> Set<String> {
            let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
            return Set((object as? [String: Any] ?? [:]).keys)
        }
        #expect(try written(blob).union(["content"]) == Set(Mirror(reflecting: blob).children.compactMap(\.label)))
        #expect(
            try written(container).union(["blobs"]) == Set(Mirror(reflecting: container).children.compactMap(\.label))
        )
    }

    @Test("a journal that has grown is written anew, with what is live and the tags that were given")
    func compaction() throws {
        var store = try open(compactionSize: 2_000)
        fill(store)
        for round in 0..<200 {
            send("PUT", "leases/ns/hub/0?comp=metadata", ["x-ms-meta-round": "\(round)"], to: store)
        }
        send("PUT", "leases/last", ["x-ms-blob-type": "BlockBlob"], to: store)
        let lastTag = try #require(send("HEAD", "leases/last", to: store).header("etag"))
        send("DELETE", "leases/last", to: store)
        let size = try directory.read("blobs").count
        #expect(size < 5_000, "200 changes took \(size) bytes")
        store.close()
        // The first change finds the journal due: the tag of the blob that is gone has to count on.
        store = try open(compactionSize: 1)
        send("DELETE", "leases/ns/hub/1", to: store)
        let before = contents("leases", of: store)
        store.close()
        store = try open(at: 0)
        #expect(contents("leases", of: store) == before)
        send("PUT", "leases/last", ["x-ms-blob-type": "BlockBlob"], to: store)
        let nextTag = try #require(send("HEAD", "leases/last", to: store).header("etag"))
        #expect(nextTag > lastTag)
        #expect(try directory.names() == ["blobs"])
    }

    @Test("a last change that a crash cut short is cut off, wherever that was")
    func tornTail() throws {
        var store = try open()
        fill(store)
        let before = contents("leases", of: store)
        let whole = try directory.read("blobs")
        send("PUT", "leases/late", ["x-ms-blob-type": "BlockBlob"], body: "late", to: store)
        store.close()
        let file = try directory.read("blobs")
        for length in whole.count..<file.count {
            try directory.write(file[..<length], to: "blobs")
            store = try open()
            #expect(contents("leases", of: store) == before)
            store.close()
            #expect(try directory.read("blobs") == whole)
        }
        for length in 0..<8 {
            try directory.write(file[..<length], to: "blobs")
            store = try open()
            #expect(send("HEAD", "leases?restype=container", to: store).status == 404)
            store.close()
        }
    }

    @Test("damage is an error, also a record that is no change")
    func damage() throws {
        var store = try open()
        fill(store)
        store.close()
        let file = try directory.read("blobs")
        var damaged = file
        damaged[file.count / 2] ^= 1
        for bytes in [damaged, Array("EHEMUB02".utf8) + file.dropFirst(8)] {
            try directory.write(bytes, to: "blobs")
            let error = #expect(throws: EmulatorError.self) { try open() }
            #expect(error?.code == .dataDirectoryDamaged)
        }
        for payload in [
            "", "xyz", "\u{2}\0\0\0{}", "\u{9}\0\0\0{}", "\u{7}\0\0\0{\"a\":1}", "\u{10}\0\0\0{\"blob\":\"x\"}     ",
        ] {
            let bytes = Array(payload.utf8)
            let record = bytes.withUnsafeBytes { RecordFile.header(of: [$0]) } + bytes
            try directory.write(file + record, to: "blobs")
            #expect(throws: EmulatorError.self) { try open() }
        }
        try directory.write(file, to: "blobs")
        store = try open()
        #expect(contents("leases", of: store).count == 3)
    }

    @Test("what cannot be written is refused, and nothing changes")
    func refused() throws {
        let store = try open()
        fill(store)
        let before = contents("leases", of: store)
        store.close()
        let response = send("PUT", "leases/late", ["x-ms-blob-type": "BlockBlob"], to: store)
        #expect(response.status == 500)
        #expect(response.header("x-ms-error-code") == "InternalError")
        #expect(contents("leases", of: store) == before)
    }
}
