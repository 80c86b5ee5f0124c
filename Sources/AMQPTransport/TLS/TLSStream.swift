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

/// A TLS connection over TCP, as client or server. What changes is confined to its loop.
package final class TLSStream: PeekableByteStream, ReadinessHandler, @unchecked Sendable {
    typealias HandshakeCompletion = @Sendable (Result<TLSStream, TransportError>) -> Void

    private enum Phase {
        case handshaking(LoopTimer, HandshakeCompletion)
        case idle
        case active(any ByteStreamHandler)
        case closed
    }

    package let loop: EventLoop
    package let peer: String

    // Confined to the loop.
    private var descriptor: FileDescriptor
    private var session: TLSSession
    private var watch: DescriptorWatch
    private var phase = Phase.idle
    private var isPaused = false
    private var wantsWrite = false
    private var readWaitsForWrite = false
    private var writeWaitsForRead = false
    private var mayHaveInput = true
    private var staging: TLSWriteStaging
    private var readFailure: TransportError?

    init(
        owning descriptor: consuming FileDescriptor,
        context: TLSContext,
        host: String?,
        peer: String,
        loop: EventLoop
    ) throws(TransportError) {
        session = try context.makeSession(descriptor: descriptor.rawValue, host: host)
        self.descriptor = descriptor
        self.peer = peer
        self.loop = loop
        watch = DescriptorWatch(loop: loop)
        staging = TLSWriteStaging()
    }

    // MARK: Handshake

    /// Runs the handshake; `completion` is called once, on the loop. After a failure the stream is closed.
    func handshake(deadline: ContinuousClock.Instant, completion: @escaping HandshakeCompletion) {
        loop.assertOnLoop()
        let timer = loop.schedule(at: deadline) { [self] in
            failHandshake(
                .init(code: .timedOut, operation: .handshake, reason: "the TLS handshake took too long")
            )
        }
        phase = .handshaking(timer, completion)
        continueHandshake()
    }

    /// Gives up a handshake from outside.
    func cancelHandshake() {
        failHandshake(TransportError(code: .cancelled, operation: .handshake, reason: "cancelled"))
    }

    private func continueHandshake() {
        switch session.handshake() {
        case .done:
            guard case .handshaking(let timer, let completion) = phase else { return }
            timer.cancel()
            watch.stop()
            phase = .idle
            completion(.success(self))
        case .wantsRead:
            setHandshakeWatch([.readable])
        case .wantsWrite:
            setHandshakeWatch([.writable])
        case .ended:
            let reason = "the peer closed the connection during the TLS handshake"
            failHandshake(TransportError(code: .handshakeFailed, operation: .handshake, reason: reason))
        case .failed(let error):
            failHandshake(error)
        }
    }

    private func setHandshakeWatch(_ interest: Interest) {
        do {
            try watch.set(interest, of: descriptor.rawValue, handler: self)
        } catch {
            failHandshake(error)
        }
    }

    private func failHandshake(_ error: TransportError) {
        guard case .handshaking(let timer, let completion) = phase else { return }
        timer.cancel()
        phase = .closed
        watch.stop()
        descriptor.close()
        completion(.failure(error))
    }

    // MARK: ByteStream

    package var hasBufferedInput: Bool { mayHaveInput && session.hasPendingInput }

    package func activate(handler: any ByteStreamHandler) {
        loop.assertOnLoop()
        switch phase {
        case .idle, .active: break
        case .handshaking, .closed: return
        }
        phase = .active(handler)
        isPaused = false
        updateWatch()
        // The handshake may have taken the first bytes from the socket already.
        readAgain()
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> ReadResult {
        guard descriptor.isOpen else { throw closedError(.read) }
        if let readFailure { throw readFailure }
        readWaitsForWrite = false
        var total = 0
        while total < buffer.count {
            // total < buffer.count: the slice is inside the buffer.
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[total...])
            switch unsafe session.read(into: rest) {
            case .done(let count):
                mayHaveInput = true
                total += count
            case .wantsRead:
                mayHaveInput = false
                return total > 0 ? .bytes(total) : .wouldBlock
            case .wantsWrite:
                mayHaveInput = false
                readWaitsForWrite = true
                updateWatch()
                return total > 0 ? .bytes(total) : .wouldBlock
            case .ended:
                return total > 0 ? .bytes(total) : .ended
            case .failed(let error):
                readFailure = error
                if total > 0 {
                    readAgain()
                    return .bytes(total)
                }
                throw error
            }
        }
        return .bytes(total)
    }

    package func peek() throws(TransportError) -> PeekResult {
        guard descriptor.isOpen else { throw closedError(.read) }
        if let readFailure { throw readFailure }
        var byte: UInt8 = 0
        switch session.peek(&byte) {
        case .done: return .byte(byte)
        case .ended: return .ended
        case .wantsRead: return .wouldBlock
        case .wantsWrite:
            readWaitsForWrite = true
            updateWatch()
            return .wouldBlock
        case .failed(let error):
            readFailure = error
            throw error
        }
    }

    package func write(_ buffers: [UnsafeRawBufferPointer]) throws(TransportError) -> Int {
        guard descriptor.isOpen else { throw closedError(.write) }
        writeWaitsForRead = false
        var taken = 0
        while unsafe staging.fill(from: buffers, skipping: taken) {
            switch unsafe staging.withBytes({ unsafe session.write($0) }) {
            case .done(let count):
                staging.wrote(count)
                taken += count
            case .wantsWrite:
                return taken
            case .wantsRead:
                writeWaitsForRead = true
                updateWatch()
                return taken
            case .ended:
                throw TransportError(code: .connectionReset, operation: .write, reason: "the peer closed the stream")
            case .failed(let error):
                throw error
            }
        }
        return taken
    }

    package func pauseReading() {
        isPaused = true
        updateWatch()
    }

    package func resumeReading() {
        guard isPaused else { return }
        isPaused = false
        updateWatch()
        readAgain()
    }

    package func setWantsWrite(_ wantsWrite: Bool) {
        guard self.wantsWrite != wantsWrite else { return }
        self.wantsWrite = wantsWrite
        updateWatch()
    }

    package func close() {
        loop.assertOnLoop()
        guard descriptor.isOpen else { return }
        if case .handshaking = phase {
            cancelHandshake()
            return
        }
        if readFailure == nil { session.shutdown() }
        phase = .closed
        watch.stop()
        descriptor.close()
    }

    // MARK: Readiness

    package func isReady(_ readiness: Readiness) {
        switch phase {
        case .handshaking:
            continueHandshake()
        case .active(let handler):
            if readiness.contains(.writable) { becameWritable(handler) }
            guard readiness.contains(.readable) || readiness.contains(.hangup) else { return }
            if writeWaitsForRead { handler.streamWritable() }
            if isPaused {
                // A hang-up is reported whatever is asked: it waits until the reader is back.
                if !writeWaitsForRead { watch.stop() }
            } else {
                serveReader(handler)
            }
        case .idle, .closed:
            break
        }
    }

    private func becameWritable(_ handler: any ByteStreamHandler) {
        if readWaitsForWrite {
            readWaitsForWrite = false
            updateWatch()
            if !isPaused { serveReader(handler) }
        }
        if wantsWrite { handler.streamWritable() }
    }

    private func serveReader(_ handler: any ByteStreamHandler) {
        guard descriptor.isOpen else { return }
        handler.streamReadable()
        // The socket reports only what OpenSSL has not taken yet.
        if descriptor.isOpen, !isPaused, hasBufferedInput { readAgain() }
    }

    private func readAgain() {
        loop.execute { [self] in
            guard case .active(let handler) = phase, !isPaused else { return }
            serveReader(handler)
        }
    }

    private func updateWatch() {
        guard descriptor.isOpen, case .active(let handler) = phase else { return }
        var interest: Interest = []
        if !isPaused || writeWaitsForRead { interest.insert(.readable) }
        if wantsWrite || readWaitsForWrite { interest.insert(.writable) }
        do {
            try watch.set(interest, of: descriptor.rawValue, handler: self)
        } catch {
            handler.streamFailed(error)
        }
    }

    private func closedError(_ operation: TransportError.Operation) -> TransportError {
        TransportError(code: .closed, operation: operation, reason: "the stream is closed")
    }
}
