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

/// The containers and blobs of one storage account, in memory, and in a journal if there is one.
package final class BlobStore: Sendable {
    struct Blob: Sendable, Codable {
        /// Written beside the other properties, which are coded.
        var content: [UInt8] = []
        var contentType: String
        /// Headers that come back on reads as they were set: encoding, language, MD5, cache control, disposition.
        var contentHeaders: [BlobMetadata.Entry]
        var metadata: BlobMetadata
        var version: BlobVersion
        /// Milliseconds since 1970
        var createdAt: Int64
        var lease = BlobLease()

        private enum CodingKeys: String, CodingKey {
            case contentType, contentHeaders, metadata, version, createdAt, lease
        }
    }

    struct Container: Sendable, Codable {
        var metadata: BlobMetadata
        var version: BlobVersion
        /// Written on their own.
        var blobs: [String: Blob] = [:]

        private enum CodingKeys: String, CodingKey {
            case metadata, version
        }
    }

    /// The part of a blob that a Put Blob request brings.
    struct Upload: Sendable {
        var content: [UInt8]
        var contentType: String
        var contentHeaders: [BlobMetadata.Entry]
        var metadata: BlobMetadata
        /// Whether a blob that is there already may be replaced.
        var mayReplace: Bool
    }

    /// What a request needs to be carried out at all: the state of the blob, and its lease.
    struct Requirements {
        let conditions: BlobConditions
        /// The lease that the request is made under.
        let leaseID: String?

        init(_ request: ServiceRequest) throws(BlobServiceError) {
            conditions = try BlobConditions(request)
            leaseID = try BlobLeaseAction.identifier("x-ms-lease-id", of: request)
        }

        /// Checks them against a blob, nil when it is missing.
        func check(_ blob: Blob?, for purpose: BlobConditions.Purpose, at now: Int64) throws(BlobServiceError) {
            try conditions.check(blob?.version, for: purpose)
            try (blob?.lease ?? BlobLease()).check(leaseID, for: purpose == .read ? .read : .write, at: now)
        }
    }

    let limits: BlobLimits
    private let now: @Sendable () -> Int64
    private let state: Mutex<State>

    /// An empty account in memory.
    package init(limits: BlobLimits = BlobLimits(), now: @escaping @Sendable () -> Int64) {
        self.limits = limits
        self.now = now
        state = Mutex(State())
    }

    /// An account with what the journal holds; what changes goes there first.
    init(limits: BlobLimits = BlobLimits(), journal: sending BlobJournal, now: @escaping @Sendable () -> Int64)
        throws(EmulatorError)
    {
        self.limits = limits
        self.now = now
        state = Mutex(try State(journal))
    }

    /// Lets go of the journal; there is no changing an account that has one from then on.
    func close() {
        state.withLock { $0.journal?.close() }
    }

    func createContainer(_ name: String, metadata: BlobMetadata) throws(BlobServiceError) -> BlobVersion {
        try state.withLock { (state) throws(BlobServiceError) in
            guard state.containers[name] == nil else { throw .containerAlreadyExists }
            guard state.containers.count < limits.maximumContainers else { throw .tooMuch }
            let version = state.nextVersion(at: now())
            try state.keep(.container(name, Container(metadata: metadata, version: version)))
            return version
        }
    }

    func deleteContainer(_ name: String) throws(BlobServiceError) {
        try state.withLock { (state) throws(BlobServiceError) in
            guard state.containers[name] != nil else { throw .containerNotFound }
            try state.keep(.noContainer(name))
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
        requirements: Requirements
    ) throws(BlobServiceError) -> Blob {
        let blob = try container(containerName).blobs[name]
        guard let blob else { throw .blobNotFound }
        try requirements.check(blob, for: .read, at: now())
        return blob
    }

    func putBlob(
        _ name: String,
        in containerName: String,
        upload: Upload,
        requirements: Requirements
    ) throws(BlobServiceError) -> BlobVersion {
        try state.withLock { (state) throws(BlobServiceError) in
            guard state.containers[containerName] != nil else { throw .containerNotFound }
            let old = state.containers[containerName]?.blobs[name]
            let now = now()
            try requirements.check(old, for: .create, at: now)
            guard old == nil || upload.mayReplace else { throw .permissionMismatch }
            let size = state.totalSize - (old?.content.count ?? 0) + upload.content.count
            guard size <= limits.maximumTotalSize, old != nil || state.blobCount < limits.maximumBlobs else {
                throw .tooMuch
            }
            let version = state.nextVersion(at: now)
            var blob = Blob(
                content: upload.content,
                contentType: upload.contentType,
                contentHeaders: upload.contentHeaders,
                metadata: upload.metadata,
                version: version,
                createdAt: old?.createdAt ?? version.lastModified,
                lease: old?.lease ?? BlobLease()
            )
            blob.lease.written(at: now)
            try state.keep(.blob(name, in: containerName, blob))
            return version
        }
    }

    /// Replaces all metadata of a blob and keeps its content.
    func setMetadata(
        _ metadata: BlobMetadata,
        of name: String,
        in containerName: String,
        requirements: Requirements
    ) throws(BlobServiceError) -> BlobVersion {
        try state.withLock { (state) throws(BlobServiceError) in
            guard state.containers[containerName] != nil else { throw .containerNotFound }
            let now = now()
            let old = state.containers[containerName]?.blobs[name]
            try requirements.check(old, for: .write, at: now)
            guard var blob = old else { throw .blobNotFound }
            blob.metadata = metadata
            blob.version = state.nextVersion(at: now)
            blob.lease.written(at: now)
            try state.keep(.blob(name, in: containerName, blob))
            return blob.version
        }
    }

    func deleteBlob(
        _ name: String,
        in containerName: String,
        requirements: Requirements
    ) throws(BlobServiceError) {
        try state.withLock { (state) throws(BlobServiceError) in
            guard state.containers[containerName] != nil else { throw .containerNotFound }
            try requirements.check(state.containers[containerName]?.blobs[name], for: .write, at: now())
            try state.keep(.noBlob(name, in: containerName))
        }
    }

    /// Acquires, renews, changes, releases or breaks the lease of a blob. The blob's version stays.
    func lease(
        _ name: String,
        in containerName: String,
        action: BlobLeaseAction,
        conditions: BlobConditions
    ) throws(BlobServiceError) -> (version: BlobVersion, status: Int, headers: [(name: String, value: String)]) {
        try state.withLock { (state) throws(BlobServiceError) in
            guard state.containers[containerName] != nil else { throw .containerNotFound }
            guard var blob = state.containers[containerName]?.blobs[name] else { throw .blobNotFound }
            try conditions.check(blob.version, for: .write)
            let (status, headers) = try action.perform(on: &blob.lease, at: now())
            try state.keep(.blob(name, in: containerName, blob))
            return (blob.version, status, headers)
        }
    }
}

extension BlobStore {
    private struct State {
        var containers: [String: Container] = [:]
        var blobCount = 0
        var totalSize = 0
        /// Nil: the account is in memory only.
        let journal: BlobJournal?
        private var lastTag: UInt64 = 0x8DE_0000_0000_0000

        init() {
            journal = nil
        }

        /// The state that a journal tells of.
        init(_ journal: BlobJournal) throws(EmulatorError) {
            self.journal = journal
            var changes = State()
            try journal.load { changes.apply($0) }
            (containers, blobCount, totalSize) = (changes.containers, changes.blobCount, changes.totalSize)
            lastTag = changes.lastTag
        }

        /// A tag never given before.
        mutating func nextVersion(at now: Int64) -> BlobVersion {
            lastTag = max(lastTag + 1, 0x8DE_0000_0000_0000 + UInt64(clamping: now) & 0xFFF_FFFF_FFFF)
            return BlobVersion(tag: Self.tagPrefix + String(lastTag, radix: 16, uppercase: true), lastModified: now)
        }

        private static let tagPrefix = "0x"

        /// Makes a change, in the journal first: every change of the state goes this way.
        mutating func keep(_ change: BlobChange) throws(BlobServiceError) {
            if let journal {
                do throws(EmulatorError) {
                    try journal.append(change)
                } catch {
                    throw .notStored(error)
                }
            }
            apply(change)
            if let journal, journal.isDueForCompaction { journal.compact(changes) }
        }

        private mutating func apply(_ change: BlobChange) {
            switch change {
            case .container(let name, var container):
                container.blobs = containers[name]?.blobs ?? [:]
                containers[name] = container
                given(container.version)
            case .noContainer(let name):
                for blob in (containers.removeValue(forKey: name)?.blobs ?? [:]).values { forget(blob) }
            case .blob(let name, let container, let blob):
                if let old = containers[container]?.blobs[name] { forget(old) }
                blobCount += 1
                totalSize += blob.content.count
                containers[container]?.blobs[name] = blob
                given(blob.version)
            case .noBlob(let name, let container):
                if let old = containers[container]?.blobs.removeValue(forKey: name) { forget(old) }
            case .highestTag(let tag):
                lastTag = max(lastTag, tag)
            }
        }

        private mutating func forget(_ blob: Blob) {
            blobCount -= 1
            totalSize -= blob.content.count
        }

        private mutating func given(_ version: BlobVersion) {
            lastTag = max(lastTag, UInt64(version.tag.dropFirst(Self.tagPrefix.count), radix: 16) ?? 0)
        }

        /// What leads from an empty state to this one.
        private var changes: some Sequence<BlobChange> {
            [.highestTag(lastTag)]
                + containers.lazy.flatMap { name, container in
                    [.container(name, container)] + container.blobs.map { .blob($0, in: name, $1) }
                }
        }
    }
}
