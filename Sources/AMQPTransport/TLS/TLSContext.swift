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

import COpenSSL

/// Certificates, keys and rules for many sessions. Immutable once made.
@safe
package final class TLSContext: @unchecked Sendable {
    enum Role: Sendable {
        case client
        case server
    }

    let role: Role
    let configuration: TLSConfiguration
    private let pointer: OpaquePointer

    /// Reads the files that the configuration names.
    init(_ configuration: TLSConfiguration, role: Role) throws(TransportError) {
        ERR_clear_error()
        guard let pointer = unsafe SSL_CTX_new(role == .client ? TLS_client_method() : TLS_server_method()) else {
            throw Self.failure("cannot make a TLS context")
        }
        unsafe self.pointer = unsafe pointer
        self.role = role
        self.configuration = configuration
        _ = unsafe copenssl_set_minimum_version(pointer, TLS1_2_VERSION)
        unsafe copenssl_set_partial_writes(pointer)
        unsafe copenssl_set_read_ahead(pointer, 65_536)
        unsafe copenssl_set_default_options(pointer)
        try setCertificate()
        try setVerification()
    }

    deinit {
        unsafe SSL_CTX_free(pointer)
    }

    /// A new session on a connected descriptor, for the peer `host` (nil on a server).
    func makeSession(descriptor: Int32, host: String?) throws(TransportError) -> TLSSession {
        ERR_clear_error()
        guard let session = unsafe SSL_new(pointer) else { throw Self.failure("cannot make a TLS session") }
        let owner = unsafe TLSSession(owning: session)
        guard unsafe SSL_set_fd(session, descriptor) == 1 else { throw Self.failure("cannot use the socket") }
        switch role {
        case .server:
            unsafe SSL_set_accept_state(session)
        case .client:
            unsafe SSL_set_connect_state(session)
            try unsafe expect(configuration.serverName ?? host ?? "", of: session)
        }
        return owner
    }

    /// Sends the name and demands a certificate for it.
    private func expect(_ name: String, of session: OpaquePointer) throws(TransportError) {
        // A trailing dot means the root of the DNS; certificates do not have it.
        let name = name.hasSuffix(".") ? String(name.dropLast()) : name
        let parameters = unsafe SSL_get0_param(session)
        if unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1 { return }
        ERR_clear_error()
        guard !name.isEmpty, unsafe copenssl_set_server_name(session, name) == 1 else {
            throw Self.failure("not a server name: \(name)")
        }
        guard configuration.verification == .full else { return }
        unsafe SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        guard unsafe SSL_set1_host(session, name) == 1 else { throw Self.failure("not a server name: \(name)") }
    }

    private func setCertificate() throws(TransportError) {
        guard let chain = configuration.certificateChainFile else {
            if role == .server { throw Self.failure("a server needs a certificate") }
            return
        }
        guard let key = configuration.privateKeyFile else { throw Self.failure("the certificate has no key file") }
        guard unsafe SSL_CTX_use_certificate_chain_file(pointer, chain) == 1 else {
            throw Self.failure("cannot read the certificate chain in \(chain)")
        }
        guard unsafe SSL_CTX_use_PrivateKey_file(pointer, key, SSL_FILETYPE_PEM) == 1 else {
            throw Self.failure("cannot read the private key in \(key)")
        }
        guard unsafe SSL_CTX_check_private_key(pointer) == 1 else {
            throw Self.failure("the key in \(key) is not the key of the certificate in \(chain)")
        }
    }

    private func setVerification() throws(TransportError) {
        var mode = SSL_VERIFY_NONE
        switch role {
        case .client:
            if configuration.verification == .full { mode = SSL_VERIFY_PEER }
        case .server:
            switch configuration.clientCertificates {
            case .ignored: break
            case .requested: mode = SSL_VERIFY_PEER
            case .required: mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
            }
            let identity: [UInt8] = Array("swift-event-hubs".utf8)
            _ = unsafe SSL_CTX_set_session_id_context(pointer, identity, UInt32(identity.count))
        }
        unsafe SSL_CTX_set_verify(pointer, mode, nil)
        guard mode != SSL_VERIFY_NONE else { return }
        switch configuration.trustedCertificates {
        case .system:
            guard unsafe SSL_CTX_set_default_verify_paths(pointer) == 1 else {
                throw Self.failure("cannot read the system's certificates")
            }
        case .file(let path):
            guard unsafe SSL_CTX_load_verify_file(pointer, path) == 1 else {
                throw Self.failure("cannot read the trusted certificates in \(path)")
            }
        }
    }

    private static func failure(_ text: String) -> TransportError {
        let reason = TLSFailure.reason().map { "\(text): \($0)" } ?? text
        return TransportError(code: .invalidConfiguration, operation: .configure, reason: reason)
    }
}
