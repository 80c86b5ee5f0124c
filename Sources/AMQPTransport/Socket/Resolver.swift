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
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Turns names into addresses on its own few threads, because the system's resolver blocks.
package final class Resolver: Sendable {
    package static let shared = Resolver()

    /// What a look-up answers with.
    package typealias Answer = Result<[SocketAddress], TransportError>

    private struct Request: Sendable {
        let host: String
        let port: Int
        let completion: @Sendable (Answer) -> Void
    }

    private struct State {
        var waiting: [Request] = []
        var threads = 0
    }

    private static let maximumThreads = 4
    private static let maximumWaiting = 1024
    private let state = Mutex(State())

    package init() {}

    /// Calls `completion` once, on any thread: at once for addresses in digits.
    package func resolve(host: String, port: Int, completion: @escaping @Sendable (Answer) -> Void) {
        guard (0...65_535).contains(port), !host.isEmpty else {
            completion(.failure(Self.failure(host, port, "not a host and port")))
            return
        }
        if case .success(let addresses) = Self.lookUp(host: host, port: port, flags: AI_NUMERICHOST) {
            completion(.success(addresses))
            return
        }
        let request = Request(host: host, port: port, completion: completion)
        let (accepted, startsThread) = state.withLock { state in
            guard state.waiting.count < Self.maximumWaiting else { return (false, false) }
            state.waiting.append(request)
            guard state.threads < Self.maximumThreads else { return (true, false) }
            state.threads += 1
            return (true, true)
        }
        if !accepted {
            completion(.failure(Self.failure(host, port, "too many look-ups are waiting")))
        } else if startsThread, !Thread.start(name: "amqp-resolver", { [self] in work() }) {
            let abandoned = state.withLock { state in
                state.threads -= 1
                guard state.threads == 0 else { return [Request]() }
                defer { state.waiting = [] }
                return state.waiting
            }
            for request in abandoned {
                request.completion(.failure(Self.failure(request.host, request.port, "cannot start a thread")))
            }
        }
    }

    private func work() {
        while let request = next() {
            request.completion(Self.lookUp(host: request.host, port: request.port, flags: AI_ADDRCONFIG))
        }
    }

    private func next() -> Request? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.threads -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    private static func lookUp(host: String, port: Int, flags: Int32) -> Answer {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = flags
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = cplatform_socket_stream()
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, String(port), &hints, &list)
        defer { if let list = unsafe list { unsafe freeaddrinfo(list) } }
        guard status == 0 else {
            if status == EAI_SYSTEM {
                return .failure(TransportError(errno: errno, operation: .resolve, host: host, port: port))
            }
            return .failure(failure(host, port, unsafe String(cString: gai_strerror(status))))
        }
        var addresses: [SocketAddress] = []
        var entry = unsafe list
        while let current = unsafe entry, addresses.count < 64 {
            if let address = unsafe current.pointee.ai_addr,
                let copy = unsafe SocketAddress(copying: address, length: current.pointee.ai_addrlen)
            {
                addresses.append(copy)
            }
            unsafe entry = current.pointee.ai_next
        }
        return addresses.isEmpty ? .failure(failure(host, port, "the name has no address")) : .success(addresses)
    }

    private static func failure(_ host: String, _ port: Int, _ reason: String) -> TransportError {
        TransportError(code: .resolutionFailed, operation: .resolve, host: host, port: port, reason: reason)
    }
}
