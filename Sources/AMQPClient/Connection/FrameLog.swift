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
import AMQPEngine
import Logging

/// Writes every frame to a logger: what is sent with `->`, what is received with `<-`.
enum FrameLog {
    static func trace(to logger: Logger) -> FrameTrace {
        { frame in
            logger.info("\(text(of: frame))")
        }
    }

    static func text(of frame: TracedFrame) -> String {
        let arrow = frame.direction == .outgoing ? "->" : "<-"
        let content =
            switch frame.content {
            case .header(let header): "\(header)"
            case .performative(let performative):
                described { FrameEncoder.write(performative, channel: frame.channel, into: &$0) }
            case .sasl(let body): described { FrameEncoder.write(body, into: &$0) }
            case .empty: described { FrameEncoder.writeEmpty(channel: frame.channel, into: &$0) }
            }
        return frame.payloadSize > 0 ? "\(arrow) \(content) + \(frame.payloadSize) bytes" : "\(arrow) \(content)"
    }

    /// A frame in the words of the specification, with the fields' own types.
    private static func described(_ write: (inout ByteWriter) -> Void) -> String {
        var writer = ByteWriter(capacity: 256)
        write(&writer)
        do throws(DecodingError) {
            return "\(try FrameDescription(decoding: writer.bytes.span.bytes))"
        } catch {
            return "a frame that cannot be shown: \(error)"
        }
    }
}
