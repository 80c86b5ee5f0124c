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

import AMQPCodec
import FixtureSupport
import Testing

/// The bytes of a literal.
func hex(_ text: String) -> [UInt8] {
    guard let bytes = FixtureFile.bytes(text) else {
        Issue.record("not hexadecimal: \(text)")
        return []
    }
    return bytes
}

/// Decodes exactly one value.
func decodeValue(
    _ bytes: [UInt8],
    limits: DecodingLimits = .default
) throws(DecodingError) -> AMQPValue {
    var reader = ByteReader(bytes.span.bytes, limits: limits)
    let value = try ValueDecoder.decode(&reader)
    guard reader.isAtEnd else { throw reader.error(.sizeMismatch, "bytes are left over") }
    return value
}

/// Encodes one value.
func encodeValue(_ value: AMQPValue) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(value: value)
    return writer.bytes
}

/// The error that a decoding throws; nil when it succeeds.
func decodingError(_ body: () throws(DecodingError) -> Void) -> DecodingError? {
    do {
        try body()
        return nil
    } catch {
        return error
    }
}

/// Everything a decoder makes of a stream that comes in the given chunks.
func decodeStream(_ chunks: [[UInt8]], maxFrameSize: Int = 65_536) throws(DecodingError) -> [FrameDecoder.Item] {
    var decoder = FrameDecoder(maxFrameSize: maxFrameSize)
    var items: [FrameDecoder.Item] = []
    for chunk in chunks {
        decoder.append(chunk)
        while let item = try decoder.next() { items.append(item) }
    }
    try decoder.finish()
    return items
}

/// Both files of frames.
func allFrames() throws -> [Fixture] {
    try FixtureFile.load("Frames/wire-contract.hex") + FixtureFile.load("Frames/specification.hex")
        + FixtureFile.load("Frames/python-client.hex")
}

/// The typed frame of a fixture, with its payload.
func decodeFrame(
    _ name: String,
    in file: String = "Frames/wire-contract.hex"
) throws -> (frame: Frame, payload: [UInt8]) {
    let fixture = try FixtureFile.load(file, named: name)
    guard case .frame(let frame, let payload) = try decodeStream([fixture.bytes]).first else {
        throw FixtureFile.Failure(description: "\(name) is no frame")
    }
    return (frame, payload)
}

/// The performative of a fixture.
func decodePerformative(
    _ name: String,
    in file: String = "Frames/wire-contract.hex"
) throws -> Performative {
    guard case .amqp(let performative, _) = try decodeFrame(name, in: file).frame.body else {
        throw FixtureFile.Failure(description: "\(name) has no performative")
    }
    return performative
}
