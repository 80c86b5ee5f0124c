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

import Foundation

/// The replay listener in a child process of this one, so that what it costs is not charged to what is measured.
struct ReplayProcess: ~Copyable {
    let port: Int
    private let process: Process

    init(bodySize: Int, partitions: Int = 1) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["replay", "--body-size", String(bodySize), "--partitions", String(partitions)]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var line = ""
        while !line.contains("\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw ReplayError(operation: "start the replay process", errorNumber: 0) }
            line += String(decoding: data, as: UTF8.self)
        }
        guard let colon = line.lastIndex(of: ":"), let port = Int(line[line.index(after: colon)...].dropLast()) else {
            process.terminate()
            throw ReplayError(operation: "read the port of the replay process", errorNumber: 0)
        }
        self.port = port
        self.process = process
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }
}
