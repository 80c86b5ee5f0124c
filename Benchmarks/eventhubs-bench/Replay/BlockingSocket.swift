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

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A blocking TCP socket on the loopback interface, with TLS or without: the plainest there is, so that load sources and
/// references cost little. Used by one thread at a time.
struct BlockingSocket: @unchecked Sendable {
    let descriptor: Int32
    /// The TLS session over the socket, if there is one.
    private let session: OpaquePointer?

    init(descriptor: Int32, session: OpaquePointer? = nil) {
        self.descriptor = descriptor
        self.session = session
    }

    /// Listens on a loopback port; 0 takes a free one.
    static func listen(port: UInt16) throws(SocketError) -> BlockingSocket {
        let descriptor = streamSocket()
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        let bound = withLoopbackAddress(port) { bind(descriptor, $0, $1) }
        guard descriptor >= 0, bound == 0, Glibc.listen(descriptor, 64) == 0 else {
            throw SocketError(operation: "listen on 127.0.0.1:\(port)", errorNumber: errno)
        }
        return BlockingSocket(descriptor: descriptor)
    }

    /// Connects to a loopback port.
    static func connect(port: UInt16) throws(SocketError) -> BlockingSocket {
        let descriptor = streamSocket()
        let status = withLoopbackAddress(port) { Glibc.connect(descriptor, $0, $1) }
        guard descriptor >= 0, status == 0 else {
            throw SocketError(operation: "connect to 127.0.0.1:\(port)", errorNumber: errno)
        }
        let socket = BlockingSocket(descriptor: descriptor)
        socket.sendAtOnce()
        return socket
    }

    private static func streamSocket() -> Int32 {
        #if canImport(Glibc)
            Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
    }

    private static func withLoopbackAddress(
        _ port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Small writes are not held back.
    private func sendAtOnce() {
        var noDelay: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, socklen_t(MemoryLayout<Int32>.size))
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
    func accept() -> BlockingSocket? {
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else { return nil }
        let socket = BlockingSocket(descriptor: accepted)
        socket.sendAtOnce()
        return socket
    }

    /// The socket with TLS over it, after a handshake in the role that `context` is for.
    func secured(by context: BlockingTLS) throws(SocketError) -> BlockingSocket {
        BlockingSocket(descriptor: descriptor, session: try context.handshake(over: descriptor))
    }

    /// Reads what is there; waits for something if `waiting`. Nil at the end of the stream.
    func receive(into space: UnsafeMutableRawBufferPointer, waiting: Bool = true) -> Int? {
        if let session { return BlockingTLS.read(session, descriptor, into: space, waiting: waiting) }
        let count = recv(descriptor, space.baseAddress, space.count, waiting ? 0 : Int32(MSG_DONTWAIT))
        if count > 0 { return count }
        if count < 0, errno == EAGAIN || errno == EINTR { return 0 }
        return nil
    }

    /// Waits until so many bytes are there, or the stream has ended.
    func wait(forAtLeast count: Int) {
        var lowWater = Int32(clamping: count)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVLOWAT, &lowWater, socklen_t(MemoryLayout<Int32>.size))
        var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&poller, 1, -1)
    }

    /// Fills all of `space`; false at the end of the stream.
    func receiveAll(into space: UnsafeMutableRawBufferPointer) -> Bool {
        var filled = 0
        while filled < space.count {
            guard let count = receive(into: UnsafeMutableRawBufferPointer(rebasing: space[filled...])) else {
                return false
            }
            filled += count
        }
        return true
    }

    /// Writes all of `bytes`; false when the peer is gone.
    func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count =
                if let session { BlockingTLS.write(session, part) } else {
                    Glibc.send(descriptor, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
                }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Tells the peer that no more comes.
    func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    func close() {
        if let session { BlockingTLS.free(session) }
        _ = Glibc.close(descriptor)
    }
}

/// A system call or a handshake that failed.
struct SocketError: Error, CustomStringConvertible {
    let operation: String
    let errorNumber: Int32

    var description: String { "cannot \(operation): \(String(cString: strerror(errorNumber)))" }
}
