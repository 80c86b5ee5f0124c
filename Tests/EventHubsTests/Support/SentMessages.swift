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

import EventHubs
import Synchronization

/// Messages in the order they were sent.
final class SentMessages: Sendable {
    private let list = Mutex<[Message]>([])

    var messages: [Message] { list.withLock { $0 } }

    func append(_ message: Message) { list.withLock { $0.append(message) } }
}
