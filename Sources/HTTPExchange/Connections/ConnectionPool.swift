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

/// The connections of one client, by server. Confined to its loop, but for `loop` itself.
final class ConnectionPool: @unchecked Sendable {
    let loop: EventLoop
    private let configuration: HTTPClient.Configuration
    private let connect: HTTPClient.Connect
    /// As many as there are servers that the client was made for.
    private var origins: [HTTPOrigin: OriginConnections] = [:]

    init(configuration: HTTPClient.Configuration, loop: EventLoop, connect: @escaping HTTPClient.Connect) {
        self.configuration = configuration
        self.loop = loop
        self.connect = connect
    }

    func submit(_ request: PendingRequest) {
        loop.assertOnLoop()
        guard !request.isCancelled else {
            request.finish(.failure(.cancelled))
            return
        }
        let connections =
            origins[request.origin]
            ?? OriginConnections(request.origin, configuration: configuration, loop: loop, connect: connect)
        origins[request.origin] = connections
        connections.submit(request)
    }

    func cancel(_ request: PendingRequest) {
        loop.assertOnLoop()
        request.cancel()
        origins[request.origin]?.cancel(request)
    }

    func close() {
        loop.assertOnLoop()
        for connections in origins.values { connections.close() }
        origins = [:]
    }
}
