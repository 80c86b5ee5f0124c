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
internal import ArgumentParser

/// The reference of receiving: the same bytes read off a socket, and not looked at.
struct DrainProbe: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "drain")

    @Option var port: UInt16
    @Option var events: Int
    @Option var bodySize: Int
    @Option(help: "Events on their way at most, as a receiver has them.") var credit = 20_000
    @Flag var tls = false

    /// Read sizes that stay in a processor's second-level cache cost least.
    private static let readSize = 128 * 1024

    /// What has to be there before it is read at all. A reader that takes every piece as it comes fetches it from the other
    /// processor's cache, and is woken for each: that costs more than half as much again.
    private static let lowWater = 1024 * 1024

    func run() throws {
        var socket = try BlockingSocket.connect(port: port)
        if tls { socket = try socket.secured(by: .client()) }
        defer { socket.close() }
        let window = UInt32(max(2, min(credit, Self.windowBytes / bodySize)))
        try attach(socket)
        try grant(window, after: 0, on: socket)

        let frame = EventFrames(bodySize: bodySize, channel: 0, handle: 0, count: 1)
        var rest = frame.frameSize * events
        let lowWater = min(Self.lowWater, Int(window) / 4 * frame.frameSize)
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.readSize, alignment: 64)
        defer { space.deallocate() }
        let meter = Meter()
        var granted = 0
        while rest > 0 {
            guard let count = socket.receive(into: space, waiting: tls) else { throw StreamEnded() }
            if count == 0 {
                socket.wait(forAtLeast: rest > 2 * lowWater ? lowWater : 1)
                continue
            }
            meter.begin()
            rest -= count
            let drained = events - rest / frame.frameSize
            if drained - granted >= Int(window) / 2, rest > 0 {
                try grant(window, after: UInt32(truncatingIfNeeded: drained), on: socket)
                granted = drained
            }
        }
        meter.finish(events: events, bodyBytes: events * bodySize)
        if let measurement = meter.measurement { print(measurement.json) }
    }

    /// Bytes on their way at most, as a receiver has them.
    private static let windowBytes = 32 * 1024 * 1024

    /// Opens a link on a session whose window is as large as there is.
    private func attach(_ socket: BlockingSocket) throws {
        var writer = ByteWriter(capacity: 1024)
        writer.append(contentsOf: [0x41, 0x4d, 0x51, 0x50, 0, 1, 0, 0])
        FrameEncoder.write(.open(Open(containerID: "drain", maxFrameSize: 65536)), channel: 0, into: &writer)
        FrameEncoder.write(
            .begin(Begin(nextOutgoingID: 1, incomingWindow: .max / 2, outgoingWindow: 1)),
            channel: 0,
            into: &writer
        )
        var attach = Attach(name: "drain", handle: 0, role: .receiver)
        attach.source = Source(address: "replay/Partitions/0")
        FrameEncoder.write(.attach(attach), channel: 0, into: &writer)
        guard writer.withUnsafeBytes({ socket.send($0) }) else { throw StreamEnded() }
        try skipHeader(of: socket)
        // Open, begin and attach: the events come when there is credit.
        for _ in 0..<3 { try skipFrame(of: socket) }
    }

    /// Grants credit for `window` events behind the first `count`: a receiver does so too, once for each half of its window.
    private func grant(_ window: UInt32, after count: UInt32, on socket: BlockingSocket) throws {
        let flow = Flow(
            nextIncomingID: 1 &+ count,
            incomingWindow: .max / 2,
            nextOutgoingID: 1,
            outgoingWindow: 1,
            handle: 0,
            deliveryCount: count,
            linkCredit: window
        )
        var writer = ByteWriter(capacity: 64)
        FrameEncoder.write(.flow(flow), channel: 0, into: &writer)
        guard writer.withUnsafeBytes({ socket.send($0) }) else { throw StreamEnded() }
    }

    private func skipHeader(of socket: BlockingSocket) throws { _ = try receive(8, from: socket) }

    private func skipFrame(of socket: BlockingSocket) throws {
        let size = try receive(4, from: socket).reduce(0) { $0 << 8 | Int($1) }
        _ = try receive(size - 4, from: socket)
    }

    private func receive(_ count: Int, from socket: BlockingSocket) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard bytes.withUnsafeMutableBytes({ socket.receiveAll(into: $0) }) else { throw StreamEnded() }
        return bytes
    }
}

/// The load source closed the connection too early.
struct StreamEnded: Error, CustomStringConvertible {
    var description: String { "the load source closed the connection" }
}
