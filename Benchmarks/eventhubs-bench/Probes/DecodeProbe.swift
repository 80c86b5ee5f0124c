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

internal import AMQPCodec
internal import AMQPEngine
internal import ArgumentParser
import Foundation

/// Decoding alone: no socket, the bytes stay in the processor's cache.
struct DecodeProbe: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "decode")

    @Option var events: Int
    @Option var bodySize = 100
    @Option(help: "A file of captured transfer frames of one link to decode, over and over, in place of made ones.")
    var frames: String?
    @Flag(help: "Let the layout change with every frame, so that none is known and all are decoded in full.")
    var unknownLayouts = false

    func run() throws {
        if let frames {
            decode(captured: [UInt8](try Data(contentsOf: URL(filePath: frames))))
        } else {
            decodeMade()
        }
    }

    private static func makeLink() -> TransferIntake {
        TransferIntake(
            projection: AnnotationProjection([
                .init("x-opt-sequence-number", .long), .init("x-opt-offset", .string),
                .init("x-opt-enqueued-time", .timestamp),
            ])
        )
    }

    /// Decodes the frames of a file again and again, in pieces that are cut without regard to where a frame ends.
    private func decode(captured bytes: [UInt8]) {
        var intake = FrameIntake(pool: SlabPool(), maximumFrameSize: 1 << 20)
        let link = Self.makeLink()
        var (decoded, bodyBytes, checksum) = (0, 0, Int64(0))
        let meter = Meter()
        meter.begin()
        while decoded < events, !bytes.isEmpty {
            var rest = bytes[...]
            while !rest.isEmpty {
                let space = intake.receiveSpace()
                let piece = rest.prefix(space.count)
                rest = rest.dropFirst(piece.count)
                space.copyBytes(from: piece)
                intake.received(piece.count)
                Self.decodeAll(&intake, for: link)
                guard let lease = intake.currentLease, let batch = link.takeBatch(lease: lease) else { continue }
                for delivery in batch {
                    checksum &+= delivery.integer(0) ?? 0
                    bodyBytes += delivery.body.byteCount
                }
                decoded += batch.count
            }
        }
        meter.finish(events: decoded, bodyBytes: bodyBytes)
        if checksum == .min { print("checksum \(checksum)") }
        guard let measurement = meter.measurement else { return }
        print(#"{"layout_hits": \#(link.layoutHits), "# + measurement.json.dropFirst())
    }

    private func decodeMade() {
        let perRead = max(1, 192 * 1024 / (bodySize + 160))
        var frames = EventFrames(bodySize: bodySize, channel: 0, handle: 0, count: perRead)
        if unknownLayouts { frames.alternateChannels() }
        var intake = FrameIntake(pool: SlabPool(), maximumFrameSize: 65536)
        let link = Self.makeLink()
        var decoded = 0
        var checksum: Int64 = 0
        let meter = Meter()
        meter.begin()
        while decoded < events {
            let count = min(perRead, events - decoded)
            frames.number(count, deliveryID: UInt32(truncatingIfNeeded: decoded), sequence: Int64(decoded))
            frames.withBytes(of: count) {
                intake.receiveSpace().copyBytes(from: $0)
                intake.received($0.count)
            }
            Self.decodeAll(&intake, for: link)
            guard let lease = intake.currentLease, let batch = link.takeBatch(lease: lease) else { continue }
            for delivery in batch {
                checksum &+= delivery.integer(0) ?? 0
                checksum &+= Int64(delivery.body.unsafeLoad(fromByteOffset: 0, as: UInt8.self))
            }
            decoded += batch.count
        }
        meter.finish(events: decoded, bodyBytes: decoded * bodySize)
        // Keeps the reads above from being optimised away.
        if checksum == .min { print("checksum \(checksum)") }
        if let measurement = meter.measurement { print(measurement.json) }
    }

    private static func decodeAll(_ intake: inout FrameIntake, for link: TransferIntake) {
        while true {
            if intake.takeTransfers(for: link, limit: .max).count > 0 { continue }
            guard case .frame(let range) = intake.next() else { return }
            if let (transfer, payloadOffset) = decode(range, in: intake) {
                link.append(
                    range,
                    in: intake,
                    payloadOffset: payloadOffset,
                    deliveryID: transfer.deliveryID ?? 0,
                    messageFormat: transfer.messageFormat ?? 0,
                    settled: transfer.settled ?? false,
                    deliveryTag: 0..<0
                )
            }
            intake.consume(range.size)
        }
    }

    /// A frame's transfer, decoded in full, and where its message begins.
    private static func decode(_ range: FrameRange, in intake: borrowing FrameIntake) -> (Transfer, Int)? {
        var reader = ByteReader(intake.bytes(of: range))
        guard (try? FrameHeader(decoding: &reader)) != nil,
            case .transfer(let transfer) = try? Performative(decoding: &reader)
        else { return nil }
        return (transfer, reader.offset)
    }
}

/// The reference of decoding: the same bytes copied, and not looked at.
struct CopyProbe: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "copy")

    @Option var events: Int
    @Option var bodySize: Int

    func run() {
        let perRead = max(1, 192 * 1024 / (bodySize + 160))
        var frames = EventFrames(bodySize: bodySize, channel: 0, handle: 0, count: perRead)
        var intake = FrameIntake(pool: SlabPool(), maximumFrameSize: 65536)
        var copied = 0
        let meter = Meter()
        meter.begin()
        while copied < events {
            let count = min(perRead, events - copied)
            // Numbered like the frames that are decoded: the difference is the decoding.
            frames.number(count, deliveryID: UInt32(truncatingIfNeeded: copied), sequence: Int64(copied))
            frames.withBytes(of: count) {
                intake.receiveSpace().copyBytes(from: $0)
                intake.received($0.count)
                intake.consume($0.count)
            }
            copied += count
        }
        meter.finish(events: copied, bodyBytes: copied * bodySize)
        if let measurement = meter.measurement { print(measurement.json) }
    }
}
