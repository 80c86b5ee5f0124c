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

package import AMQPEngine
package import AMQPTransport

/// Who acts on what an engine reports; called on the driver's loop. It may call back into the driver.
package protocol ConnectionDriverHandler: AnyObject {
    func handle(_ event: EngineEvent)
    /// The connection is over and its stream closed. Called once, last.
    func terminated(_ end: DriverEnd)
}

/// Why a driver has come to its end.
package enum DriverEnd: Sendable, Equatable {
    /// The protocol's end, whatever its reason.
    case connection(ConnectionEnd)
    /// The stream broke.
    case transport(TransportError)
    /// `terminate()` was called.
    case terminated
}

/// Runs one engine on one stream, on the stream's loop: reads, reports events, writes, keeps the deadlines.
///
/// Everything here is confined to the loop. Output is written once per turn of the loop, however many commands were given.
package final class ConnectionDriver: ByteStreamHandler, EndOfTurnHandler, @unchecked Sendable {
    /// How many reads one readiness event may cost before other sockets have their turn.
    private static let readsPerEvent = 4
    /// How much may have been read and not consumed before those who consume it go first: what lies longer leaves the processor's
    /// cache, and has to be fetched again. Nothing waits where a processor is free.
    private static let readAhead = 8 * 1024 * 1024
    /// How long the last bytes may take to leave once the connection is over.
    private static let lingerTime = Duration.seconds(2)

    private enum Phase {
        case idle
        case running
        /// The protocol has ended; the last bytes are on their way.
        case lingering(DriverEnd, LoopTimer)
        case ended
    }

    package let loop: EventLoop
    private let stream: any ByteStream
    private let slabs: SlabPool
    private var engine: Engine
    private var phase = Phase.idle
    private var handler: (any ConnectionDriverHandler)?
    private var timer: LoopTimer?
    private var isScheduled = false
    private var isHandling = false
    private var waitsForSlab = false

    package init(engine: consuming Engine, stream: any ByteStream, slabs: SlabPool) {
        self.engine = engine
        self.stream = stream
        self.slabs = slabs
        loop = stream.loop
    }

    /// The peer's address, for messages.
    package var peer: String { stream.peer }

    /// Begins to read and write; the handler is kept until `terminated`.
    package func start(handler: any ConnectionDriverHandler) {
        loop.assertOnLoop()
        guard case .idle = phase else { return }
        self.handler = handler
        phase = .running
        stream.activate(handler: self)
        scheduleTurnEnd()
    }

    /// Gives the engine a command, and writes what comes of it at the end of the turn.
    package func withEngine<Value, Failure: Error>(
        _ body: (inout Engine) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        loop.assertOnLoop()
        scheduleTurnEnd()
        return try body(&engine)
    }

    /// Drops the connection: what can be written at once is, and nothing is waited for.
    package func terminate() {
        loop.assertOnLoop()
        flush()
        end(.terminated)
    }

    // MARK: ByteStreamHandler

    package func streamReadable() {
        guard case .running = phase else {
            discardInput()
            return
        }
        scheduleTurnEnd()
        for _ in 0..<Self.readsPerEvent {
            if engine.shouldPauseReading {
                waitForSlab()
                return
            }
            guard readOnce(), case .running = phase else { break }
        }
        if slabs.leasedBytes > Self.readAhead { loop.yield() }
    }

    package func streamWritable() {
        scheduleTurnEnd()
    }

    package func streamFailed(_ error: TransportError) {
        end(.transport(error))
    }

    package func turnEnded() {
        isScheduled = false
        drainEvents()
        flush()
        // What was written may have made room for more, or have been the last.
        drainEvents()
        switch phase {
        case .running: armTimer()
        case .lingering(let reason, _): if engine.isFinished { end(reason) }
        case .idle, .ended: break
        }
    }

    // MARK: Reading

    /// One read and what it brings; false when there is nothing more now.
    private func readOnce() -> Bool {
        let space = unsafe engine.receiveSpace()
        do throws(TransportError) {
            switch try unsafe stream.read(into: space) {
            case .bytes(let count):
                // Fewer than there was room for: the socket is empty.
                let isLast = count < space.count
                engine.received(count, at: loop.now)
                drainEvents()
                return !isLast
            case .wouldBlock:
                return false
            case .ended:
                engine.receiveEnded(at: loop.now)
                drainEvents()
                if case .running = phase { end(.connection(.streamEnded(midFrame: false))) }
                return false
            }
        } catch {
            end(.transport(error))
            return false
        }
    }

    /// The memory that may be out on lease is used up: the peer has to wait until some of it is back.
    private func waitForSlab() {
        guard !waitsForSlab else { return }
        waitsForSlab = true
        stream.pauseReading()
        slabs.whenAvailable { [self] in
            loop.execute { [self] in
                waitsForSlab = false
                if case .running = phase { stream.resumeReading() }
            }
        }
    }

    /// After the end of the protocol nothing is read for its meaning, but the peer's last bytes must not lie there: closing
    /// over them would reset the connection, and ours might be lost.
    private func discardInput() {
        guard case .lingering(let reason, _) = phase else { return }
        let result = unsafe withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 16) { buffer in
            Result { () throws(TransportError) in try unsafe stream.read(into: buffer) }
        }
        switch result {
        case .success(.bytes), .success(.wouldBlock): break
        case .success(.ended), .failure: end(reason)
        }
    }

    // MARK: Events, output, deadlines

    private func drainEvents() {
        // The handler may give commands, which need no second drain: this one goes on until nothing is left.
        guard !isHandling, let handler else { return }
        isHandling = true
        defer { isHandling = false }
        while isOpen, let event = engine.nextEvent() {
            handler.handle(event)
            if case .connectionClosed(let reason) = event { linger(.connection(reason)) }
        }
    }

    private func flush() {
        guard isOpen else { return }
        var failure: TransportError?
        var isBlocked = false
        var hasWritten = true
        while engine.hasOutput, !isBlocked, failure == nil, hasWritten {
            // Output that waits for something other than the stream is not offered.
            hasWritten = false
            unsafe engine.withOutput { buffers in
                hasWritten = true
                do throws(TransportError) {
                    let taken = try unsafe stream.write(buffers)
                    if taken == 0 { isBlocked = true }
                    return taken
                } catch {
                    failure = error
                    return 0
                }
            }
        }
        if let failure {
            writingFailed(failure)
        } else if isOpen {
            stream.setWantsWrite(isBlocked)
        }
    }

    private var isOpen: Bool {
        switch phase {
        case .running, .lingering: true
        case .idle, .ended: false
        }
    }

    /// A peer that has gone may have said why: what it sent before is read first.
    private func writingFailed(_ error: TransportError) {
        if case .running = phase, !waitsForSlab {
            while case .running = phase, !engine.shouldPauseReading, readOnce() {}
        }
        end(.transport(error))
    }

    private func armTimer() {
        guard let deadline = engine.nextDeadline else { return }
        if let timer {
            // A timer that fires early costs less than moving it with every frame.
            if timer.deadline <= deadline { return }
            timer.cancel()
        }
        timer = loop.schedule(at: deadline) { [self] in timeReached() }
    }

    private func timeReached() {
        timer = nil
        guard case .running = phase else { return }
        // A peer whose bytes we do not read is not silent.
        if waitsForSlab { engine.received(0, at: loop.now) }
        engine.advance(to: loop.now)
        scheduleTurnEnd()
    }

    private func scheduleTurnEnd() {
        guard !isScheduled, isOpen else { return }
        isScheduled = true
        loop.atEndOfTurn(self)
    }

    // MARK: The end

    private func linger(_ reason: DriverEnd) {
        guard case .running = phase else { return }
        timer?.cancel()
        timer = nil
        let limit = loop.schedule(at: loop.now.advanced(by: Self.lingerTime)) { [self] in end(reason) }
        phase = .lingering(reason, limit)
        stream.resumeReading()
        scheduleTurnEnd()
    }

    private func end(_ reason: DriverEnd) {
        var reason = reason
        switch phase {
        case .ended: return
        case .lingering(let first, let limit):
            limit.cancel()
            reason = first
        case .idle, .running: break
        }
        phase = .ended
        timer?.cancel()
        timer = nil
        stream.close()
        let handler = self.handler
        self.handler = nil
        handler?.terminated(reason)
    }
}
