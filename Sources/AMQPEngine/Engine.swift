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

internal import AMQPCodec

/// One end of one AMQP 1.0 connection, client or server, without any I/O.
///
/// Whoever owns an engine does four things, in this order whenever something happens:
///
/// 1. **Tell it facts**: bytes that arrived (``receiveSpace()``, ``received(_:at:)``), the end of the stream, the time.
/// 2. **Drain its events**: ``nextEvent()`` until nil, and answer with commands (`open`, `beginSession`, `attachSender`, `send`, …).
/// 3. **Write its output**: ``withOutput(_:)`` as long as ``hasOutput``.
/// 4. **Come back** at ``nextDeadline``, and close the stream when ``isFinished``.
///
/// An engine reads no clock, starts no task and calls nobody. A command throws ``UsageError`` when the caller is wrong; whatever the
/// peer does wrong ends the link, session or connection that the specification names, and is reported as an event.
///
/// Who handles which frame (the outer layer acts first, the inner one on what is left):
///
/// | Frame | Connection | Session | Link |
/// | --- | --- | --- | --- |
/// | open, close | handles | | |
/// | begin, end | finds the session by channel | handles | |
/// | attach, detach | finds the session | finds the link by handle or name | handles |
/// | flow | finds the session | window, echo | credit, drain, echo |
/// | transfer | finds the session | window | credit, assembles the delivery |
/// | disposition | finds the session | finds the deliveries by id | |
/// | empty | idle time-out | | |
///
/// Whole transfers of a layout that the link has seen before do not even get decoded: ``TransferIntake`` takes runs of them, and the
/// same windows and credits count them.
package struct Engine: ~Copyable {
    package typealias Instant = ContinuousClock.Instant

    let configuration: EngineConfiguration
    let slabs: SlabPool
    var connection: ConnectionStateMachine
    var remoteMaxFrameSize = FrameHeader.minimumMaxFrameSize
    var remoteChannelMax = UInt16.max
    var channels: ChannelTable
    var sessions = SlotTable<SessionEndpoint>()
    var senders = SlotTable<SenderLink>()
    var receivers = SlotTable<ReceiverLink>()
    /// Names of links that are attached or about to be.
    var linkNames: Set<LinkName> = []

    var intake: FrameIntake
    var output = OutputBuffer()
    /// Encodes performatives before they are copied to the output.
    var writer = ByteWriter(capacity: 1024)
    var events = FIFO<EngineEvent>()

    var now: Instant
    var idle: IdleTimeout
    var deadlines = Deadlines()
    /// Why the connection ended, once that has been reported.
    var end: ConnectionEnd?

    /// Work for the next flush.
    var listedSessions: [SessionID] = []
    var flowingReceivers: [LinkID] = []
    var flowingSenders: [LinkID] = []
    var readySenders = FIFO<LinkID>()
    /// Senders whose owner waits for window or output, see ``sendSettled(_:prefix:message:)``.
    var waitingSenders: [LinkID] = []
    /// Receivers with deliveries to hand over at the end of this read.
    var deliveringReceivers: [LinkID] = []
    /// Scratch for visits of unsettled deliveries.
    var runs: [UnsettledDeliveries.Run] = []

    /// An engine for a stream that came up at `now`, from when on the handshake has to be done in time. Incoming bytes are kept
    /// in slabs of `slabs`.
    package init(configuration: EngineConfiguration, slabs: SlabPool, now: Instant) {
        self.configuration = configuration
        self.slabs = slabs
        self.now = now
        connection = ConnectionStateMachine(policy: configuration.headerPolicy)
        channels = ChannelTable(channelMax: configuration.channelMax)
        let frameSize = max(Int(configuration.maxFrameSize), FrameHeader.minimumMaxFrameSize)
        intake = FrameIntake(pool: slabs, maximumFrameSize: frameSize)
        idle = IdleTimeout(limit: configuration.idleTimeOut, keepAlive: configuration.keepAlive, now: now)
        deadlines.set(.handshake, at: now.advanced(by: configuration.handshakeTimeout))
    }

    // MARK: Facts

    /// Where the next bytes from the stream have to be written; valid until the next call on the engine.
    package mutating func receiveSpace() -> UnsafeMutableRawBufferPointer { unsafe intake.receiveSpace() }

    /// Whether reading should pause because the slab pool's budget is used up; see `SlabPool.whenAvailable`.
    package var shouldPauseReading: Bool { intake.needsSlabFromExhaustedPool }

    /// Fact: `count` bytes have been written to the space that ``receiveSpace()`` gave.
    package mutating func received(_ count: Int, at now: Instant) {
        self.now = now
        idle.bytesReceived(at: now)
        intake.received(count)
        processInput()
    }

    /// Fact: bytes have arrived. Copies them; for tests and small things.
    package mutating func receive(_ bytes: [UInt8], at now: Instant) {
        var rest = bytes[...]
        repeat {
            let space = unsafe receiveSpace()
            let count = min(space.count, rest.count)
            // The prefix is as long as the space at most.
            unsafe space.copyBytes(from: rest.prefix(count))
            rest = rest.dropFirst(count)
            received(count, at: now)
        } while !rest.isEmpty && !connection.isEnded
    }

    /// Fact: the stream has ended, in good order or not. Nothing that is left to write will be.
    package mutating func receiveEnded(at now: Instant) {
        self.now = now
        let midFrame = intake.unconsumedCount > 0
        connection.terminate()
        reportEnd(.streamEnded(midFrame: midFrame))
        output.removeAll()
    }

    /// Fact: this much time has passed.
    package mutating func advance(to now: Instant) {
        self.now = now
        guard !connection.isEnded else { return }
        while let reached = deadlines.takeReached(now) {
            switch reached {
            case .handshake: terminate(.handshakeTimedOut)
            case .close: terminate(.closeTimedOut)
            }
        }
        switch idle.timeReached(now) {
        case .none: break
        case .sendEmptyFrame: writeEmptyFrame()
        case .timedOut: idleTimedOut()
        }
    }

    /// When ``advance(to:)`` has to be called next; nil: not before something else happens.
    package var nextDeadline: Instant? {
        guard !connection.isEnded else { return nil }
        switch (deadlines.next, idle.deadline) {
        case (let first?, let second?): return min(first, second)
        case (let only?, nil), (nil, let only?): return only
        case (nil, nil): return nil
        }
    }

    // MARK: Output

    /// The next thing to know; drain until nil after every fact.
    package mutating func nextEvent() -> EngineEvent? { events.popFirst() }

    /// Whether ``withOutput(_:)`` has something to write.
    package var hasOutput: Bool {
        output.count > 0 || !listedSessions.isEmpty || !flowingReceivers.isEmpty || !flowingSenders.isEmpty
            || !readySenders.isEmpty
    }

    /// Hands what is to be written to `body`, in order; `body` returns how many bytes the stream took.
    package mutating func withOutput(_ body: ([UnsafeRawBufferPointer]) -> Int) {
        prepareOutput()
        let before = output.count
        unsafe output.withBuffers(body)
        if output.count < before { idle.bytesSent(at: now) }
        reportRoom()
    }

    /// Bytes that wait to be written.
    package var outputCount: Int { output.count }

    /// Whether the connection is over and everything has been written: close the stream.
    package var isFinished: Bool { connection.isEnded && output.count == 0 }

    /// Whether both opens have been exchanged and no close.
    package var isOpen: Bool { connection.isOpened }

    /// Gives memory back that an idle connection does not need.
    package mutating func releaseIdleMemory() { intake.releaseIfIdle() }
}
