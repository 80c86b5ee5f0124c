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

/// Writes the head of a message, if there is one to write, and reads the head that comes next. Confined to the stream's
/// loop.
///
/// Afterwards the stream is open and paused, for whoever activates it next; after a failure it is closed.
final class HeadExchange: ByteStreamHandler, @unchecked Sendable {
    /// A head, and the bytes behind it that came with it.
    typealias Answer = (head: HTTPHead, rest: [UInt8])
    typealias Completion = @Sendable (Result<Answer, TransportError>) -> Void

    private let stream: any ByteStream
    private var outgoing: [UInt8]
    private var reader = HTTPHeadReader()
    private var waiting: (completion: Completion, timer: LoopTimer)?

    init(on stream: any ByteStream, writing outgoing: [UInt8] = []) {
        self.stream = stream
        self.outgoing = outgoing
    }

    /// `completion` is called once, on the loop.
    func start(deadline: ContinuousClock.Instant, completion: @escaping Completion) {
        stream.loop.assertOnLoop()
        let timer = stream.loop.schedule(at: deadline) { [self] in fail(.timedOut, "no answer in time") }
        waiting = (completion, timer)
        stream.activate(handler: self)
        flush()
    }

    /// Gives up from outside.
    func cancel() {
        fail(.cancelled, "cancelled")
    }

    func streamReadable() {
        while waiting != nil {
            do throws(TransportError) {
                switch try readPiece() {
                case .some(let piece) where piece.isEmpty:
                    fail(.handshakeFailed, "the peer closed the connection before it had answered")
                case .some(let piece):
                    guard let (head, rest) = try take(piece) else { continue }
                    stream.pauseReading()
                    finish(.success((head, Array(rest))))
                case nil:
                    return
                }
            } catch {
                fail(error)
            }
        }
    }

    func streamWritable() {
        flush()
    }

    func streamFailed(_ error: TransportError) {
        fail(error)
    }

    /// Nil when there is nothing now, empty at the end.
    private func readPiece() throws(TransportError) -> [UInt8]? {
        var piece = [UInt8](repeating: 0, count: 4_096)
        let stream = self.stream
        let result = unsafe piece.withUnsafeMutableBytes { buffer in
            Result { () throws(TransportError) in try unsafe stream.read(into: buffer) }
        }
        switch try result.get() {
        case .bytes(let count): return Array(piece.prefix(count))
        case .wouldBlock: return nil
        case .ended: return []
        }
    }

    private func take(_ piece: [UInt8]) throws(TransportError) -> (head: HTTPHead, rest: ArraySlice<UInt8>)? {
        do throws(HTTPHeadError) {
            return try reader.take(piece[...])
        } catch {
            throw TransportError(code: .handshakeFailed, operation: .handshake, reason: "not HTTP: \(error)")
        }
    }

    private func flush() {
        while waiting != nil, !outgoing.isEmpty {
            let stream = self.stream
            let result = unsafe outgoing.withUnsafeBytes { bytes in
                Result { () throws(TransportError) in try unsafe stream.write([bytes]) }
            }
            switch result {
            case .success(0):
                stream.setWantsWrite(true)
                return
            case .success(let count):
                outgoing.removeFirst(count)
            case .failure(let error):
                fail(error)
            }
        }
        stream.setWantsWrite(false)
    }

    private func fail(_ code: TransportError.Code, _ reason: String) {
        fail(TransportError(code: code, operation: .handshake, reason: reason))
    }

    private func fail(_ error: TransportError) {
        guard waiting != nil else { return }
        stream.close()
        finish(.failure(error))
    }

    private func finish(_ result: Result<Answer, TransportError>) {
        guard let (completion, timer) = waiting else { return }
        waiting = nil
        timer.cancel()
        completion(result)
    }
}

extension TransportError {
    /// The error for an answer that is a refusal. What a client has done wrong it will do wrong again; a server that is in
    /// trouble may be out of it soon.
    init(refusal head: HTTPResponseHead, by whom: String, hint: String = "") {
        let isPermanent = (400...499).contains(head.status) && ![408, 425, 429].contains(head.status)
        let reason = head.reason.isEmpty ? "" : " \(head.reason)"
        self.init(
            code: isPermanent ? .handshakeRefused : .handshakeFailed,
            operation: .handshake,
            reason: "\(whom) answered with status \(head.status)\(reason)\(hint)"
        )
    }
}
