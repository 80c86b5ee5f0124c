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

/// One step from a state of the Blob part to the next. The store applies each in memory, and has it in its journal before.
enum BlobChange: Sendable {
    /// A container was made or changed; the blobs in it stay.
    case container(String, BlobStore.Container)
    case noContainer(String)
    /// A blob was made or changed: this is all of it.
    case blob(String, in: String, BlobStore.Blob)
    case noBlob(String, in: String)
    /// The highest ETag given so far, of blobs that may be gone.
    case highestTag(UInt64)
}

extension BlobChange {
    /// The parts that are written as JSON; what a blob holds goes behind them as it is.
    private struct Description: Codable {
        var container: String?
        var blob: String?
        var containerState: BlobStore.Container?
        var blobState: BlobStore.Blob?
        var highestTag: UInt64?
    }

    /// The change as a payload of the journal: the length of a JSON text (4 bytes), the text, the content of a blob.
    func encoded() throws(EmulatorError) -> [UInt8] {
        var description = Description()
        var content: [UInt8] = []
        switch self {
        case .container(let name, let container):
            description.container = name
            description.containerState = container
        case .noContainer(let name):
            description.container = name
        case .blob(let name, let container, let blob):
            description.container = container
            description.blob = name
            description.blobState = blob
            content = blob.content
        case .noBlob(let name, let container):
            description.container = container
            description.blob = name
        case .highestTag(let tag):
            description.highestTag = tag
        }
        do {
            let text = try JSONEncoder().encode(description)
            return RecordFile.littleEndian(UInt32(text.count)) + text + content
        } catch {
            throw EmulatorError(.dataDirectoryFailed, "a change of a blob cannot be written: \(error)")
        }
    }

    /// Nil when the payload is no change.
    init?(decoding payload: [UInt8]) {
        guard payload.count >= 4 else { return nil }
        let length = Int(RecordFile.number(payload[0..<4], as: UInt32.self))
        guard length <= payload.count - 4,
            let description = try? JSONDecoder().decode(Description.self, from: Data(payload[4..<4 + length]))
        else { return nil }
        switch (description.container, description.blob, description.highestTag) {
        case (let container?, let name?, nil):
            if var blob = description.blobState {
                blob.content = Array(payload[(4 + length)...])
                self = .blob(name, in: container, blob)
            } else {
                self = .noBlob(name, in: container)
            }
        case (let name?, nil, nil):
            self = description.containerState.map { .container(name, $0) } ?? .noContainer(name)
        case (nil, nil, let tag?):
            self = .highestTag(tag)
        default:
            return nil
        }
    }
}
