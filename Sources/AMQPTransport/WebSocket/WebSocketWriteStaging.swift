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

/// The frame that is on its way out. What could not be written of it is kept: its length is promised, and nothing may
/// come between its bytes.
struct WebSocketWriteStaging {
    /// The most that one frame carries: what a length of two bytes can say.
    static let maximumPayload = 65_535

    private var bytes: [UInt8] = []
    private var written = 0
    /// Where the bytes begin that somebody waits to hear of.
    private var payloadStart = 0

    var isEmpty: Bool { bytes.isEmpty }

    /// What is staged is nobody's payload.
    var isControl: Bool { !bytes.isEmpty && payloadStart == bytes.count }

    /// Makes the next binary frame from `buffers`, of which `offset` bytes are done; false when nothing is left of them.
    mutating func fill(
        from buffers: [UnsafeRawBufferPointer],
        skipping offset: Int,
        mask: @autoclosure () -> WebSocketMask?
    ) -> Bool {
        let total = unsafe buffers.reduce(0) { $0 + $1.count } - offset
        guard total > 0 else { return false }
        let mask = mask()
        let length = min(total, Self.maximumPayload)
        WebSocketFrameHeader(opcode: .binary, mask: mask, payloadLength: length).encode(into: &bytes)
        payloadStart = bytes.count
        var skipped = 0
        for index in unsafe buffers.indices {
            let buffer = unsafe buffers[index]
            let start = min(max(offset - skipped, 0), buffer.count)
            skipped += start
            // start <= buffer.count, and the count is bounded by what is left of it.
            let count = min(buffer.count - start, length - (bytes.count - payloadStart))
            if count > 0 {
                unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[start..<(start + count)]))
            }
        }
        applyMask(mask)
        return true
    }

    /// Makes a control frame.
    mutating func fill(_ opcode: WebSocketOpcode, _ payload: [UInt8], mask: WebSocketMask?) {
        WebSocketFrameHeader(opcode: opcode, mask: mask, payloadLength: payload.count).encode(into: &bytes)
        payloadStart = bytes.count
        bytes += payload
        applyMask(mask)
        payloadStart = bytes.count
    }

    /// Takes bytes that are no frame: a server's answer to the handshake.
    mutating func fill(raw: [UInt8]) {
        bytes += raw
        payloadStart = bytes.count
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        // written <= bytes.count
        unsafe bytes.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[written...])) }
    }

    /// Notes that so many bytes were written, and returns how many of them were of the buffers.
    mutating func wrote(_ count: Int) -> Int {
        let before = max(written, payloadStart)
        written += count
        let payload = max(written - before, 0)
        if written == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            written = 0
            payloadStart = 0
        }
        return payload
    }

    private mutating func applyMask(_ mask: WebSocketMask?) {
        guard var mask else { return }
        let start = payloadStart
        unsafe bytes.withUnsafeMutableBytes { buffer in
            // start <= bytes.count
            unsafe mask.apply(to: UnsafeMutableRawBufferPointer(rebasing: buffer[start...]))
        }
    }
}
