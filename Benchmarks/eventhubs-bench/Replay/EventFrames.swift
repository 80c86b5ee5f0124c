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

/// Encoded transfer frames of events as the service sends them: 11 fields, empty tag, pre-settled, three annotations, one data section.
///
/// Made once; before each send only the bytes that differ from event to event are written over.
struct EventFrames {
    /// All frames, one after the other, each ``frameSize`` bytes.
    private(set) var bytes: [UInt8]
    let frameSize: Int
    /// How many frames ``bytes`` holds.
    let count: Int
    /// Where the message starts in each frame.
    let payloadOffset: Int
    private let handleOffset: Int?
    private let deliveryIDOffset: Int
    private let sequenceOffset: Int
    private let offsetDigitsOffset: Int

    /// Digits of the offset annotation: long enough never to grow, so that every frame has the same size.
    private static let offsetDigits = 12
    /// Bytes per event that offsets advance by.
    private static let offsetStep: UInt64 = 256

    /// - Parameters:
    ///   - bodySize: bytes in an event's body.
    ///   - channel: the channel on which the frames are sent.
    ///   - handle: the sender's handle, below 256.
    ///   - count: how many frames to hold.
    init(bodySize: Int, channel: UInt16, handle: UInt8, count: Int) {
        var body: [UInt8] = [0x00, 0x53, 0x14, 0xc0, 0x00, 0x0b]
        let listStart = body.count - 2
        handleOffset = handle == 0 ? nil : 8 + body.count + 1
        body += handle == 0 ? [0x43] : [0x52, handle]
        let deliveryID = body.count + 1
        body += [0x70, 0, 0, 0, 0, 0xa0, 0x00, 0x43, 0x41, 0x42, 0x40, 0x40, 0x40, 0x40, 0x41]
        body[listStart] = UInt8(body.count - listStart - 1)
        payloadOffset = 8 + body.count

        body += [0x00, 0x53, 0x72, 0xc1, 0x00, 0x06]
        let mapStart = body.count - 2
        body += Self.symbol("x-opt-sequence-number") + [0x81]
        let sequence = body.count
        body += [UInt8](repeating: 0, count: 8)
        body += Self.symbol("x-opt-offset") + [0xa1, UInt8(Self.offsetDigits)]
        let digits = body.count
        body += [UInt8](repeating: UInt8(ascii: "0"), count: Self.offsetDigits)
        body += Self.symbol("x-opt-enqueued-time") + [0x83] + Self.bigEndian(UInt64(1_700_000_000_000))
        body[mapStart] = UInt8(body.count - mapStart - 1)

        body += [0x00, 0x53, 0x73, 0x45, 0x00, 0x53, 0x75]
        body += bodySize < 256 ? [0xa0, UInt8(bodySize)] : [0xb0] + Self.bigEndian(UInt32(bodySize))
        body += (0..<bodySize).map { UInt8(truncatingIfNeeded: $0) }

        let frame = Self.bigEndian(UInt32(body.count + 8)) + [0x02, 0x00] + Self.bigEndian(channel) + body
        frameSize = frame.count
        self.count = count
        deliveryIDOffset = 8 + deliveryID
        sequenceOffset = 8 + sequence
        offsetDigitsOffset = 8 + digits
        bytes = []
        bytes.reserveCapacity(frame.count * count)
        for _ in 0..<count { bytes += frame }
        // Distinct offsets within the buffer; they are opaque to a client.
        for index in 0..<count {
            var value = UInt64(index) * Self.offsetStep
            for position in (0..<Self.offsetDigits).reversed() {
                bytes[index * frameSize + offsetDigitsOffset + position] = UInt8(ascii: "0") + UInt8(value % 10)
                value /= 10
            }
        }
    }

    /// Addresses the first `count` frames to another link. The handle stays 0 if it was made so, and above 0 otherwise.
    mutating func address(_ count: Int, channel: UInt16, handle: UInt8) {
        bytes.withUnsafeMutableBytes { buffer in
            for index in 0..<min(count, self.count) {
                buffer.storeBytes(of: channel.bigEndian, toByteOffset: index * frameSize + 6, as: UInt16.self)
                if let handleOffset { buffer[index * frameSize + handleOffset] = handle }
            }
        }
    }

    /// Gives each frame another channel than the ones before and after it, of more channels than a link remembers layouts.
    mutating func alternateChannels() {
        for index in 0..<count { bytes[index * frameSize + 7] = UInt8(index % 8) }
    }

    /// Numbers the first `count` frames: delivery-ids from `deliveryID`, sequence numbers from `sequence`.
    mutating func number(_ count: Int, deliveryID: UInt32, sequence: Int64) {
        bytes.withUnsafeMutableBytes { buffer in
            var start = 0
            for index in 0..<min(count, self.count) {
                buffer.storeBytes(
                    of: (deliveryID &+ UInt32(index)).bigEndian,
                    toByteOffset: start + deliveryIDOffset,
                    as: UInt32.self
                )
                buffer.storeBytes(
                    of: (sequence &+ Int64(index)).bigEndian,
                    toByteOffset: start + sequenceOffset,
                    as: Int64.self
                )
                start += frameSize
            }
        }
    }

    /// The bytes of the first `count` frames.
    func withBytes<Result>(of count: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0.prefix(count * frameSize))) }
    }

    private static func symbol(_ text: String) -> [UInt8] { [0xa3, UInt8(text.utf8.count)] + [UInt8](text.utf8) }

    private static func bigEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) }
    }
}
