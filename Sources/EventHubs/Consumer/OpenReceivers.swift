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

internal import Synchronization

/// The receivers of a consumer that somebody still holds: they end with it.
final class OpenReceivers: Sendable {
    private struct Entry {
        weak var receiver: PartitionReceiver?
    }

    private let entries = Mutex<[Entry]>([])

    /// Notes `receiver`.
    func add(_ receiver: PartitionReceiver) {
        entries.withLock { entries in
            entries.removeAll { $0.receiver == nil }
            entries.append(Entry(receiver: receiver))
        }
    }

    /// Ends all of them, without a word to the service.
    func abandon() {
        for receiver in take() { receiver.abandon() }
    }

    /// Ends all of them, politely: their connection goes on.
    func close() async {
        for receiver in take() { await receiver.close() }
    }

    private func take() -> [PartitionReceiver] {
        entries.withLock { entries in
            defer { entries = [] }
            return entries.compactMap(\.receiver)
        }
    }
}
