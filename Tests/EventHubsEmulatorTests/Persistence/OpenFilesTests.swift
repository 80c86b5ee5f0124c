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
import Testing

@testable import EventHubsEmulator

@Suite("Open files")
struct OpenFilesTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func append(_ text: String, to name: String, _ files: OpenFiles, creating: Bool = false) throws {
        try files.append(
            Array(text.utf8),
            UnsafeRawBufferPointer(start: nil, count: 0),
            to: "\(directory.path)/\(name)",
            creating: creating
        )
    }

    private func content(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: "\(directory.path)/\(name)") ?? Data(), as: UTF8.self)
    }

    @Test("no more stay open than the limit, and those that were closed go on where they were")
    func limit() throws {
        let files = OpenFiles(limit: 3)
        for number in 0..<10 { try append("a", to: "\(number)", files, creating: true) }
        #expect(files.count == 3)
        for round in ["b", "c"] {
            for number in 0..<10 { try append("\(round)\(number)", to: "\(number)", files) }
        }
        #expect(files.count == 3)
        for number in 0..<10 { #expect(content("\(number)") == "ab\(number)c\(number)") }
        files.close("\(directory.path)/9")
        #expect(files.count == 2)
    }

    @Test("a file that is not there is no file to append to")
    func missing() {
        let files = OpenFiles()
        #expect(throws: EmulatorError.self) { try append("a", to: "nothing", files) }
        #expect(files.count == 0)
    }
}
