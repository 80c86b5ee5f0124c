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
#else
    import Darwin
#endif

/// A blocking TCP socket on the loopback interface: the plainest there is, so that the load source costs little.
struct ReplaySocket: Sendable {
    let descriptor: Int32

    /// Listens on a loopback port; 0 takes a free one.
    static func listen(port: UInt16) throws(ReplayError) -> ReplaySocket {
        #if canImport(Glibc)
            let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard descriptor >= 0, bound == 0, Glibc.listen(descriptor, 64) == 0 else {
            throw ReplayError(operation: "listen on 127.0.0.1:\(port)", errorNumber: errno)
        }
        return ReplaySocket(descriptor: descriptor)
    }

    /// The port that the socket is bound to.
    var localPort: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// The next connection, or nil when the listening socket is gone.
    func accept() -> ReplaySocket? {
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else { return nil }
        var noDelay: Int32 = 1
        setsockopt(accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, socklen_t(MemoryLayout<Int32>.size))
        return ReplaySocket(descriptor: accepted)
    }

    /// Reads what is there; waits for something if `waiting`. Nil at the end of the stream.
    func receive(into space: UnsafeMutableRawBufferPointer, waiting: Bool) -> Int? {
        let count = recv(descriptor, space.baseAddress, space.count, waiting ? 0 : Int32(MSG_DONTWAIT))
        if count > 0 { return count }
        if count < 0, errno == EAGAIN || errno == EINTR { return 0 }
        return nil
    }

    /// Writes all of `bytes`; false when the peer is gone.
    func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = Glibc.send(descriptor, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    func close() { _ = Glibc.close(descriptor) }
}

/// A system call of the replay listener that failed.
struct ReplayError: Error, CustomStringConvertible {
    let operation: String
    let errorNumber: Int32

    var description: String { "cannot \(operation): \(String(cString: strerror(errorNumber)))" }
}
