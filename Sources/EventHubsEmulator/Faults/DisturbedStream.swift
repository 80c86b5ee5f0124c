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

import AMQPTransport

/// A client's stream, on which the network can be made to fail. Until it is, everything passes as it is. Confined to its loop.
final class DisturbedStream: ByteStream, @unchecked Sendable {
    /// How often a slow stream lets something pass, unless even one byte takes longer.
    private static let interval = Duration.milliseconds(20)

    private let base: any ByteStream

    // Confined to the loop.
    private var handler: (any ByteStreamHandler)?
    private var isStalled = false
    private var isClosed = false
    private var cutter: FrameCutter?
    private var pace: Pace?

    init(_ base: any ByteStream) {
        self.base = base
    }

    var loop: EventLoop { base.loop }
    var peer: String { base.peer }
    var hasBufferedInput: Bool { base.hasBufferedInput }

    // MARK: What can be done to it

    /// Ends the stream in place of the frame of this number, counted from the stream's start, from 1.
    func cut(atFrame number: Int) {
        cutter = FrameCutter(lastFrame: number)
    }

    /// Lets no more than so many bytes per second pass in each direction.
    func slow(to rate: Int) {
        let bytes = max(rate * Int(Self.interval.wholeMilliseconds) / 1_000, 1)
        pace = Pace(bytes: bytes, interval: .nanoseconds(1_000_000_000 / max(rate, 1) * bytes))
    }

    /// Lets nothing pass any more.
    func stall() {
        isStalled = true
        base.pauseReading()
        base.setWantsWrite(false)
    }

    // MARK: ByteStream

    func activate(handler: any ByteStreamHandler) {
        self.handler = handler
        base.activate(handler: handler)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> ReadResult {
        guard !isStalled else { return .wouldBlock }
        guard cutter != nil || pace != nil else { return try base.read(into: buffer) }
        if cutter?.hasCut == true { return .ended }
        let room = min(buffer.count, pace?.readable ?? .max)
        guard room > 0 else {
            wait()
            return .wouldBlock
        }
        let result = try base.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]))
        guard case .bytes(let count) = result else { return result }
        pace?.readable -= count
        if pace?.readable == 0 { wait() }
        let passed = cutter?.pass(UnsafeRawBufferPointer(rebasing: buffer[..<count])) ?? count
        if cutter?.hasCut == true {
            // What came before has its turn first.
            loop.execute { [self] in handler?.streamReadable() }
            return passed == 0 ? .wouldBlock : .bytes(passed)
        }
        return result
    }

    func write(_ buffers: [UnsafeRawBufferPointer]) throws(TransportError) -> Int {
        guard !isStalled else { return 0 }
        guard pace != nil else { return try base.write(buffers) }
        var left = pace?.writable ?? 0
        var some: [UnsafeRawBufferPointer] = []
        for buffer in buffers where left > 0 {
            some.append(UnsafeRawBufferPointer(rebasing: buffer.prefix(left)))
            left -= some[some.count - 1].count
        }
        guard !some.isEmpty else { return 0 }
        let count = try base.write(some)
        pace?.writable -= count
        return count
    }

    func pauseReading() {
        pace?.isPaused = true
        base.pauseReading()
    }

    func resumeReading() {
        pace?.isPaused = false
        guard !isStalled, pace?.readable != 0 else { return }
        base.resumeReading()
    }

    func setWantsWrite(_ wantsWrite: Bool) {
        guard !isStalled else { return }
        if wantsWrite, pace?.writable == 0 {
            base.setWantsWrite(false)
            pace?.wantsWrite = true
            wait()
        } else {
            pace?.wantsWrite = false
            base.setWantsWrite(wantsWrite)
        }
    }

    func close() {
        isClosed = true
        handler = nil
        pace?.timer?.cancel()
        base.close()
    }

    // MARK: Pace

    private struct Pace {
        let bytes: Int
        let interval: Duration
        var readable: Int
        var writable: Int
        var isPaused = false
        var wantsWrite = false
        var timer: LoopTimer?

        init(bytes: Int, interval: Duration) {
            self.bytes = bytes
            self.interval = interval
            readable = bytes
            writable = bytes
        }
    }

    /// Reads and writes go on when the next interval begins.
    private func wait() {
        if pace?.readable == 0 { base.pauseReading() }
        guard let pace, pace.timer == nil else { return }
        self.pace?.timer = loop.schedule(at: loop.now.advanced(by: pace.interval)) { [self] in
            intervalBegan()
        }
    }

    private func intervalBegan() {
        guard let before = pace, !isClosed else { return }
        pace?.timer = nil
        pace?.readable = before.bytes
        pace?.writable = before.bytes
        guard !isStalled else { return }
        if before.wantsWrite {
            pace?.wantsWrite = false
            handler?.streamWritable()
        }
        guard before.readable == 0, !before.isPaused, !isClosed else { return }
        base.resumeReading()
        handler?.streamReadable()
    }
}

/// Finds the frames in what a client sends, to end the stream at one of them.
struct FrameCutter {
    private let lastFrame: Int
    private var frames = 0
    /// The bytes of the current frame's size, or of a protocol header's name, that have come.
    private var start: [UInt8] = []
    /// How many bytes of the current frame, or header, are still to come.
    private var rest = 0
    private(set) var hasCut = false

    init(lastFrame: Int) {
        self.lastFrame = lastFrame
    }

    /// How many of these bytes lie before the frame at which the stream ends.
    mutating func pass(_ bytes: UnsafeRawBufferPointer) -> Int {
        var position = 0
        while position < bytes.count, !hasCut {
            if rest > 0 {
                let count = min(rest, bytes.count - position)
                rest -= count
                position += count
                continue
            }
            start.append(bytes[position])
            position += 1
            guard start.count == 4 else { continue }
            if start == Array("AMQP".utf8) {
                rest = 4
            } else {
                frames += 1
                let size = start.reduce(0) { $0 << 8 | Int($1) }
                rest = max(size - 4, 0)
                hasCut = frames == lastFrame
            }
            start = []
        }
        return hasCut ? max(position - 4, 0) : position
    }
}
