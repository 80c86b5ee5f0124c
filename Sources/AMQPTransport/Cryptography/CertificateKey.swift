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

/// A certificate and its RSA key, read from PEM: signs what others check with the certificate. Immutable once made.
@safe
package final class CertificateKey: @unchecked Sendable {
    /// Why there is no key, or no signature.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String

        init(_ text: String) {
            description = TLSFailure.reason().map { "\(text): \($0)" } ?? text
        }
    }

    /// The SHA-256 digest of the certificate's DER encoding.
    package let thumbprint: [UInt8]
    private let key: OpaquePointer

    /// The longest PEM text that is looked at.
    private static let maximumLength = 1 << 20

    /// Reads the first private key and the first certificate of a PEM text; they may come in any order.
    ///
    /// - Parameters:
    ///   - pem: The text.
    ///   - password: Opens the key, if it is encrypted.
    /// - Throws: What is wrong with the text.
    package init(pem: [UInt8], password: String?) throws(Failure) {
        ERR_clear_error()
        guard pem.count <= Self.maximumLength else { throw Failure("it is larger than \(Self.maximumLength) bytes") }
        let certificate = try unsafe Self.certificate(in: pem)
        defer { unsafe X509_free(certificate) }
        let key = try unsafe Self.privateKey(in: pem, password: password)
        unsafe self.key = unsafe key
        thumbprint = unsafe Self.digest(of: certificate)
        guard unsafe EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else { throw Failure("its private key is no RSA key") }
        guard unsafe X509_check_private_key(certificate, key) == 1 else {
            throw Failure("its private key is not the key of its first certificate")
        }
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    /// The signature `PS256` of RFC 7518: RSASSA-PSS with SHA-256, a salt as long as the digest.
    package func signPS256(_ data: [UInt8]) throws(Failure) -> [UInt8] {
        ERR_clear_error()
        guard let context = unsafe EVP_MD_CTX_new() else { throw Failure("cannot sign") }
        defer { unsafe EVP_MD_CTX_free(context) }
        var parameters: OpaquePointer?
        guard unsafe EVP_DigestSignInit(context, &parameters, EVP_sha256(), nil, key) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1
        else { throw Failure("cannot sign") }
        var length = 0
        guard unsafe EVP_DigestSign(context, nil, &length, data, data.count) == 1 else { throw Failure("cannot sign") }
        var signature = [UInt8](repeating: 0, count: length)
        // `length` is the room there is, then what was taken of it.
        guard unsafe EVP_DigestSign(context, &signature, &length, data, data.count) == 1 else {
            throw Failure("cannot sign")
        }
        return Array(signature.prefix(length))
    }

    private static func certificate(in pem: [UInt8]) throws(Failure) -> OpaquePointer {
        let text = try unsafe memory(holding: pem)
        defer { unsafe BIO_free(text) }
        guard let certificate = unsafe PEM_read_bio_X509(text, nil, refusePassword, nil) else {
            throw Failure("it has no readable certificate")
        }
        return unsafe certificate
    }

    private static func privateKey(in pem: [UInt8], password: String?) throws(Failure) -> OpaquePointer {
        let text = try unsafe memory(holding: pem)
        defer { unsafe BIO_free(text) }
        let key: OpaquePointer? =
            if let password {
                // Without a function to ask, OpenSSL takes the context for the password.
                unsafe password.withCString {
                    unsafe PEM_read_bio_PrivateKey(text, nil, nil, UnsafeMutableRawPointer(mutating: $0))
                }
            } else {
                unsafe PEM_read_bio_PrivateKey(text, nil, refusePassword, nil)
            }
        guard let key = unsafe key else { throw Failure("it has no private key that can be read") }
        return unsafe key
    }

    private static func memory(holding pem: [UInt8]) throws(Failure) -> OpaquePointer {
        guard let memory = unsafe BIO_new(BIO_s_mem()) else { throw Failure("cannot read it") }
        guard unsafe BIO_write(memory, pem, Int32(pem.count)) == Int32(pem.count) else {
            unsafe BIO_free(memory)
            throw Failure("cannot read it")
        }
        return unsafe memory
    }

    private static func digest(of certificate: OpaquePointer) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let result = unsafe X509_digest(certificate, EVP_sha256(), &digest, &length)
        precondition(result == 1 && length == 32, "OpenSSL has no SHA-256")
        return digest
    }
}

/// Otherwise OpenSSL would ask for a password at the terminal.
private let refusePassword:
    @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 =
        { _, _, _, _ in -1 }
