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

#if canImport(Darwin)
    import CPlatform
    import Darwin

    typealias PlatformPoller = KqueuePoller

    /// Level-triggered kqueue, with a user event to be woken by.
    @safe
    struct KqueuePoller: ~Copyable {
        private static let capacity = 256

        private let descriptor: FileDescriptor
        private let events: UnsafeMutablePointer<kevent>

        init() throws(TransportError) {
            descriptor = FileDescriptor(owning: kqueue())
            unsafe events = .allocate(capacity: Self.capacity)
            guard descriptor.isOpen else { throw TransportError(errno: errno, operation: .poll) }
            try Self.control(descriptor.rawValue, 0, EVFILT_USER, EV_ADD | EV_CLEAR, 0, 0)
        }

        deinit {
            unsafe events.deallocate()
        }

        /// What another thread triggers; see `wake(_:)`.
        var wakeDescriptor: Int32 { descriptor.rawValue }

        /// Ends the wait of the poller with that wake descriptor, from any thread.
        static func wake(_ wakeDescriptor: Int32) {
            try? control(wakeDescriptor, 0, EVFILT_USER, 0, UInt32(NOTE_TRIGGER), 0)
        }

        func add(_ target: Int32, interest: Interest, token: UInt64) throws(TransportError) {
            try modify(target, from: [], to: interest, token: token)
        }

        func modify(_ target: Int32, from old: Interest, to new: Interest, token: UInt64) throws(TransportError) {
            for (interest, filter) in [(Interest.readable, EVFILT_READ), (.writable, EVFILT_WRITE)]
            where old.contains(interest) != new.contains(interest) {
                let flags = new.contains(interest) ? EV_ADD : EV_DELETE
                try Self.control(descriptor.rawValue, UInt(target), filter, flags, 0, token)
            }
        }

        func remove(_ target: Int32, interest: Interest) {
            try? modify(target, from: interest, to: [], token: 0)
        }

        /// Waits up to `milliseconds` (-1 for ever) and calls `body` for each event.
        func wait(milliseconds: Int32, _ body: (_ token: UInt64, _ readiness: Readiness) -> Void) {
            var limit = timespec(tv_sec: Int(milliseconds / 1_000), tv_nsec: Int(milliseconds % 1_000) * 1_000_000)
            let count =
                milliseconds < 0
                ? unsafe kevent(descriptor.rawValue, nil, 0, events, Int32(Self.capacity), nil)
                : unsafe kevent(descriptor.rawValue, nil, 0, events, Int32(Self.capacity), &limit)
            guard count > 0 else { return }
            // The system reports at most the capacity it was given.
            for index in 0..<Int(count) {
                let event = unsafe events[index]
                if unsafe Int32(event.filter) == EVFILT_USER { continue }
                var readiness: Readiness = unsafe Int32(event.filter) == EVFILT_READ ? .readable : .writable
                if unsafe Int32(event.flags) & EV_EOF != 0 { readiness.insert(.hangup) }
                body(UInt64(UInt(bitPattern: unsafe event.udata)), readiness)
            }
        }

        private static func control(
            _ queue: Int32,
            _ identifier: UInt,
            _ filter: Int32,
            _ flags: Int32,
            _ filterFlags: UInt32,
            _ token: UInt64
        ) throws(TransportError) {
            var change = unsafe kevent(
                ident: identifier,
                filter: Int16(filter),
                flags: UInt16(flags),
                fflags: filterFlags,
                data: 0,
                udata: UnsafeMutableRawPointer(bitPattern: UInt(token))
            )
            guard unsafe kevent(queue, &change, 1, nil, 0, nil) == 0 else {
                throw TransportError(errno: errno, operation: .poll)
            }
        }
    }
#endif
