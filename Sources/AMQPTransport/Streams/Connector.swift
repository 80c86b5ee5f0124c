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

/// Makes connections.
package enum Connector {
    /// Connects to the first address of `host` that answers, and runs the handshakes of TLS and of a WebSocket if asked to,
    /// all within `timeout`. Addresses of both families are tried in turn, a quarter of a second apart (RFC 8305). With a
    /// proxy it is the proxy that is connected to, and that looks up `host`.
    ///
    /// - Throws: `TransportError`; its code is `.cancelled` when the calling task was cancelled.
    package static func connect(
        host: String,
        port: Int,
        tls: TLSConfiguration? = nil,
        webSocket: WebSocketRequest? = nil,
        proxy: ProxyServer? = nil,
        timeout: Duration = .seconds(30),
        on loop: EventLoop
    ) async throws(TransportError) -> any ByteStream {
        let context: TLSContext?
        do {
            context = try tls.map { configuration throws(TransportError) in
                try TLSContext(configuration, role: .client)
            }
        } catch {
            throw error.at(host: host, port: port)
        }
        let attempt = ConnectionAttempt(
            ConnectionPlan(host: host, port: port, proxy: proxy, tls: context, webSocket: webSocket),
            deadline: loop.now.advanced(by: timeout),
            loop: loop
        )
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.execute { attempt.start(continuation) }
            }
        } onCancel: {
            loop.execute { attempt.cancel() }
        }
        return try result.get()
    }
}
