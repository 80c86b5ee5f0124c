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

/// An event in the form readers get it: message annotations, then the sender's other sections.
struct StoredEvent {
    private static let descriptor: [UInt8] = [0x00, 0x53, 0x72]
    private static let emptyProperties: [UInt8] = [0x00, 0x53, 0x73, 0x45]
    private static let sequenceNumberKey = symbol("x-opt-sequence-number") + [0x81]
    private static let offsetKey = symbol("x-opt-offset") + [0xA1]
    private static let epochKey = symbol("x-opt-sequence-number-epoch") + [0x71]
    private static let enqueuedTimeKey = symbol("x-opt-enqueued-time") + [0x83]

    let event: IncomingEvents.Event
    let source: [UInt8]
    private let sequenceNumber: Int64
    private let enqueuedTime: Int64
    private let offset: [UInt8]
    /// Nil where there is one region.
    private let epoch: Int32?
    private let pairs: Int
    private let annotationSize: Int
    private let isLarge: Bool

    init(
        _ event: IncomingEvents.Event,
        of source: [UInt8],
        sequenceNumber: Int64,
        position: Int64,
        enqueuedTime: Int64,
        offsets: OffsetStyle
    ) {
        self.event = event
        self.source = source
        self.sequenceNumber = sequenceNumber
        self.enqueuedTime = enqueuedTime
        offset = Array(offsets.text(of: position).utf8)
        epoch = offsets.epoch
        pairs = (epoch == nil ? 3 : 4) + event.annotationPairs
        annotationSize =
            (epoch == nil ? 0 : Self.epochSize) + Self.sequenceNumberKey.count + 8 + Self.offsetKey.count + 1
            + offset.count
            + Self.enqueuedTimeKey.count + 8 + event.annotations.count
        isLarge = annotationSize + 1 > 255 || pairs * 2 > 255
    }

    /// How many bytes the number of the region's turn takes.
    static let epochSize = epochKey.count + 4

    /// The most bytes that the message of an event takes, whatever its sequence number, offset and time.
    static func maximumSize(of event: IncomingEvents.Event) -> Int {
        let numbers = OffsetStyle.extraSize + 8 + 1 + String(Int64.max).utf8.count + 8
        return descriptor.count + 9 + sequenceNumberKey.count + offsetKey.count + enqueuedTimeKey.count + numbers
            + event.annotations.count + emptyProperties.count + event.content.count
    }

    /// How many bytes the message takes.
    var size: Int {
        Self.descriptor.count + 1 + (isLarge ? 8 : 2) + annotationSize
            + (event.hasProperties ? 0 : Self.emptyProperties.count) + event.content.count
    }

    /// Writes the message into a buffer of exactly `size` bytes.
    func write(to buffer: UnsafeMutableRawBufferPointer) {
        var output = Output(buffer: buffer)
        output.write(Self.descriptor)
        if isLarge {
            output.write(0xD1)
            output.write(bigEndian: UInt32(annotationSize + 4))
            output.write(bigEndian: UInt32(pairs * 2))
        } else {
            output.write(0xC1)
            output.write(UInt8(annotationSize + 1))
            output.write(UInt8(pairs * 2))
        }
        if let epoch {
            output.write(Self.epochKey)
            output.write(bigEndian: epoch)
        }
        output.write(Self.sequenceNumberKey)
        output.write(bigEndian: sequenceNumber)
        output.write(Self.offsetKey)
        output.write(UInt8(offset.count))
        output.write(offset)
        output.write(Self.enqueuedTimeKey)
        output.write(bigEndian: enqueuedTime)
        output.write(event.annotations)
        if !event.hasProperties { output.write(Self.emptyProperties) }
        source.withUnsafeBytes { output.write(UnsafeRawBufferPointer(rebasing: $0[event.content])) }
    }

    private static func symbol(_ name: String) -> [UInt8] {
        [0xA3, UInt8(name.utf8.count)] + Array(name.utf8)
    }
}

extension StoredEvent {
    /// A cursor that fills a buffer; slicing checks the bounds.
    private struct Output {
        let buffer: UnsafeMutableRawBufferPointer
        var position = 0

        mutating func write(_ byte: UInt8) {
            buffer[position] = byte
            position += 1
        }

        mutating func write(bigEndian value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.bigEndian) { write($0) }
        }

        mutating func write(_ bytes: [UInt8]) {
            bytes.withUnsafeBytes { write($0) }
        }

        mutating func write(_ bytes: UnsafeRawBufferPointer) {
            let destination = UnsafeMutableRawBufferPointer(rebasing: buffer[position..<position + bytes.count])
            destination.copyMemory(from: bytes)
            position += bytes.count
        }
    }
}
