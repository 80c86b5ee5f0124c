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

internal import COpenSSL
import Glibc

/// OpenSSL over a blocking socket: what TLS costs at least.
final class BlockingTLS: @unchecked Sendable {
    private let context: OpaquePointer
    private let isServer: Bool

    /// A server with the certificate of the TLS tests.
    static func server() throws(SocketError) -> BlockingTLS {
        let tls = try BlockingTLS(isServer: true)
        guard SSL_CTX_use_certificate_chain_file(tls.context, Self.certificate("server.pem")) == 1,
            SSL_CTX_use_PrivateKey_file(tls.context, Self.certificate("server-key.pem"), SSL_FILETYPE_PEM) == 1
        else { throw SocketError(operation: "read the certificate of the tests", errorNumber: ENOENT) }
        return tls
    }

    /// A client that believes whoever answers: it is on the loopback interface and measures.
    static func client() throws(SocketError) -> BlockingTLS { try BlockingTLS(isServer: false) }

    /// A file of the TLS tests, for those who have to trust the load source.
    static func certificate(_ name: String) -> String { "\(PackageFolder.path)/Fixtures/Certificates/\(name)" }

    private init(isServer: Bool) throws(SocketError) {
        guard let context = SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method()) else {
            throw SocketError(operation: "make a TLS context", errorNumber: ENOMEM)
        }
        self.context = context
        self.isServer = isServer
        _ = copenssl_set_minimum_version(context, TLS1_2_VERSION)
        copenssl_set_default_options(context)
        copenssl_set_partial_writes(context)
        // A server waits for its socket to become readable, so nothing may be read ahead of what it asks for.
        if !isServer { copenssl_set_read_ahead(context, 65_536) }
    }

    deinit { SSL_CTX_free(context) }

    func handshake(over descriptor: Int32) throws(SocketError) -> OpaquePointer {
        guard let session = SSL_new(context) else {
            throw SocketError(operation: "make a session", errorNumber: ENOMEM)
        }
        SSL_set_fd(session, descriptor)
        let status = isServer ? SSL_accept(session) : SSL_connect(session)
        guard status == 1 else {
            SSL_free(session)
            throw SocketError(operation: "shake hands", errorNumber: EPROTO)
        }
        return session
    }

    /// As ``BlockingSocket/receive(into:waiting:)``.
    static func read(
        _ session: OpaquePointer,
        _ descriptor: Int32,
        into space: UnsafeMutableRawBufferPointer,
        waiting: Bool
    ) -> Int? {
        if !waiting, SSL_has_pending(session) == 0 {
            var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, 0) > 0 else { return 0 }
        }
        var count = 0
        return SSL_read_ex(session, space.baseAddress, space.count, &count) == 1 ? count : nil
    }

    /// Bytes written, 0 when the peer is gone.
    static func write(_ session: OpaquePointer, _ bytes: UnsafeRawBufferPointer) -> Int {
        var count = 0
        return SSL_write_ex(session, bytes.baseAddress, bytes.count, &count) == 1 ? count : 0
    }

    static func free(_ session: OpaquePointer) { SSL_free(session) }
}
