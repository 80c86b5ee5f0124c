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

/// A frame in the words of the specification, with the fields' own types.
extension TracedFrame: CustomStringConvertible {
    package var description: String {
        let arrow = direction == .outgoing ? "->" : "<-"
        let text =
            switch content {
            case .header(let header): "\(header)"
            case .performative(let performative):
                Self.describe { FrameEncoder.write(performative, channel: channel, into: &$0) }
            case .sasl(let body): Self.describe { FrameEncoder.write(body, into: &$0) }
            case .empty: Self.describe { FrameEncoder.writeEmpty(channel: channel, into: &$0) }
            }
        return payloadSize > 0 ? "\(arrow) \(text) + \(payloadSize) bytes" : "\(arrow) \(text)"
    }

    private static func describe(_ write: (inout ByteWriter) -> Void) -> String {
        var writer = ByteWriter(capacity: 256)
        write(&writer)
        do throws(DecodingError) {
            return unsafe "\(try FrameDescription(decoding: writer.bytes.span.bytes))"
        } catch {
            return "a frame that cannot be shown: \(error)"
        }
    }
}
