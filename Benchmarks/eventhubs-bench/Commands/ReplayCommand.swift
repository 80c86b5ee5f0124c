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
import Foundation

/// The load source: an AMQP 1.0 listener that replays events, in a process of its own.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Replay events to receivers and accept everything from senders, as fast as credit allows.",
        discussion: "Prints `ready 127.0.0.1:PORT`."
    )

    @Option(help: "The loopback port to listen on; 0 takes a free one.")
    var port: UInt16 = 0

    @Option(help: "Bytes in an event's body.")
    var bodySize = 100

    @Option(help: "Partitions that the management node tells of.")
    var partitions = 1

    @Flag(help: "Speak TLS, with the certificate of the tests.")
    var tls = false

    @Flag(help: "Speak no protocol: read whatever comes and drop it.")
    var discard = false

    @Flag(help: "End when standard input does: for those who start it and may be killed.")
    var endWithInput = false

    mutating func validate() throws {
        guard bodySize >= 1, bodySize <= 60_000, partitions >= 1, partitions <= 2048 else {
            throw ValidationError("--body-size has to be from 1 to 60000 and --partitions from 1 to 2048")
        }
    }

    func run() throws {
        let listener = try BlockingSocket.listen(port: port)
        let tls = tls ? try BlockingTLS.server() : nil
        Output.line("ready 127.0.0.1:\(listener.localPort)")
        if endWithInput { endWithStandardInput() }
        let (bodySize, partitions, discard) = (bodySize, partitions, discard)
        while let accepted = listener.accept() {
            Thread.detachNewThread {
                let socket = tls.map { try? accepted.secured(by: $0) } ?? accepted
                if let socket, discard {
                    Self.drop(from: socket)
                } else if let socket {
                    var connection = ReplayConnection(socket: socket, bodySize: bodySize, partitionCount: partitions)
                    connection.run()
                }
                (socket ?? accepted).close()
            }
        }
    }

    private static func drop(from socket: BlockingSocket) {
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 64)
        defer { space.deallocate() }
        while socket.receive(into: space) != nil {}
    }
}

/// Ends this process when whoever started it closes its standard input, or is gone.
func endWithStandardInput() {
    Thread.detachNewThread {
        while readLine() != nil {}
        // Not `exit`, which would take away what other threads still use.
        _exit(0)
    }
}
