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

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension TransportError {
    /// The error of a failed system call.
    package init(errno number: Int32, operation: Operation, host: String? = nil, port: Int? = nil) {
        self.init(
            code: Code(errno: number),
            operation: operation,
            host: host,
            port: port,
            errorNumber: number,
            reason: Self.text(ofErrno: number)
        )
    }

    /// The same error with the peer's name, unless it has one.
    func at(host: String, port: Int) -> TransportError {
        var copy = self
        if copy.host == nil {
            copy.host = host
            copy.port = port
        }
        return copy
    }

    private static func text(ofErrno number: Int32) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress else { return "error \(number)" }
            unsafe base.pointee = 0
            _ = unsafe strerror_r(number, base, buffer.count)
            return unsafe String(cString: base)
        }
    }
}

extension TransportError.Code {
    init(errno number: Int32) {
        switch number {
        case ECONNREFUSED: self = .connectionRefused
        case ETIMEDOUT: self = .timedOut
        case EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL, ENETDOWN, EHOSTDOWN, EAFNOSUPPORT: self = .unreachable
        case ECONNRESET, EPIPE, ECONNABORTED: self = .connectionReset
        case EADDRINUSE: self = .addressInUse
        case EACCES, EPERM: self = .permissionDenied
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: self = .resourcesExhausted
        case EBADF: self = .closed
        default: self = .other
        }
    }
}
