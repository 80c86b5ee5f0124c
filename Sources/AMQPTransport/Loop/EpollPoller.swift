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

#if os(Linux)
    import CPlatform

    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #endif

    typealias PlatformPoller = EpollPoller

    /// Level-triggered epoll, with an eventfd to be woken by.
    @safe
    struct EpollPoller: ~Copyable {
        private static let capacity = 256
        private static let wakeToken = UInt64.max

        private let descriptor: FileDescriptor
        private let wakeUp: FileDescriptor
        private let events: UnsafeMutablePointer<epoll_event>

        init() throws(TransportError) {
            descriptor = FileDescriptor(owning: cplatform_epoll_create())
            wakeUp = FileDescriptor(owning: cplatform_eventfd())
            unsafe events = .allocate(capacity: Self.capacity)
            guard descriptor.isOpen, wakeUp.isOpen else { throw TransportError(errno: errno, operation: .poll) }
            try control(EPOLL_CTL_ADD, wakeUp.rawValue, [.readable], Self.wakeToken)
        }

        deinit {
            unsafe events.deallocate()
        }

        /// What another thread writes to; see `wake(_:)`.
        var wakeDescriptor: Int32 { wakeUp.rawValue }

        /// Ends the wait of the poller with that wake descriptor, from any thread.
        static func wake(_ wakeDescriptor: Int32) {
            var one: UInt64 = 1
            _ = unsafe write(wakeDescriptor, &one, MemoryLayout<UInt64>.size)
        }

        func add(_ target: Int32, interest: Interest, token: UInt64) throws(TransportError) {
            try control(EPOLL_CTL_ADD, target, interest, token)
        }

        func modify(_ target: Int32, from _: Interest, to interest: Interest, token: UInt64) throws(TransportError) {
            try control(EPOLL_CTL_MOD, target, interest, token)
        }

        func remove(_ target: Int32, interest _: Interest) {
            var event = unsafe epoll_event()
            _ = unsafe epoll_ctl(descriptor.rawValue, EPOLL_CTL_DEL, target, &event)
        }

        /// Waits up to `milliseconds` (-1 for ever) and calls `body` for each event.
        func wait(milliseconds: Int32, _ body: (_ token: UInt64, _ readiness: Readiness) -> Void) {
            let count = unsafe epoll_wait(descriptor.rawValue, events, Int32(Self.capacity), milliseconds)
            guard count > 0 else { return }
            // The system reports at most the capacity it was given.
            for index in 0..<Int(count) {
                let event = unsafe events[index]
                if unsafe event.data.u64 == Self.wakeToken {
                    var value: UInt64 = 0
                    _ = unsafe read(wakeUp.rawValue, &value, MemoryLayout<UInt64>.size)
                    continue
                }
                var readiness: Readiness = []
                if unsafe event.events & cplatform_epoll_in() != 0 { readiness.insert(.readable) }
                if unsafe event.events & cplatform_epoll_out() != 0 { readiness.insert(.writable) }
                if unsafe event.events & (cplatform_epoll_err() | cplatform_epoll_hup()) != 0 {
                    readiness.insert(.hangup)
                }
                unsafe body(event.data.u64, readiness)
            }
        }

        private func control(
            _ operation: Int32,
            _ target: Int32,
            _ interest: Interest,
            _ token: UInt64
        ) throws(TransportError) {
            var event = unsafe epoll_event()
            if interest.contains(.readable) { unsafe event.events |= cplatform_epoll_in() }
            if interest.contains(.writable) { unsafe event.events |= cplatform_epoll_out() }
            unsafe event.data.u64 = token
            guard unsafe epoll_ctl(descriptor.rawValue, operation, target, &event) == 0 else {
                throw TransportError(errno: errno, operation: .poll)
            }
        }
    }
#endif
