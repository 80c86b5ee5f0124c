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

import AMQPTransport
import Synchronization

/// A listener whose accepted streams can be waited for, one by one.
final class Server: Sendable {
    private struct State {
        var accepted: [any ByteStream] = []
        var waiters: [CheckedContinuation<any ByteStream, Never>] = []
    }

    let listener: Listener
    private let state = Mutex(State())

    var port: Int { listener.localPort }

    init(
        host: String = "127.0.0.1",
        tls: TLSConfiguration? = nil,
        webSockets: WebSocketService? = nil,
        limits: Listener.Limits = .init(),
        on loop: EventLoop = EventLoopGroup.shared.next()
    ) async throws {
        listener = try await Listener.bind(
            host: host,
            port: 0,
            tls: tls,
            webSockets: webSockets,
            limits: limits,
            on: loop
        )
        listener.start { [self] stream in
            let waiter = state.withLock { state in
                if state.waiters.isEmpty {
                    state.accepted.append(stream)
                    return nil as CheckedContinuation<any ByteStream, Never>?
                }
                return state.waiters.removeFirst()
            }
            waiter?.resume(returning: stream)
        }
    }

    func accept() async -> any ByteStream {
        await withCheckedContinuation { continuation in
            let stream = state.withLock { state in
                if state.accepted.isEmpty {
                    state.waiters.append(continuation)
                    return nil as (any ByteStream)?
                }
                return state.accepted.removeFirst()
            }
            if let stream { continuation.resume(returning: stream) }
        }
    }
}
