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

internal import AMQPEngine
internal import ArgumentParser

/// Decoding alone: no socket, the bytes stay in the processor's cache.
struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Decode events from memory: the engine's intake and the walk over the batches, nothing else."
    )

    @Option(help: "Events to decode.")
    var events = 10_000_000

    @Option(help: "Bytes in an event's body.")
    var bodySize = 100

    mutating func validate() throws {
        guard events > 0, bodySize >= 1, bodySize <= 60_000 else {
            throw ValidationError("--events has to be positive and --body-size between 1 and 60000")
        }
    }

    func run() {
        let perRead = max(1, 192 * 1024 / (bodySize + 160))
        var frames = EventFrames(bodySize: bodySize, channel: 0, handle: 0, count: perRead)
        var intake = FrameIntake(pool: SlabPool(), maximumFrameSize: 65536)
        let link = TransferIntake(
            projection: AnnotationProjection([
                .init("x-opt-sequence-number", .long), .init("x-opt-offset", .string),
                .init("x-opt-enqueued-time", .timestamp),
            ])
        )
        var decoded = 0
        var checksum: Int64 = 0
        let start = ProcessUsage.now()
        while decoded < events {
            frames.number(perRead, deliveryID: UInt32(truncatingIfNeeded: decoded), sequence: Int64(decoded))
            intake.receiveSpace().copyBytes(from: frames.bytes)
            intake.received(frames.bytes.count)
            while true {
                if intake.takeTransfers(for: link, limit: perRead).count > 0 { continue }
                guard case .frame(let range) = intake.next() else { break }
                // The first frame of a layout goes the general way.
                link.append(
                    range,
                    in: intake,
                    payloadOffset: frames.payloadOffset,
                    deliveryID: UInt32(decoded),
                    messageFormat: 0,
                    settled: true,
                    deliveryTag: 0..<0
                )
                intake.consume(range.size)
            }
            guard let lease = intake.currentLease, let batch = link.takeBatch(lease: lease) else { continue }
            for delivery in batch {
                checksum &+= delivery.integer(0) ?? 0
                checksum &+= Int64(delivery.body.unsafeLoad(fromByteOffset: 0, as: UInt8.self))
            }
            decoded += batch.count
        }
        let usage = ProcessUsage.now() - start
        print(
            "decoded \(decoded) events of \(bodySize) B: "
                + "\(usage.cpuSeconds / Double(decoded) * 1e9) ns CPU per event (checksum \(checksum))"
        )
    }
}
