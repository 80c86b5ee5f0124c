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
import ArgumentParser

/// `eventhubs inspect`: decodes AMQP bytes.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Decode AMQP 1.0 bytes from a file or from standard input.",
        discussion: """
            Prints one line for each frame, or one for a message or a run of values. On malformed input it prints what \
            came before, then the byte offset and the reason, and exits with 1. With --lines it goes on to the next \
            line and exits with 0.
            """
    )

    @Flag(exclusivity: .exclusive)
    var kind: InspectionKind

    @Flag(help: "The input is hexadecimal text; # begins a remark.")
    var hex = false

    @Flag(help: "Every line of hexadecimal input is an item of its own.")
    var lines = false

    @Flag(help: "Print JSON that loses nothing, one item a line.")
    var json = false

    @Argument(help: "The file to read; standard input when left out.")
    var file: String?

    func run() async throws {
        let source = try ByteSource(path: self.file)
        let format: InspectionFormat = self.json ? .json : .text
        if self.lines {
            try self.inspectLines(source, format)
            return
        }
        do {
            switch self.kind {
            case .frames: try self.inspectFrames(source, format)
            case .values, .message: try self.inspectWhole(source, format)
            }
        } catch let error as DecodingError {
            if self.json { Self.show(format.line(error)) }
            throw CommandFailure("malformed input in \(self.place): \(error)\nWhat to do: \(self.advice)")
        }
    }

    private var place: String { self.file ?? "standard input" }

    /// Prints at once, so that a stream can be watched.
    private static func show(_ bytes: [UInt8]) {
        LineOutput.standard.append { $0.append(contentsOf: bytes) }
        LineOutput.standard.flush()
    }

    private var advice: String {
        switch self.kind {
        case .frames:
            "check that this is one direction of an AMQP 1.0 connection from its first byte, and whether it needs --hex."
        case .message: "check that this is one whole message without its transfer, and whether it needs --hex."
        case .values: "check that this is a run of whole AMQP 1.0 values, and whether it needs --hex."
        }
    }

    private func inspectLines(_ source: borrowing ByteSource, _ format: InspectionFormat) throws {
        var inspection = LineInspection(kind: self.kind, format: format)
        while true {
            let chunk = try source.next()
            var output: [UInt8] = []
            if chunk.isEmpty {
                inspection.finish(into: &output)
                Self.show(output)
                return
            }
            inspection.inspect(chunk, into: &output)
            Self.show(output)
        }
    }

    private func inspectFrames(_ source: borrowing ByteSource, _ format: InspectionFormat) throws {
        var inspection = FrameInspection(format: format)
        var hexadecimal = HexadecimalDecoder()
        while true {
            let chunk = try source.next()
            if chunk.isEmpty {
                if self.hex { try hexadecimal.finish() }
                try inspection.finish()
                return
            }
            var output: [UInt8] = []
            defer { Self.show(output) }
            guard self.hex else {
                try inspection.inspect(chunk, into: &output)
                continue
            }
            var bytes: [UInt8] = []
            var failure: DecodingError?
            do { try hexadecimal.decode(chunk, into: &bytes) } catch { failure = error }
            try inspection.inspect(bytes, into: &output)
            if let failure { throw failure }
        }
    }

    private func inspectWhole(_ source: borrowing ByteSource, _ format: InspectionFormat) throws {
        var bytes: [UInt8] = []
        var hexadecimal = HexadecimalDecoder()
        var failure: DecodingError?
        while failure == nil {
            let chunk = try source.next()
            if chunk.isEmpty { break }
            if self.hex {
                do { try hexadecimal.decode(chunk, into: &bytes) } catch { failure = error }
            } else {
                bytes.append(contentsOf: chunk)
            }
            guard bytes.count <= FrameInspection.maxFrameSize else {
                throw CommandFailure(
                    "\(self.place) is larger than \(FrameInspection.maxFrameSize) bytes\nWhat to do: inspect it in parts."
                )
            }
        }
        if self.hex, failure == nil {
            do { try hexadecimal.finish() } catch { failure = error }
        }
        let isMessage = self.kind == .message
        let inspection = isMessage ? ValueInspection(message: bytes) : ValueInspection(values: bytes)
        failure = inspection.error ?? failure
        if failure == nil || !inspection.values.isEmpty {
            let values = inspection.values
            Self.show(isMessage ? format.lines(sections: values) : format.lines(values: values))
        }
        if let failure { throw failure }
    }
}
