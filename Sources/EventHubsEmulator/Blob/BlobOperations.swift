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

/// The requests that name a blob.
struct BlobOperations {
    let store: BlobStore
    let container: String
    let name: String
    /// Whether a blob that is there already may be replaced.
    let mayReplace: Bool
    let now: Int64
    let makeLeaseID: () -> String

    func perform(_ request: ServiceRequest) throws(BlobServiceError) -> ServiceResponse {
        switch (request.method, request.parameter("comp")?.lowercased()) {
        case ("PUT", nil):
            return try put(request)
        case ("PUT", "metadata"):
            let version = try store.setMetadata(
                BlobMetadata(checking: request.metadata),
                of: name,
                in: container,
                requirements: BlobStore.Requirements(request)
            )
            return ServiceResponse(
                status: 200,
                headers: version.headers + [("x-ms-request-server-encrypted", "false")]
            )
        case ("PUT", "lease"):
            let (version, status, headers) = try store.lease(
                name,
                in: container,
                action: BlobLeaseAction(request, makeID: makeLeaseID),
                conditions: BlobConditions(request)
            )
            return ServiceResponse(status: status, headers: version.headers + headers)
        case ("GET", nil):
            return try get(request)
        case ("HEAD", nil):
            let blob = try blob(request)
            return ServiceResponse(status: 200, headers: headers(of: blob) + [length(blob.content.count)])
        case ("GET", "metadata"), ("HEAD", "metadata"):
            let blob = try blob(request)
            return ServiceResponse(status: 200, headers: blob.version.headers + blob.metadata.headers)
        case ("DELETE", nil):
            try store.deleteBlob(name, in: container, requirements: BlobStore.Requirements(request))
            return ServiceResponse(status: 202, headers: [("x-ms-delete-type-permanent", "true")])
        default:
            throw .notImplemented
        }
    }

    private func put(_ request: ServiceRequest) throws(BlobServiceError) -> ServiceResponse {
        guard try request.required("x-ms-blob-type").lowercased() == "blockblob" else {
            throw BlobServiceError(400, .invalidBlobType, "The emulator holds block blobs only.")
        }
        let upload = BlobStore.Upload(
            content: request.body,
            contentType: request.header("x-ms-blob-content-type") ?? request.header("content-type")
                ?? "application/octet-stream",
            contentHeaders: Self.contentHeaders(of: request),
            metadata: try BlobMetadata(checking: request.metadata),
            mayReplace: mayReplace
        )
        let version = try store.putBlob(
            name,
            in: container,
            upload: upload,
            requirements: BlobStore.Requirements(request)
        )
        return ServiceResponse(status: 201, headers: version.headers + [("x-ms-request-server-encrypted", "false")])
    }

    private func get(_ request: ServiceRequest) throws(BlobServiceError) -> ServiceResponse {
        let blob = try blob(request)
        guard let text = request.header("x-ms-range") ?? request.header("range") else {
            return ServiceResponse(status: 200, headers: headers(of: blob), body: blob.content)
        }
        guard let range = Self.range(text, of: blob.content.count) else {
            throw BlobServiceError(
                416,
                .invalidRange,
                "The range specified is invalid for the current size of the resource."
            )
        }
        let place = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(blob.content.count)"
        return ServiceResponse(
            status: 206,
            headers: headers(of: blob) + [("Content-Range", place)],
            body: Array(blob.content[range])
        )
    }

    private func blob(_ request: ServiceRequest) throws(BlobServiceError) -> BlobStore.Blob {
        try store.blob(name, in: container, requirements: BlobStore.Requirements(request))
    }

    private func headers(of blob: BlobStore.Blob) -> [(name: String, value: String)] {
        blob.version.headers + blob.metadata.headers + blob.contentHeaders.map { ($0.name, $0.value) } + [
            ("Content-Type", blob.contentType), ("Accept-Ranges", "bytes"), ("x-ms-blob-type", "BlockBlob"),
            ("x-ms-creation-time", UTCTime(milliseconds: blob.createdAt).http), ("x-ms-server-encrypted", "false"),
        ] + blob.lease.headers(at: now)
    }

    private func length(_ count: Int) -> (name: String, value: String) {
        ("Content-Length", String(count))
    }

    private static func contentHeaders(of request: ServiceRequest) -> [BlobMetadata.Entry] {
        ["Content-Encoding", "Content-Language", "Content-MD5", "Cache-Control", "Content-Disposition"].compactMap {
            name in
            let plain =
                name == "Cache-Control" || name == "Content-Disposition" ? nil : request.header(name.lowercased())
            let value = request.header("x-ms-blob-\(name.lowercased())") ?? plain
            return value.map { BlobMetadata.Entry(name: name, value: $0) }
        }
    }

    /// `bytes=a-b` or `bytes=a-`; nil when nothing of it lies in the blob.
    private static func range(_ text: String, of count: Int) -> Range<Int>? {
        guard text.lowercased().hasPrefix("bytes=") else { return nil }
        let bounds = text.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard bounds.count == 2, let first = Int(bounds[0]), first >= 0, first < count else { return nil }
        guard !bounds[1].isEmpty else { return first..<count }
        guard let last = Int(bounds[1]), last >= first else { return nil }
        return first..<min(last, count - 1) + 1
    }
}
