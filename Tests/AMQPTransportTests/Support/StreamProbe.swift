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

/// A user of a stream for tests: writes what it is told, keeps what it reads, and can be waited for.
final class StreamProbe: ByteStreamHandler, @unchecked Sendable {
    enum End: Sendable, Equatable {
        case ended
        case failed(TransportError)
    }

    let stream: any ByteStream

    // Confined to the loop.
    private(set) var received: [UInt8] = []
    private(set) var end: End?
    private(set) var readEvents = 0
    private var outgoing: [UInt8] = []
    private var waiters: [(count: Int, continuation: CheckedContinuation<([UInt8], End?), Never>)] = []

    init(_ stream: any ByteStream) {
        self.stream = stream
        stream.loop.execute { stream.activate(handler: self) }
    }

    /// Waits for `count` bytes in all, or the end.
    func wait(for count: Int = .max) async -> ([UInt8], End?) {
        await withCheckedContinuation { continuation in
            stream.loop.execute { [self] in
                waiters.append((count, continuation))
                wakeWaiters()
            }
        }
    }

    func write(_ bytes: [UInt8]) {
        stream.loop.execute { [self] in
            outgoing += bytes
            flush()
        }
    }

    func close() async {
        await withCheckedContinuation { continuation in
            stream.loop.execute { [self] in
                stream.close()
                continuation.resume()
            }
        }
    }

    func onLoop<Value: Sendable>(_ body: @escaping @Sendable (StreamProbe) -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            stream.loop.execute { [self] in continuation.resume(returning: body(self)) }
        }
    }

    func streamReadable() {
        readEvents += 1
        guard end == nil else { return }
        do {
            let result = try withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { buffer in
                let result = Result { () throws(TransportError) in try stream.read(into: buffer) }
                if case .success(.bytes(let count)) = result { received += buffer.prefix(count) }
                return result
            }
            .get()
            if result == .ended { finish(.ended) }
        } catch {
            finish(.failed(error))
        }
        wakeWaiters()
    }

    func streamWritable() {
        flush()
    }

    func streamFailed(_ error: TransportError) {
        finish(.failed(error))
        wakeWaiters()
    }

    private func finish(_ end: End) {
        if self.end == nil { self.end = end }
        stream.pauseReading()
    }

    private func flush() {
        do {
            while !outgoing.isEmpty {
                // Two buffers, so that gathering is tested too.
                let taken = try outgoing.withUnsafeBytes { bytes in
                    let half = bytes.count / 2
                    let parts = [
                        UnsafeRawBufferPointer(rebasing: bytes[..<half]),
                        UnsafeRawBufferPointer(rebasing: bytes[half...]),
                    ]
                    return Result { () throws(TransportError) in try stream.write(parts) }
                }
                .get()
                if taken == 0 { break }
                outgoing.removeFirst(taken)
            }
            stream.setWantsWrite(!outgoing.isEmpty)
        } catch {
            outgoing = []
            finish(.failed(error))
            wakeWaiters()
        }
    }

    private func wakeWaiters() {
        waiters.removeAll { waiter in
            guard received.count >= waiter.count || end != nil else { return false }
            waiter.continuation.resume(returning: (received, end))
            return true
        }
    }
}
