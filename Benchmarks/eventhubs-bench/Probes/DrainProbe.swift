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
    @Flag var tls = false

    /// Read sizes that stay in a processor's second-level cache cost least.
    private static let readSize = 128 * 1024

    func run() throws {
        var socket = try BlockingSocket.connect(port: port)
        if tls { socket = try socket.secured(by: .client()) }
        defer { socket.close() }
        try attach(socket)

        let frame = EventFrames(bodySize: bodySize, channel: 0, handle: 0, count: 1)
        var rest = frame.frameSize * events
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.readSize, alignment: 64)
        defer { space.deallocate() }
        let meter = Meter()
        while rest > 0 {
            guard let count = socket.receive(into: space) else { throw StreamEnded() }
            meter.begin()
            rest -= count
        }
        meter.finish(events: events, bodyBytes: events * bodySize)
        if let measurement = meter.measurement { print(measurement.json) }
    }

    /// Opens a link with credit for all events and a window as large as there is, so that nothing has to be written again.
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
        let flow = Flow(
            nextIncomingID: 1,
            incomingWindow: .max / 2,
            nextOutgoingID: 1,
            outgoingWindow: 1,
            handle: 0,
            deliveryCount: 0,
            linkCredit: UInt32(events)
        )
        guard writer.withUnsafeBytes({ socket.send($0) }) else { throw StreamEnded() }
        try skipHeader(of: socket)
        // Open, begin and attach: the events come when there is credit.
        for _ in 0..<3 { try skipFrame(of: socket) }
        writer.reset()
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
