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
internal import ArgumentParser
internal import EventHubs
import Foundation

/// Events of JSON into batches, or their content out of received events.
struct GzipProbe: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "gzip")

    @Option var events: Int
    @Flag(help: "Compress the bodies.") var compress = false
    @Flag(help: "Measure the way out instead of the way in.") var read = false

    func run() throws {
        // As many different ones as no dictionary of the compressor could keep.
        let bodies = (0..<64).map(Self.reading)
        let encoded = try bodies.map { try made(of: $0).message.encoded() }
        let meter = Meter()
        var bytes = 0
        if read {
            let batch = EventBatch(copying: encoded)
            meter.begin()
            for index in 0..<events {
                let event = batch[batch.startIndex + index % bodies.count]
                bytes += try event.content().count
            }
        } else {
            var batch = EventDataBatch(.partition("0"), maximumSize: 256 * 1024)
            meter.begin()
            for index in 0..<events {
                let event = try made(of: bodies[index % bodies.count])
                if !batch.tryAdd(event) {
                    batch.removeAll()
                    _ = batch.tryAdd(event)
                }
                bytes += bodies[index % bodies.count].count
            }
        }
        meter.finish(events: events, bodyBytes: bytes)
        guard let measurement = meter.measurement else { return }
        let perEvent = Double(encoded.reduce(0) { $0 + $1.count }) / Double(encoded.count)
        print(measurement.json.dropLast() + ", \"bytes_per_event\": \(perEvent)}")
    }

    private func made(of body: [UInt8]) throws -> EventData {
        let event = EventData(body)
        return compress ? try event.compressed() : event
    }

    /// Two kilobytes of JSON, as a device might send them.
    private static func reading(_ number: Int) -> [UInt8] {
        let readings = (0..<13).map { sensor in
            let value = Double((number &* 7919 &+ sensor &* 104_729) % 100_003) / 1000
            return """
                {"sensor":"building-\(number % 7)/floor-\(sensor % 4)/sensor-\(1000 + sensor)","kind":"temperature",\
                "value":\(value),"unit":"celsius","quality":"good","measured":"2026-11-25T\(10 + sensor):\(10 + number % 50):07Z"}
                """
        }
        return Array("{\"device\":\"gateway-\(number)\",\"readings\":[\(readings.joined(separator: ","))]}".utf8)
    }
}
