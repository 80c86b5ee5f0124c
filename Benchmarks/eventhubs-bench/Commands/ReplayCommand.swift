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
        abstract: "Replay events to receivers and accept everything from senders, as fast as credit allows."
    )

    @Option(help: "The loopback port to listen on; 0 takes a free one.")
    var port: UInt16 = 0

    @Option(help: "Bytes in an event's body.")
    var bodySize = 100

    @Option(help: "Partitions that the management node tells of.")
    var partitions = 1

    mutating func validate() throws {
        guard bodySize >= 1, bodySize <= 60_000, partitions >= 1, partitions <= 2048 else {
            throw ValidationError("--body-size has to be from 1 to 60000 and --partitions from 1 to 2048")
        }
    }

    func run() throws {
        let listener = try ReplaySocket.listen(port: port)
        print("ready 127.0.0.1:\(listener.localPort)")
        fflush(nil)
        let (bodySize, partitions) = (bodySize, partitions)
        while let socket = listener.accept() {
            Thread.detachNewThread {
                var connection = ReplayConnection(socket: socket, bodySize: bodySize, partitionCount: partitions)
                connection.run()
                socket.close()
            }
        }
    }
}
