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

/// The stream that the binary messages of a WebSocket make, over any other stream (RFC 6455).
///
/// Bytes are read into the reader's own buffer and decoded there. What is written goes out as one frame for each call, in
/// pieces of 64 KiB. Pings are answered, closes too. Where one message ends and the next begins is of no meaning. What changes is
/// confined to the loop of the stream below.
package final class WebSocketStream: ByteStream, ByteStreamHandler, @unchecked Sendable {
    enum Role: Sendable {
        case client
        case server
    }

    /// Why nothing more comes.
    private enum InputEnd {
        case ended
        case failed(TransportError)
    }

    private enum Phase {
        case idle
        case active(any ByteStreamHandler)
        /// The user has gone; the peer's close is waited for.
        case closing(LoopTimer)
        case closed
    }

    /// No frame may carry more: far above what any AMQP peer sends.
    static let maximumPayload = 16 * 1024 * 1024
    /// How long the peer may take to answer our close.
    private static let closeTime = Duration.seconds(1)

    package let loop: EventLoop
    package let peer: String

    // Confined to the loop.
    private let stream: any ByteStream
    private let role: Role
    private var decoder: WebSocketDecoder
    private var staging = WebSocketWriteStaging()
    private var phase = Phase.idle
    private var isPaused = false
    private var wantsWrite = false
    /// What came together with the handshake, not decoded yet.
    private var early: ArraySlice<UInt8>
    private var inputEnd: InputEnd?
    /// The answer to the peer's last ping.
    private var pendingPong: [UInt8]?
    private var pendingClose: WebSocketCloseReason?
    private var hasSentClose = false

    /// - Parameters:
    ///   - stream: The stream below, after the handshake.
    ///   - role: Our end.
    ///   - early: Bytes that came right behind the handshake.
    ///   - response: A server's last word of the handshake, still to be written.
    init(over stream: any ByteStream, as role: Role, early: [UInt8], response: [UInt8] = []) {
        self.stream = stream
        self.role = role
        self.early = early[...]
        loop = stream.loop
        peer = stream.peer
        decoder = WebSocketDecoder(
            framesOf: role == .client ? .server : .client,
            maximumPayload: Self.maximumPayload
        )
        guard !response.isEmpty else { return }
        staging.fill(raw: response)
        flushControl()
    }

    // MARK: ByteStream

    package var hasBufferedInput: Bool { !early.isEmpty || inputEnd != nil || stream.hasBufferedInput }

    package func activate(handler: any ByteStreamHandler) {
        loop.assertOnLoop()
        switch phase {
        case .idle, .active: break
        case .closing, .closed: return
        }
        phase = .active(handler)
        isPaused = false
        stream.activate(handler: self)
        flushControl()
        if !early.isEmpty || inputEnd != nil { readAgain() }
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> ReadResult {
        guard isOpen else { throw Self.closedError(.read) }
        var total = 0
        while total < buffer.count, inputEnd == nil {
            // total < buffer.count: the slice is inside the buffer.
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[total...])
            guard let count = unsafe readEncoded(into: rest) else { break }
            total += unsafe decode(UnsafeMutableRawBufferPointer(rebasing: rest.prefix(count)))
            // Fewer than there was room for: the stream below is empty.
            if count < rest.count, early.isEmpty { break }
        }
        if total > 0 {
            if inputEnd != nil { readAgain() }
            return .bytes(total)
        }
        switch inputEnd {
        case nil: return .wouldBlock
        case .ended: return .ended
        case .failed(let error): throw error
        }
    }

    package func write(_ buffers: [UnsafeRawBufferPointer]) throws(TransportError) -> Int {
        guard isOpen, !hasSentClose else { throw Self.closedError(.write) }
        var taken = 0
        while unsafe fillStaging(from: buffers, skipping: taken) {
            let (count, payload) = try writeStaged()
            taken += payload
            if count == 0 { break }
        }
        updateWantsWrite()
        return taken
    }

    package func pauseReading() {
        isPaused = true
        stream.pauseReading()
    }

    package func resumeReading() {
        guard isPaused else { return }
        isPaused = false
        stream.resumeReading()
        if !early.isEmpty || inputEnd != nil { readAgain() }
    }

    package func setWantsWrite(_ wantsWrite: Bool) {
        self.wantsWrite = wantsWrite
        updateWantsWrite()
    }

    /// Says that no more comes, and lets the peer have a moment to say the same before the stream below is closed.
    package func close() {
        loop.assertOnLoop()
        guard isOpen else { return }
        if !hasSentClose, pendingClose == nil { pendingClose = WebSocketCloseReason(code: WebSocketCloseReason.normal) }
        flushControl()
        // A frame that is cut off, or a peer that is done: there is nothing to wait for.
        guard hasSentClose, staging.isEmpty, inputEnd == nil else {
            finish()
            return
        }
        phase = .closing(loop.schedule(at: loop.now.advanced(by: Self.closeTime)) { [self] in finish() })
        early = []
        stream.setWantsWrite(false)
        stream.resumeReading()
    }

    // MARK: ByteStreamHandler

    package func streamReadable() {
        switch phase {
        case .active(let handler): handler.streamReadable()
        case .closing: discardInput()
        case .idle, .closed: break
        }
    }

    package func streamWritable() {
        flushControl()
        if wantsWrite, case .active(let handler) = phase { handler.streamWritable() }
    }

    package func streamFailed(_ error: TransportError) {
        switch phase {
        case .active(let handler): handler.streamFailed(error)
        case .closing: finish()
        case .idle, .closed: break
        }
    }

    // MARK: Input

    /// The next bytes of the WebSocket, as they are; nil when there are none, or no more.
    private func readEncoded(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        if !early.isEmpty {
            let piece = early.prefix(buffer.count)
            // piece.count <= buffer.count
            unsafe buffer.copyBytes(from: piece)
            early = early.dropFirst(piece.count)
            return piece.count
        }
        do throws(TransportError) {
            switch try unsafe stream.read(into: buffer) {
            case .bytes(let count): return count
            case .wouldBlock: return nil
            case .ended: inputEnd = .ended
            }
        } catch {
            inputEnd = .failed(error)
        }
        return nil
    }

    /// Decodes bytes in place, acts on what was not for the reader, and returns how many are.
    private func decode(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
        let input = unsafe decoder.decode(bytes)
        if let ping = input.ping { pendingPong = ping }
        switch input.end {
        case nil: break
        case .closed(let reason):
            inputEnd = reason.isOrderly ? .ended : .failed(Self.closed(by: reason))
            pendingClose = WebSocketCloseReason(code: reason.code)
        case .violation(let violation):
            inputEnd = .failed(
                TransportError(code: .protocolViolation, operation: .read, reason: "WebSocket: \(violation)")
            )
            pendingClose = WebSocketCloseReason(code: violation.closeCode, text: "\(violation)")
        }
        if input.ping != nil || input.end != nil { flushControl() }
        return input.payload
    }

    /// Waits for the peer's close; what comes before it is of no interest any more.
    private func discardInput() {
        let isOver = unsafe withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 16) { buffer in
            guard let count = unsafe readEncoded(into: buffer) else { return inputEnd != nil }
            _ = unsafe decode(UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(count)))
            return inputEnd != nil
        }
        if isOver { finish() }
    }

    private func readAgain() {
        loop.execute { [self] in
            guard case .active(let handler) = phase, !isPaused else { return }
            handler.streamReadable()
        }
    }

    // MARK: Output

    /// Writes the control frames that are due, as far as they fit now.
    private func flushControl() {
        do throws(TransportError) {
            while unsafe fillStaging(from: [], skipping: 0) {
                // What is left of a frame of the user's comes with the user's next write.
                guard staging.isControl else { break }
                if try writeStaged().count == 0 { break }
            }
            updateWantsWrite()
        } catch {
            if inputEnd == nil { inputEnd = .failed(error) }
            staging = WebSocketWriteStaging()
            hasSentClose = true
        }
    }

    /// Makes the next frame unless there is one; false when there is nothing to make one from.
    private func fillStaging(from buffers: [UnsafeRawBufferPointer], skipping taken: Int) -> Bool {
        guard staging.isEmpty else { return true }
        guard !hasSentClose else { return false }
        if let pong = pendingPong {
            pendingPong = nil
            staging.fill(.pong, pong, mask: mask())
            return true
        }
        if let reason = pendingClose {
            pendingClose = nil
            hasSentClose = true
            staging.fill(.close, reason.payload, mask: mask())
            return true
        }
        return unsafe staging.fill(from: buffers, skipping: taken, mask: mask())
    }

    /// Writes of the frame that is staged: how many bytes, and how many of them were the user's.
    private func writeStaged() throws(TransportError) -> (count: Int, payload: Int) {
        let stream = self.stream
        let result = unsafe staging.withBytes { bytes in
            Result { () throws(TransportError) in try unsafe stream.write([bytes]) }
        }
        let count = try result.get()
        return (count, staging.wrote(count))
    }

    private func mask() -> WebSocketMask? {
        role == .client ? .random() : nil
    }

    private func updateWantsWrite() {
        let controlWaits =
            staging.isControl || staging.isEmpty && !hasSentClose && (pendingPong != nil || pendingClose != nil)
        stream.setWantsWrite(wantsWrite || controlWaits)
    }

    // MARK: The end

    private var isOpen: Bool {
        switch phase {
        case .idle, .active: true
        case .closing, .closed: false
        }
    }

    private func finish() {
        if case .closing(let timer) = phase { timer.cancel() }
        phase = .closed
        stream.close()
    }

    private static func closedError(_ operation: TransportError.Operation) -> TransportError {
        TransportError(code: .closed, operation: operation, reason: "the stream is closed")
    }

    private static func closed(by reason: WebSocketCloseReason) -> TransportError {
        let text = reason.text.isEmpty ? "" : ": \(reason.text)"
        return TransportError(
            code: .connectionReset,
            operation: .read,
            reason: "the peer closed the WebSocket with code \(reason.code ?? 0)\(text)"
        )
    }
}
