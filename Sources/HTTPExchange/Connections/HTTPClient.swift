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

package import AMQPTransport

/// Carries requests over HTTP/1.1, plain and over TLS, on connections that are kept open between them.
///
/// It follows no redirection, keeps no cookies, and takes no compressed answers. Connections are closed when the client is
/// let go.
package final class HTTPClient: HTTPTransport {
    package struct Configuration: Sendable {
        /// The largest body of an answer taken in, in bytes.
        package var maximumResponseSize: Int
        /// How many connections there are to one server; further requests wait until one is free.
        package var maximumConnections: Int
        /// How long a connection stays open without a request.
        package var idleLimit: Duration = .seconds(30)
        /// How `https` servers are verified.
        package var tls = TLSConfiguration()

        package init(maximumResponseSize: Int, maximumConnections: Int) {
            self.maximumResponseSize = maximumResponseSize
            self.maximumConnections = maximumConnections
        }
    }

    /// Makes a connection to a server, for use on a loop.
    package typealias Connect = @Sendable (HTTPOrigin, EventLoop) async throws(TransportError) -> any ByteStream

    private let pool: ConnectionPool
    private let limits: ResponseParser.Limits

    /// Makes a client. No connection is made before the first request.
    ///
    /// - Parameters:
    ///   - configuration: Its limits, and how servers are verified.
    ///   - loop: Where its connections are served; nil: on a loop that the process shares.
    ///   - connect: The way to servers; nil: straight to them.
    package init(_ configuration: Configuration, loop: EventLoop? = nil, connect: Connect? = nil) {
        limits = ResponseParser.Limits(body: configuration.maximumResponseSize)
        let way: Connect
        if let connect { way = connect } else { way = Self.straight(tls: configuration.tls) }
        pool = ConnectionPool(
            configuration: configuration,
            loop: loop ?? EventLoopGroup.shared.next(),
            connect: way
        )
    }

    private static func straight(tls: TLSConfiguration) -> Connect {
        { origin, loop throws(TransportError) in
            try await Connector.connect(
                host: origin.host,
                port: origin.port,
                tls: origin.isSecure ? tls : nil,
                on: loop
            )
        }
    }

    deinit {
        pool.loop.execute { [pool] in pool.close() }
    }

    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        guard let url = HTTPURL(request.url) else { throw .invalidURL }
        let pending = try PendingRequest(request, to: url, limits: limits)
        let pool = pool
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                pool.loop.execute {
                    pending.begin(continuation)
                    pool.submit(pending)
                }
            }
        } onCancel: {
            pool.loop.execute { pool.cancel(pending) }
        }
        return try outcome.get()
    }
}
