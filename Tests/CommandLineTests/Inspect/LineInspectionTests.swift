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
import Testing

@testable import eventhubs

@Suite struct LineInspectionTests {
    private func inspect(_ text: String, as kind: InspectionKind, chunk: Int = .max) -> [String] {
        var inspection = LineInspection(kind: kind, format: .json)
        var output: [UInt8] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: min(chunk, bytes.count)) {
            inspection.inspect(Array(bytes[start..<min(bytes.count, start + min(chunk, bytes.count))]), into: &output)
        }
        inspection.finish(into: &output)
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test(arguments: [1, 7, Int.max])
    func aBadLineDoesNotStopTheNext(_ chunk: Int) {
        let lines = self.inspect("40 41\r\n4f\n\nzz\n4\nf000000005ffffffff40\n5201", as: .values, chunk: chunk)
        #expect(
            lines == [
                "{\"values\":[[\"null\"],[\"bool\",true]]}",
                "{\"error\":\"0x4f is no format code\",\"offset\":0}",
                "{\"values\":[]}",
                "{\"error\":\"the input is not hexadecimal: 0x7a is no digit\",\"offset\":0}",
                "{\"error\":\"the input ends between the two hexadecimal digits of a byte\",\"offset\":0}",
                "{\"error\":\"4294967295 elements without bytes are more than 65536\",\"offset\":10}",
                "{\"values\":[[\"uint\",1]]}",
            ]
        )
    }

    @Test func messages() {
        let lines = self.inspect("00537740\n0053754101\n00537740 00537740\n40\n00531045", as: .message)
        #expect(lines[0] == "{\"sections\":[[\"described\",[\"ulong\",\"119\"],[\"null\"]]]}")
        #expect(lines[1] == "{\"error\":\"the section's value has the wrong type in data\",\"offset\":0}")
        #expect(lines[2] == "{\"error\":\"a section of this kind may not come here in amqp-value\",\"offset\":4}")
        #expect(lines[3] == "{\"error\":\"this is no section of a message\",\"offset\":0}")
        #expect(lines[4] == "{\"error\":\"this is no section of a message\",\"offset\":0}")
    }

    @Test func frames() {
        let lines = self.inspect("0000000802000000\n00000008\n\n414d515000010000\n", as: .frames)
        #expect(lines.count == 4)
        #expect(lines[0].hasSuffix("\"empty\":true}"))
        #expect(lines[1].hasPrefix("{\"error\":"))
        #expect(lines[2].hasPrefix("{\"error\":"))
        #expect(lines[3] == "{\"offset\":0,\"size\":8,\"header\":[0,1,0,0]}")
    }
}
