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

/// A stream that tells its user that there is something to read when there is nothing, as TLS does that has something to itself.
final class NudgedStream: ByteStream, @unchecked Sendable {
    private let base: any ByteStream
    /// Confined to the loop.
    private var handler: (any ByteStreamHandler)?

    init(_ base: any ByteStream) { self.base = base }

    var loop: EventLoop { base.loop }
    var peer: String { base.peer }
    var hasBufferedInput: Bool { base.hasBufferedInput }

    func nudge() async {
        await withCheckedContinuation { continuation in
            loop.execute { [self] in
                handler?.streamReadable()
                continuation.resume()
            }
        }
    }

    func activate(handler: any ByteStreamHandler) {
        self.handler = handler
        base.activate(handler: handler)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> ReadResult {
        try base.read(into: buffer)
    }

    func write(_ buffers: [UnsafeRawBufferPointer]) throws(TransportError) -> Int { try base.write(buffers) }
    func pauseReading() { base.pauseReading() }
    func resumeReading() { base.resumeReading() }
    func setWantsWrite(_ wantsWrite: Bool) { base.setWantsWrite(wantsWrite) }

    func close() {
        handler = nil
        base.close()
    }
}
