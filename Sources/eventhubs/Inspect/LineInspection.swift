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

/// Inspects every line of hexadecimal text as an item of its own; a line that is wrong does not stop the next one.
struct LineInspection {
    /// The longest line that is held.
    static let maximumLength = 512 << 20

    private let kind: InspectionKind
    private let format: InspectionFormat
    private var line: [UInt8] = []
    private var isTooLong = false

    init(kind: InspectionKind, format: InspectionFormat) {
        self.kind = kind
        self.format = format
    }

    /// Takes the next piece of the text and appends what is found in each whole line.
    mutating func inspect(_ text: [UInt8], into output: inout [UInt8]) {
        var rest = text[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            self.hold(rest[..<end])
            self.finishLine(into: &output)
            rest = rest[(end + 1)...]
        }
        self.hold(rest)
    }

    /// Inspects a last line without a line break.
    mutating func finish(into output: inout [UInt8]) {
        if !self.line.isEmpty || self.isTooLong { self.finishLine(into: &output) }
    }

    private mutating func hold(_ piece: ArraySlice<UInt8>) {
        if self.line.count + piece.count > Self.maximumLength {
            self.isTooLong = true
            self.line = []
        }
        if !self.isTooLong { self.line.append(contentsOf: piece) }
    }

    private mutating func finishLine(into output: inout [UInt8]) {
        defer {
            self.line.removeAll(keepingCapacity: self.line.count < 1 << 20)
            self.isTooLong = false
        }
        do throws(DecodingError) {
            if self.isTooLong {
                throw DecodingError(code: .frameTooLarge, offset: 0, message: "the line is too long")
            }
            var bytes: [UInt8] = []
            var hexadecimal = HexadecimalDecoder()
            try hexadecimal.decode(self.line, into: &bytes)
            try hexadecimal.finish()
            try self.inspectItem(bytes, into: &output)
        } catch {
            output.append(contentsOf: self.format.line(error))
        }
    }

    private func inspectItem(_ bytes: [UInt8], into output: inout [UInt8]) throws(DecodingError) {
        switch self.kind {
        case .frames:
            guard !bytes.isEmpty else {
                throw DecodingError(code: .truncated, offset: 0, message: "the line is empty")
            }
            var inspection = FrameInspection(format: self.format)
            try inspection.inspect(bytes, into: &output)
            try inspection.finish()
        case .values:
            let inspection = ValueInspection(values: bytes)
            if let error = inspection.error { throw error }
            output.append(contentsOf: self.format.lines(values: inspection.values))
        case .message:
            let inspection = ValueInspection(message: bytes)
            if let error = inspection.error { throw error }
            output.append(contentsOf: self.format.lines(sections: inspection.values))
        }
    }
}
