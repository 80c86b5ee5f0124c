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

/// What OpenSSL says about a failure, taken from the thread's error queue.
enum TLSFailure {
    /// The first reason in the queue, which is then empty.
    static func reason() -> String? {
        let code = ERR_get_error()
        defer { ERR_clear_error() }
        guard code != 0 else { return nil }
        if let text = unsafe ERR_reason_error_string(code) { return unsafe String(cString: text) }
        return "OpenSSL error \(code)"
    }

    /// The error of a certificate that was not accepted, if that is why.
    static func verificationError(of session: OpaquePointer) -> (TransportError.Code, String)? {
        let result = unsafe SSL_get_verify_result(session)
        guard result != X509_V_OK else { return nil }
        let text = unsafe String(cString: X509_verify_cert_error_string(result))
        switch Int32(truncatingIfNeeded: result) {
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            return (.hostNameMismatch, "the certificate is not for this host (\(text))")
        case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID:
            return (.expiredCertificate, text)
        default:
            return (.untrustedCertificate, "the certificate is not trusted (\(text))")
        }
    }
}
