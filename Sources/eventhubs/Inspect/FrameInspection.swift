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

/// Describes a protocol byte stream frame by frame, however it is chunked.
struct FrameInspection {
    /// The largest frame that is held until it is whole.
    static let maxFrameSize = 256 << 20

    private let format: InspectionFormat
    private var decoder = FrameDecoder(maxFrameSize: Self.maxFrameSize)

    init(format: InspectionFormat) {
        self.format = format
    }

    /// Takes the next bytes of the stream and appends a line for each whole item, up to the first one that is wrong.
    mutating func inspect(_ bytes: some Sequence<UInt8>, into output: inout [UInt8]) throws(DecodingError) {
        self.decoder.append(bytes)
        while let item = try self.decoder.nextRaw() {
            switch item {
            case .protocolHeader(let header, let offset):
                output.append(contentsOf: self.format.line(header, offset: offset))
            case .frame(let raw):
                let frame = try FrameDescription(decoding: raw.bytes.span.bytes, baseOffset: raw.offset)
                output.append(contentsOf: self.format.line(frame, offset: raw.offset))
            }
        }
    }

    /// Checks that the stream may end here.
    func finish() throws(DecodingError) {
        try self.decoder.finish()
    }
}
