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

import CPlatform

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The system calls of non-blocking stream sockets, with typed errors.
enum Socket {
    static func make(family: Int32) throws(TransportError) -> FileDescriptor {
        let descriptor = cplatform_socket_nonblocking(family)
        guard descriptor >= 0 else { throw TransportError(errno: errno, operation: .connect) }
        return FileDescriptor(owning: descriptor)
    }

    /// Small frames must leave at once, and a peer that is gone must be noticed some day.
    static func setStreamOptions(_ descriptor: Int32) {
        setOption(descriptor, level: Int32(IPPROTO_TCP), name: TCP_NODELAY, value: 1)
        setOption(descriptor, level: SOL_SOCKET, name: SO_KEEPALIVE, value: 1)
    }

    static func setOption(_ descriptor: Int32, level: Int32, name: Int32, value: Int32) {
        var value = value
        _ = unsafe setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// The pending error of a socket, cleared by reading it; zero for none.
    static func pendingError(_ descriptor: Int32) -> Int32 {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &value, &length) == 0 else { return errno }
        return value
    }

    /// Starts a connect; true when it is done at once.
    static func connect(_ descriptor: Int32, to address: SocketAddress) throws(TransportError) -> Bool {
        let status = unsafe address.withAddress { address, length in
            #if canImport(Glibc)
                unsafe Glibc.connect(descriptor, address, length)
            #elseif canImport(Musl)
                unsafe Musl.connect(descriptor, address, length)
            #else
                unsafe Darwin.connect(descriptor, address, length)
            #endif
        }
        if status == 0 { return true }
        if errno == EINPROGRESS || errno == EINTR { return false }
        throw TransportError(errno: errno, operation: .connect)
    }

    static func bind(_ descriptor: Int32, to address: SocketAddress) throws(TransportError) {
        setOption(descriptor, level: SOL_SOCKET, name: SO_REUSEADDR, value: 1)
        let status = unsafe address.withAddress { address, length in
            #if canImport(Glibc)
                unsafe Glibc.bind(descriptor, address, length)
            #elseif canImport(Musl)
                unsafe Musl.bind(descriptor, address, length)
            #else
                unsafe Darwin.bind(descriptor, address, length)
            #endif
        }
        guard status == 0, listen(descriptor, 1024) == 0 else {
            throw TransportError(errno: errno, operation: .bind)
        }
    }

    /// The next connection of a listening socket, or nil when there is none now.
    static func accept(_ descriptor: Int32) -> Result<Int32?, TransportError> {
        while true {
            let accepted = cplatform_accept_nonblocking(descriptor)
            if accepted >= 0 { return .success(accepted) }
            switch errno {
            // A peer that has gone before it was accepted is none of our business.
            case EINTR, ECONNABORTED: continue
            case EAGAIN, EWOULDBLOCK: return .success(nil)
            default: return .failure(TransportError(errno: errno, operation: .accept))
            }
        }
    }

    static func read(
        _ descriptor: Int32,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(TransportError) -> ReadResult {
        guard buffer.count > 0 else { return .bytes(0) }
        while true {
            // The system writes at most buffer.count bytes.
            let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .ended }
            if errno == EINTR { continue }
            if errno == EAGAIN || errno == EWOULDBLOCK { return .wouldBlock }
            throw TransportError(errno: errno, operation: .read)
        }
    }

    /// The next byte, which stays unread.
    static func peek(_ descriptor: Int32) throws(TransportError) -> PeekResult {
        var byte: UInt8 = 0
        while true {
            // The system writes one byte at most.
            let count = unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK))
            if count > 0 { return .byte(byte) }
            if count == 0 { return .ended }
            if errno == EINTR { continue }
            if errno == EAGAIN || errno == EWOULDBLOCK { return .wouldBlock }
            throw TransportError(errno: errno, operation: .read)
        }
    }

    /// Gathers up to 64 buffers into one system call; 0 means that the socket's buffer is full.
    static func write(_ descriptor: Int32, _ buffers: [UnsafeRawBufferPointer]) throws(TransportError) -> Int {
        let maximum = min(unsafe buffers.count, 64)
        let (count, number) = unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: max(maximum, 1)) {
            vectors in
            var used = 0
            for index in 0..<maximum {
                let buffer = unsafe buffers[index]
                if buffer.count == 0 { continue }
                // used <= index < capacity
                unsafe vectors.initializeElement(
                    at: used,
                    to: iovec(iov_base: UnsafeMutableRawPointer(mutating: buffer.baseAddress), iov_len: buffer.count)
                )
                used += 1
            }
            if used == 0 { return (0, Int32(0)) }
            var message = unsafe msghdr()
            unsafe message.msg_iov = vectors.baseAddress
            unsafe message.msg_iovlen = .init(used)
            while true {
                let sent = unsafe sendmsg(descriptor, &message, cplatform_message_nosignal())
                if sent >= 0 { return (sent, 0) }
                if errno == EINTR { continue }
                if errno == EAGAIN || errno == EWOULDBLOCK { return (0, 0) }
                return (0, errno)
            }
        }
        if number != 0 { throw TransportError(errno: number, operation: .write) }
        return count
    }
}
