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
package import Logging
import Synchronization

/// Keeps what is logged, line by line.
package final class LogRecorder: Sendable {
    package struct Line: Equatable, CustomStringConvertible, Sendable {
        package let level: Logger.Level
        package let message: String
        package let metadata: [String: String]

        package var description: String {
            "\(level) \(message) \(metadata.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "))"
        }
    }

    private let state = Mutex<[Line]>([])

    package init() {}

    package var lines: [Line] { state.withLock { $0 } }

    /// The lines as text: level, message and metadata.
    package var texts: [String] { lines.map(\.description) }

    /// A logger that writes here, whatever the level.
    package var logger: Logger { Logger(label: "test") { _ in Handler(recorder: self) } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { _, last in last }
            let line = Line(level: event.level, message: "\(event.message)", metadata: all.mapValues { "\($0)" })
            recorder.state.withLock { $0.append(line) }
        }
    }
}
