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

/// Threads of our own: event loops and blocking look-ups.
enum Thread {
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Starts a detached thread; false when the system has none left.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        let context = unsafe Unmanaged.passRetained(Start(name: name, body: body))
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let status = unsafe pthread_create(
            &thread,
            nil,
            { context in
                let context: UnsafeMutableRawPointer? = unsafe context
                guard let context = unsafe context else { return nil }
                let start = unsafe Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
                Thread.prepare(name: start.name)
                start.body()
                return nil
            },
            context.toOpaque()
        )
        guard status == 0 else {
            unsafe context.release()
            return false
        }
        #if canImport(Darwin)
            if let thread = unsafe thread { _ = unsafe pthread_detach(thread) }
        #else
            _ = pthread_detach(thread)
        #endif
        return true
    }

    /// A number that differs between live threads.
    static var currentIdentity: UInt {
        #if canImport(Darwin)
            unsafe UInt(bitPattern: pthread_self())
        #else
            UInt(pthread_self())
        #endif
    }

    /// Lets other threads that are ready to run go first.
    static func yield() { sched_yield() }

    private static func prepare(name: String) {
        // OpenSSL writes with write(2): a peer that is gone must be an error here, not the end of the process.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        // Linux takes 15 characters.
        unsafe cplatform_set_thread_name(String(name.prefix(15)))
    }
}
