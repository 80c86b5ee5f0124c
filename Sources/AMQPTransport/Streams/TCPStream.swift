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

/// A plain TCP connection. What changes is confined to its loop.
package final class TCPStream: PeekableByteStream, ReadinessHandler, @unchecked Sendable {
    package let loop: EventLoop
    package let peer: String

    // Confined to the loop.
    private var descriptor: FileDescriptor
    private var watch: DescriptorWatch
    private var handler: (any ByteStreamHandler)?
    private var isPaused = false
    private var wantsWrite = false

    package init(owning descriptor: consuming FileDescriptor, peer: String, loop: EventLoop) {
        self.descriptor = descriptor
        self.peer = peer
        self.loop = loop
        watch = DescriptorWatch(loop: loop)
    }

    package var hasBufferedInput: Bool { false }

    package func activate(handler: any ByteStreamHandler) {
        loop.assertOnLoop()
        guard descriptor.isOpen else { return }
        self.handler = handler
        isPaused = false
        updateWatch()
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> ReadResult {
        guard descriptor.isOpen else { throw Self.closedError(.read) }
        return try unsafe Socket.read(descriptor.rawValue, into: buffer)
    }

    package func peek() throws(TransportError) -> PeekResult {
        guard descriptor.isOpen else { throw Self.closedError(.read) }
        return try Socket.peek(descriptor.rawValue)
    }

    package func write(_ buffers: [UnsafeRawBufferPointer]) throws(TransportError) -> Int {
        guard descriptor.isOpen else { throw Self.closedError(.write) }
        return try unsafe Socket.write(descriptor.rawValue, buffers)
    }

    package func pauseReading() {
        isPaused = true
        updateWatch()
    }

    package func resumeReading() {
        isPaused = false
        updateWatch()
    }

    package func setWantsWrite(_ wantsWrite: Bool) {
        guard self.wantsWrite != wantsWrite else { return }
        self.wantsWrite = wantsWrite
        updateWatch()
    }

    package func close() {
        loop.assertOnLoop()
        guard descriptor.isOpen else { return }
        watch.stop()
        descriptor.close()
        handler = nil
    }

    /// Gives the socket away: the stream is closed, the connection is not.
    func takeDescriptor() -> FileDescriptor {
        watch.stop()
        handler = nil
        var taken = FileDescriptor(owning: -1)
        swap(&taken, &descriptor)
        return taken
    }

    package func isReady(_ readiness: Readiness) {
        if readiness.contains(.writable), wantsWrite { handler?.streamWritable() }
        guard readiness.contains(.readable) || readiness.contains(.hangup) else { return }
        if isPaused {
            // The system goes on reporting a hang-up whatever it is asked: it waits until the reader is back.
            watch.stop()
        } else {
            handler?.streamReadable()
        }
    }

    private func updateWatch() {
        guard descriptor.isOpen, let handler else { return }
        var interest: Interest = []
        if !isPaused { interest.insert(.readable) }
        if wantsWrite { interest.insert(.writable) }
        do {
            try watch.set(interest, of: descriptor.rawValue, handler: self)
        } catch {
            handler.streamFailed(error)
        }
    }

    private static func closedError(_ operation: TransportError.Operation) -> TransportError {
        TransportError(code: .closed, operation: operation, reason: "the stream is closed")
    }
}
