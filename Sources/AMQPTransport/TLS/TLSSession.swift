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

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One OpenSSL session on a non-blocking socket.
@safe
struct TLSSession: ~Copyable {
    /// What a call came to.
    enum Step: Sendable, Equatable {
        case done(Int)
        case wantsRead
        case wantsWrite
        case ended
        case failed(TransportError)
    }

    private let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }

    deinit {
        unsafe SSL_free(pointer)
    }

    /// OpenSSL holds bytes of the peer, decrypted or not.
    var hasPendingInput: Bool { unsafe SSL_has_pending(pointer) == 1 }

    func handshake() -> Step {
        ERR_clear_error()
        let status = unsafe SSL_do_handshake(pointer)
        return status == 1 ? .done(0) : step(status, .handshake)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Step {
        ERR_clear_error()
        var count = 0
        // OpenSSL writes at most buffer.count bytes.
        let status = unsafe SSL_read_ex(pointer, buffer.baseAddress, buffer.count, &count)
        return status == 1 ? .done(count) : step(status, .read)
    }

    /// As `read` of one byte, which stays unread.
    func peek(_ byte: inout UInt8) -> Step {
        ERR_clear_error()
        var count = 0
        // OpenSSL writes one byte at most.
        let status = unsafe SSL_peek_ex(pointer, &byte, 1, &count)
        return status == 1 ? .done(count) : step(status, .read)
    }

    func write(_ buffer: UnsafeRawBufferPointer) -> Step {
        ERR_clear_error()
        var count = 0
        let status = unsafe SSL_write_ex(pointer, buffer.baseAddress, buffer.count, &count)
        return status == 1 ? .done(count) : step(status, .write)
    }

    /// Tells the peer that no more comes, without waiting for its answer.
    func shutdown() {
        _ = unsafe SSL_shutdown(pointer)
        ERR_clear_error()
    }

    private func step(_ status: Int32, _ operation: TransportError.Operation) -> Step {
        let number = errno
        switch unsafe SSL_get_error(pointer, status) {
        case SSL_ERROR_WANT_READ:
            return .wantsRead
        case SSL_ERROR_WANT_WRITE:
            return .wantsWrite
        case SSL_ERROR_ZERO_RETURN:
            return .ended
        case SSL_ERROR_SYSCALL:
            ERR_clear_error()
            return number == 0 ? .ended : .failed(TransportError(errno: number, operation: operation))
        default:
            let reason = TLSFailure.reason() ?? "TLS failed"
            if let (code, text) = unsafe TLSFailure.verificationError(of: pointer) {
                return .failed(TransportError(code: code, operation: operation, reason: text))
            }
            return .failed(TransportError(code: .handshakeFailed, operation: operation, reason: "TLS: \(reason)"))
        }
    }
}
