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

/// Writes what an inspection finds, a line for each thing, as JSON or as text for people.
enum InspectionFormat: Sendable {
    case json
    case text

    /// A protocol header.
    func line(_ header: ProtocolHeader, offset: Int) -> [UInt8] {
        switch self {
        case .json: Self.jsonLine { $0.append(header: header, offset: offset) }
        case .text: Self.textLine("\(Self.column(offset)) \(header)")
        }
    }

    /// A frame.
    func line(_ frame: FrameDescription, offset: Int) -> [UInt8] {
        switch self {
        case .json: Self.jsonLine { $0.append(frame: frame, offset: offset) }
        case .text: Self.textLine("\(Self.column(offset)) \(frame)")
        }
    }

    /// A run of values: one JSON object, or a line of text for each.
    func lines(values: [AMQPValue]) -> [UInt8] {
        self.lines("values", values)
    }

    /// The sections of a message: one JSON object, or a line of text for each.
    func lines(sections: [AMQPValue]) -> [UInt8] {
        self.lines("sections", sections)
    }

    /// An error, in the place of what could not be decoded.
    func line(_ error: DecodingError) -> [UInt8] {
        switch self {
        case .json: Self.jsonLine { $0.append(error: error) }
        case .text: Self.textLine("error: \(error)")
        }
    }

    private func lines(_ name: String, _ values: [AMQPValue]) -> [UInt8] {
        switch self {
        case .json:
            Self.jsonLine {
                $0.append("{\"\(name)\":")
                $0.append(values: values)
                $0.append("}")
            }
        case .text: values.flatMap { Self.textLine($0.description) }
        }
    }

    private static func jsonLine(_ body: (inout ValueJSON) -> Void) -> [UInt8] {
        var text = ValueJSON()
        body(&text)
        text.append("\n")
        return text.bytes
    }

    private static func textLine(_ text: String) -> [UInt8] {
        Array((text + "\n").utf8)
    }

    /// A byte offset, aligned.
    private static func column(_ offset: Int) -> String {
        let digits = String(offset)
        return String(repeating: " ", count: max(0, 8 - digits.utf8.count)) + digits
    }
}
