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

import Synchronization

/// One end of a pair of connected streams without a network, for tests: bounded, non-blocking, level-triggered. What changes is
/// confined to its loop; the pipes between the ends have locks.
package final class InMemoryStream: ByteStream, @unchecked Sendable {
    package let loop: EventLoop
    package let peer = "in-memory"
    /// No read returns more; 1 makes a peer that dribbles.
    package let maximumRead: Int

    private let incoming: Pipe
    private let outgoing: Pipe

    // Confined to the loop.
    private var handler: (any ByteStreamHandler)?
    private var isPaused = false
    private var wantsWrite = false
    private var isClosed = false
    /// Whether a read has told that the peer has ended; until then the end is served like bytes.
    private var hasReadEnd = false
    /// What arrives is lost, as behind a broken network; confined to the loop.
    package var discardsInput = false

    private init(loop: EventLoop, incoming: Pipe, outgoing: Pipe, maximumRead: Int) {
        self.loop = loop
        self.incoming = incoming
        self.outgoing = outgoing
        self.maximumRead = maximumRead
        let serve: @Sendable () -> Void = { [weak self, loop] in
            guard let stream = self else { return }
            loop.execute { stream.serve() }
        }
        incoming.whenReadable(serve)
        outgoing.whenWritable(serve)
    }

    /// Two ends; what one writes the other reads. Each direction holds up to `capacity` bytes.
    package static func pair(
        on first: EventLoop,
        _ second: EventLoop? = nil,
        capacity: Int = 65_536,
        maximumRead: Int = .max
    ) -> (InMemoryStream, InMemoryStream) {
        let there = Pipe(capacity: capacity)
        let back = Pipe(capacity: capacity)
        return (
            InMemoryStream(loop: first, incoming: back, outgoing: there, maximumRead: maximumRead),
            InMemoryStream(loop: second ?? first, incoming: there, outgoing: back, maximumRead: maximumRead)
        )
    }

    package var hasBufferedInput: Bool { false }

    package func activate(handler: any ByteStreamHandler) {
        loop.assertOnLoop()
        self.handler = handler
        isPaused = false
        loop.execute { self.serve() }
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> ReadResult {
        guard !isClosed else { throw TransportError(code: .closed, operation: .read, reason: "the stream is closed") }
        let result = unsafe incoming.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(maximumRead)))
        if case .ended = result { hasReadEnd = true }
        return discardsInput ? .wouldBlock : result
    }

    package func write(_ buffers: [UnsafeRawBufferPointer]) throws(TransportError) -> Int {
        guard !isClosed, let count = unsafe outgoing.write(buffers) else {
            throw TransportError(code: .connectionReset, operation: .write, reason: "the peer has closed the stream")
        }
        return count
    }

    package func pauseReading() {
        isPaused = true
    }

    package func resumeReading() {
        isPaused = false
        loop.execute { self.serve() }
    }

    package func setWantsWrite(_ wantsWrite: Bool) {
        self.wantsWrite = wantsWrite
        if wantsWrite { loop.execute { self.serve() } }
    }

    package func close() {
        loop.assertOnLoop()
        guard !isClosed else { return }
        isClosed = true
        handler = nil
        incoming.abandon()
        outgoing.end()
    }

    /// Ends the outgoing direction only: the peer reads the end and may go on writing.
    package func endWriting() {
        outgoing.end()
    }

    private func serve() {
        guard !isClosed else { return }
        if wantsWrite, outgoing.hasRoom { handler?.streamWritable() }
        // Without a handler nobody reads: activation comes back here.
        guard !isClosed, !isPaused, hasInput, let handler else { return }
        handler.streamReadable()
        if !isClosed, !isPaused, hasInput { loop.execute { self.serve() } }
    }

    private var hasInput: Bool { incoming.hasBytes || incoming.isEnded && !hasReadEnd }
}

/// One direction of a pair.
private final class Pipe: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isEnded = false
        var isAbandoned = false
        var readable: (@Sendable () -> Void)?
        var writable: (@Sendable () -> Void)?
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) {
        self.capacity = capacity
    }

    func whenReadable(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.readable = body }
    }

    func whenWritable(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.writable = body }
    }

    var hasBytes: Bool { state.withLock { !$0.bytes.isEmpty } }

    var isEnded: Bool { state.withLock { $0.isEnded } }

    var hasRoom: Bool { state.withLock { $0.bytes.count < capacity || $0.isAbandoned } }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> ReadResult {
        let (bytes, isEnded, wakesWriter) = state.withLock { state in
            let count = min(buffer.count, state.bytes.count)
            let wasFull = state.bytes.count >= capacity
            let bytes = Array(state.bytes.prefix(count))
            state.bytes.removeFirst(count)
            return (bytes, state.isEnded, wasFull && count > 0 ? state.writable : nil)
        }
        wakesWriter?()
        if bytes.isEmpty { return isEnded ? .ended : .wouldBlock }
        // bytes.count <= buffer.count, see above.
        unsafe buffer.copyBytes(from: bytes)
        return .bytes(bytes.count)
    }

    /// Nil when nobody reads any more.
    func write(_ buffers: [UnsafeRawBufferPointer]) -> Int? {
        var bytes: [UInt8] = []
        for index in unsafe buffers.indices where bytes.count < capacity {
            // No more than the pipe could ever take.
            let part = unsafe UnsafeRawBufferPointer(rebasing: buffers[index].prefix(capacity - bytes.count))
            unsafe bytes.append(contentsOf: part)
        }
        let (count, wakesReader): (Int?, (@Sendable () -> Void)?) = state.withLock { state in
            guard !state.isAbandoned, !state.isEnded else { return (nil, nil) }
            let count = min(capacity - state.bytes.count, bytes.count)
            state.bytes.append(contentsOf: bytes.prefix(count))
            return (count, count > 0 ? state.readable : nil)
        }
        wakesReader?()
        return count
    }

    func end() {
        let wakesReader = state.withLock { state in
            state.isEnded = true
            state.writable = nil
            return state.readable
        }
        wakesReader?()
    }

    func abandon() {
        let wakesWriter = state.withLock { state in
            state.isAbandoned = true
            state.bytes = []
            state.readable = nil
            return state.writable
        }
        wakesWriter?()
    }
}
