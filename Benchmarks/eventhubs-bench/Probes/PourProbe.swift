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

internal import ArgumentParser

/// The reference of sending: as many bytes written to a socket whose other end drops them.
struct PourProbe: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "pour")

    @Option var events: Int
    @Option var bodySize: Int
    @Option(help: "Bytes that an event takes on the wire besides its body.") var overhead: Int

    private static let writeSize = 128 * 1024

    func run() throws {
        let dropping = try Launcher.bound().startSource(.own("replay", "--discard", "--end-with-input"))
        defer { withExtendedLifetime(dropping) {} }
        guard let port = UInt16(dropping.port) else { throw StreamEnded() }
        let socket = try BlockingSocket.connect(port: port)
        defer { socket.close() }
        let bytes = [UInt8](repeating: 0x5a, count: Self.writeSize)
        let meter = Meter()
        meter.begin()
        var rest = events * (bodySize + overhead)
        while rest > 0 {
            let count = min(rest, bytes.count)
            guard bytes.withUnsafeBytes({ socket.send(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }) else {
                throw StreamEnded()
            }
            rest -= count
        }
        socket.endOutput()
        var last: [UInt8] = [0]
        // The other end closes when it has read everything.
        while last.withUnsafeMutableBytes({ socket.receive(into: $0) }) != nil {}
        meter.finish(events: events, bodyBytes: events * bodySize)
        if let measurement = meter.measurement { print(measurement.json) }
    }
}
