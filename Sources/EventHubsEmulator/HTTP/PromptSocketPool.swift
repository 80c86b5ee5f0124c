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

import FlyingSocks
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A socket pool whose connections send small packets at once.
///
/// The server writes head and body of a response one by one; without this the body would wait until the client has
/// acknowledged the head, for tens of milliseconds. Connections inherit the option from the listening socket, which is the
/// first to wait in the pool.
struct PromptSocketPool<Base: AsyncSocketPool>: AsyncSocketPool {
    private let base: Base
    private let isPrompt = Flag()

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    init(_ base: Base) {
        self.base = base
    }

    func prepare() async throws {
        try await base.prepare()
    }

    func run() async throws {
        try await base.run()
    }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        if !isPrompt.value.exchange(true, ordering: .relaxed) {
            var isOn: Int32 = 1
            // At worst responses are slow.
            _ = setsockopt(
                socket.file.rawValue,
                Int32(IPPROTO_TCP),
                TCP_NODELAY,
                &isOn,
                socklen_t(MemoryLayout<Int32>.size)
            )
        }
        try await base.suspendSocket(socket, untilReadyFor: events)
    }
}
