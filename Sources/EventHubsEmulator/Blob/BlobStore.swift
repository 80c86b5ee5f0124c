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

import Synchronization

/// How much the Blob part of the emulator holds at most.
package struct BlobLimits: Sendable, Equatable {
    package var maximumContainers = 1_000
    package var maximumBlobs = 100_000
    package var maximumBlobSize = 64 * 1024 * 1024
    package var maximumTotalSize = 512 * 1024 * 1024

    package init() {}
}

/// The containers and blobs of one storage account, in memory.
package final class BlobStore: Sendable {
    struct Blob: Sendable {
        var content: [UInt8]
        var contentType: String
        /// Headers that come back on reads as they were set: encoding, language, MD5, cache control, disposition.
        var contentHeaders: [BlobMetadata.Entry]
        var metadata: BlobMetadata
        var version: BlobVersion
        /// Milliseconds since 1970
        var createdAt: Int64
    }

    struct Container: Sendable {
        var metadata: BlobMetadata
        var version: BlobVersion
        var blobs: [String: Blob] = [:]
    }

    /// The part of a blob that a Put Blob request brings.
    struct Upload: Sendable {
        var content: [UInt8]
        var contentType: String
        var contentHeaders: [BlobMetadata.Entry]
        var metadata: BlobMetadata
    }

    let limits: BlobLimits
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())

    package init(limits: BlobLimits = BlobLimits(), now: @escaping @Sendable () -> Int64) {
        self.limits = limits
        self.now = now
    }

    func createContainer(_ name: String, metadata: BlobMetadata) throws(BlobServiceError) -> BlobVersion {
        try state.withLock { (state) throws(BlobServiceError) in
            guard state.containers[name] == nil else { throw .containerAlreadyExists }
            guard state.containers.count < limits.maximumContainers else { throw .tooMuch }
            let version = state.nextVersion(at: now())
            state.containers[name] = Container(metadata: metadata, version: version)
            return version
        }
    }

    func deleteContainer(_ name: String) throws(BlobServiceError) {
        try state.withLock { (state) throws(BlobServiceError) in
            guard let container = state.containers.removeValue(forKey: name) else { throw .containerNotFound }
            state.blobCount -= container.blobs.count
            state.totalSize -= container.blobs.values.reduce(0) { $0 + $1.content.count }
        }
    }

    func container(_ name: String) throws(BlobServiceError) -> Container {
        try state.withLock { (state) throws(BlobServiceError) in
            guard let container = state.containers[name] else { throw .containerNotFound }
            return container
        }
    }

    func blob(
        _ name: String,
        in containerName: String,
        conditions: BlobConditions
    ) throws(BlobServiceError) -> Blob {
        let blob = try container(containerName).blobs[name]
        guard let blob else { throw .blobNotFound }
        try conditions.check(blob.version, for: .read)
        return blob
    }

    func putBlob(
        _ name: String,
        in containerName: String,
        upload: Upload,
        conditions: BlobConditions
    ) throws(BlobServiceError) -> BlobVersion {
        try state.withLock { (state) throws(BlobServiceError) in
            guard state.containers[containerName] != nil else { throw .containerNotFound }
            let old = state.containers[containerName]?.blobs[name]
            try conditions.check(old?.version, for: .create)
            let size = state.totalSize - (old?.content.count ?? 0) + upload.content.count
            guard size <= limits.maximumTotalSize, old != nil || state.blobCount < limits.maximumBlobs else {
                throw .tooMuch
            }
            let version = state.nextVersion(at: now())
            state.totalSize = size
            state.blobCount += old == nil ? 1 : 0
            state.containers[containerName]?.blobs[name] = Blob(
                content: upload.content,
                contentType: upload.contentType,
                contentHeaders: upload.contentHeaders,
                metadata: upload.metadata,
                version: version,
                createdAt: old?.createdAt ?? version.lastModified
            )
            return version
        }
    }

    /// Replaces all metadata of a blob and keeps its content.
    func setMetadata(
        _ metadata: BlobMetadata,
        of name: String,
        in containerName: String,
        conditions: BlobConditions
    ) throws(BlobServiceError) -> BlobVersion {
        try state.withLock { (state) throws(BlobServiceError) in
            guard state.containers[containerName] != nil else { throw .containerNotFound }
            try conditions.check(state.containers[containerName]?.blobs[name]?.version, for: .write)
            let version = state.nextVersion(at: now())
            state.containers[containerName]?.blobs[name]?.metadata = metadata
            state.containers[containerName]?.blobs[name]?.version = version
            return version
        }
    }

    func deleteBlob(
        _ name: String,
        in containerName: String,
        conditions: BlobConditions
    ) throws(BlobServiceError) {
        try state.withLock { (state) throws(BlobServiceError) in
            guard state.containers[containerName] != nil else { throw .containerNotFound }
            try conditions.check(state.containers[containerName]?.blobs[name]?.version, for: .write)
            let old = state.containers[containerName]?.blobs.removeValue(forKey: name)
            state.blobCount -= 1
            state.totalSize -= old?.content.count ?? 0
        }
    }
}

extension BlobStore {
    private struct State {
        var containers: [String: Container] = [:]
        var blobCount = 0
        var totalSize = 0
        private var lastTag: UInt64 = 0x8DE_0000_0000_0000

        /// A tag never given before.
        mutating func nextVersion(at now: Int64) -> BlobVersion {
            lastTag = max(lastTag + 1, 0x8DE_0000_0000_0000 + UInt64(clamping: now) & 0xFFF_FFFF_FFFF)
            return BlobVersion(tag: "0x" + String(lastTag, radix: 16, uppercase: true), lastModified: now)
        }
    }
}
