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

import Testing

@testable import AMQPEngine

@Suite struct HandleTableTests {
    @Test func handlesAreBoundOnceAndWithinTheMaximum() {
        var table = HandleTable(handleMax: 7)
        let sender = LinkSlot(isSender: true, index: 0)
        let receiver = LinkSlot(isSender: false, index: 0)
        #expect(table.bind(InputHandle(rawValue: 7), to: sender) == .bound)
        #expect(table.bind(InputHandle(rawValue: 0), to: receiver) == .bound)
        #expect(table.bind(InputHandle(rawValue: 7), to: receiver) == .inUse)
        #expect(table.bind(InputHandle(rawValue: 8), to: receiver) == .aboveMaximum)
        #expect(table.link(for: InputHandle(rawValue: 7)) == sender)
        #expect(table.link(for: InputHandle(rawValue: 0)) == receiver)
        #expect(table.link(for: InputHandle(rawValue: 3)) == nil)
        #expect(table.link(for: InputHandle(rawValue: .max)) == nil)
        table.unbind(InputHandle(rawValue: 7))
        #expect(table.link(for: InputHandle(rawValue: 7)) == nil)
    }

    @Test func ourHandlesAreTheLowestFreeOnes() {
        var table = HandleTable(handleMax: 100)
        #expect(table.allocate(remoteMaximum: 2) == OutputHandle(rawValue: 0))
        #expect(table.allocate(remoteMaximum: 2) == OutputHandle(rawValue: 1))
        #expect(table.allocate(remoteMaximum: 2) == OutputHandle(rawValue: 2))
        #expect(table.allocate(remoteMaximum: 2) == nil)
        table.release(OutputHandle(rawValue: 1))
        #expect(table.allocate(remoteMaximum: 2) == OutputHandle(rawValue: 1))
    }

    @Test func slotsSurviveTheirEncoding() {
        for isSender in [true, false] {
            for index in [0, 1, 1_000_000] {
                let slot = LinkSlot(isSender: isSender, index: index)
                #expect(LinkSlot(encoded: slot.encoded) == slot)
            }
        }
        #expect(LinkSlot(encoded: 0) == nil)
    }
}
