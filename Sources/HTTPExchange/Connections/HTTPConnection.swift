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

/// One connection to a server, for one request at a time. Confined to its loop.
final class HTTPConnection: ByteStreamHandler, @unchecked Sendable {
    private enum State {
        case idle
        /// Unused, until the timer closes it.
        case resting(LoopTimer)
        case busy(PendingRequest)
        case closed
    }

    private static let readSize = 32_768
    /// How many reads one readiness event may cost before other sockets have their turn.
    private static let readsPerEvent = 4

    private let stream: any ByteStream
    private weak var owner: OriginConnections?
    private var state = State.idle
    /// Whether it has waited unused: then the server may have closed it just now.
    private(set) var hasRested = false

    init(_ stream: any ByteStream, owner: OriginConnections) {
        self.stream = stream
        self.owner = owner
        stream.activate(handler: self)
    }

    /// Sends a request; what comes of it is the owner's `ended(_:_:on:isOpen:)`.
    func send(_ request: PendingRequest) {
        if case .resting(let timer) = state { timer.cancel() }
        state = .busy(request)
        write()
    }

    /// Waits for the next request, and closes when none comes in time.
    func rest(for duration: Duration) {
        hasRested = true
        let timer = stream.loop.schedule(at: stream.loop.now.advanced(by: duration)) { [weak self] in
            self?.endRest()
        }
        state = .resting(timer)
    }

    /// Whether the server has kept the connection open so far, as nothing tells but a read.
    func isStillOpen() -> Bool {
        let result = unsafe withUnsafeTemporaryAllocation(byteCount: 16, alignment: 1) { buffer in
            Result { () throws(TransportError) in try unsafe stream.read(into: buffer) }
        }
        return result == .success(.wouldBlock)
    }

    /// Closes at once; the owner hears nothing.
    func close() {
        if case .resting(let timer) = state { timer.cancel() }
        state = .closed
        stream.close()
    }

    // MARK: ByteStreamHandler

    func streamReadable() {
        for _ in 0..<Self.readsPerEvent {
            guard readOnce() else { return }
        }
    }

    func streamWritable() {
        write()
    }

    func streamFailed(_ error: TransportError) {
        if case .busy(let request) = state {
            end(request, .failure(request.parser.broken(reason: "\(error)")), isOpen: false)
        } else {
            endRest()
        }
    }

    // MARK: Input and output

    /// One read and what it brings; false when there is nothing more now.
    private func readOnce() -> Bool {
        guard case .busy(let request) = state else {
            // The server closes it, or says something that nobody has asked for; or TLS has something to itself.
            if !isStillOpen() { endRest() }
            return false
        }
        var isLast = false
        let result = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.readSize) { buffer in
            Result { () throws(HTTPFailure) in try unsafe read(into: buffer, for: request, &isLast) }
        }
        switch result {
        case .success(.incomplete):
            return !isLast
        case .success(.complete(let response, let keepsConnection)):
            // A server that answers before it has everything wants no more of it.
            let isOpen = keepsConnection && request.sent == request.bytes.count
            end(request, .success(response), isOpen: isOpen)
        case .failure(let error):
            end(request, .failure(error), isOpen: false)
        }
        return false
    }

    private func read(
        into buffer: UnsafeMutableBufferPointer<UInt8>,
        for request: PendingRequest,
        _ isLast: inout Bool
    ) throws(HTTPFailure) -> ResponseParser.Progress {
        let result: ReadResult
        do throws(TransportError) {
            result = try unsafe stream.read(into: UnsafeMutableRawBufferPointer(buffer))
        } catch {
            throw request.parser.broken(reason: "\(error)")
        }
        switch result {
        case .bytes(let count):
            // Fewer than there was room for: the socket is empty.
            isLast = count < buffer.count
            // count <= buffer.count, and so many bytes are written.
            return try unsafe request.parser.received(buffer.span.extracting(..<count))
        case .wouldBlock:
            isLast = true
            return .incomplete
        case .ended:
            return .complete(try request.parser.ended(), keepsConnection: false)
        }
    }

    private func write() {
        guard case .busy(let request) = state else { return }
        let bytes = request.bytes
        do throws(TransportError) {
            while request.sent < bytes.count {
                let sent = request.sent
                let taken = try unsafe bytes.span.bytes.withUnsafeBytes { bytes throws(TransportError) in
                    // sent < bytes.count
                    try unsafe stream.write([UnsafeRawBufferPointer(rebasing: bytes[sent...])])
                }
                guard taken > 0 else { break }
                request.sent += taken
            }
            stream.setWantsWrite(request.sent < bytes.count)
        } catch {
            writingFailed(request, error)
        }
    }

    /// A server that takes no more may have said why: what it sent before is read first.
    private func writingFailed(_ request: PendingRequest, _ error: TransportError) {
        while readOnce() {}
        guard case .busy(let current) = state, current === request else { return }
        end(request, .failure(request.parser.broken(reason: "\(error)")), isOpen: false)
    }

    private func end(_ request: PendingRequest, _ outcome: PendingRequest.Outcome, isOpen: Bool) {
        if isOpen {
            state = .idle
        } else {
            close()
        }
        owner?.ended(request, outcome, on: self, isOpen: isOpen)
    }

    private func endRest() {
        guard case .resting = state else { return }
        close()
        owner?.restEnded(self)
    }
}
