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

/// What a read found.
package enum ReadResult: Sendable, Hashable {
    /// So many bytes; fewer than there was room for means that no more are there now.
    case bytes(Int)
    case wouldBlock
    /// The peer sends no more.
    case ended
}

/// Who uses a stream; called on the stream's loop.
package protocol ByteStreamHandler: AnyObject {
    /// There is something to read: bytes, the end or an error.
    func streamReadable()
    /// There is room to write again; only after `setWantsWrite(true)`.
    func streamWritable()
    /// The stream broke outside of a read or write. It is to be closed.
    func streamFailed(_ error: TransportError)
}

/// A connected, non-blocking, bidirectional stream of bytes, confined to its loop.
package protocol ByteStream: AnyObject, Sendable {
    /// Where the stream is read, written and closed.
    var loop: EventLoop { get }
    /// The peer, for messages: host and port.
    var peer: String { get }
    /// Bytes have been taken from the system but not been read: the stream calls `streamReadable` again by itself.
    var hasBufferedInput: Bool { get }

    /// Starts reading and the calls to `handler`, which the stream keeps until it is closed or another takes over.
    func activate(handler: any ByteStreamHandler)

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> ReadResult

    /// Writes what fits of `buffers`, in order, and returns how many bytes that was; 0 means none for now. What was not
    /// taken must come first in the next call.
    func write(_ buffers: [UnsafeRawBufferPointer]) throws(TransportError) -> Int

    func pauseReading()
    func resumeReading()
    func setWantsWrite(_ wantsWrite: Bool)

    /// Closes at once; no calls to the handler follow. Closing twice does nothing.
    func close()
}

/// What is the first byte that can be read.
package enum PeekResult: Sendable, Hashable {
    case byte(UInt8)
    case wouldBlock
    /// The peer sends no more.
    case ended
}

/// A stream whose next byte can be looked at and left where it is.
package protocol PeekableByteStream: ByteStream {
    func peek() throws(TransportError) -> PeekResult
}
