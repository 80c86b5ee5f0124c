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

@Suite struct ChannelTableTests {
    @Test func channelsAreReusedAfterTheirSessionHasEnded() {
        var table = ChannelTable(channelMax: 10)
        let incoming = IncomingChannel(rawValue: 5)
        #expect(table.session(on: incoming) == .unmapped)
        table.map(incoming, to: 3)
        #expect(table.session(on: incoming) == .mapped(3))
        #expect(table.incomingChannel(of: 3) == incoming)
        #expect(table.allocate(for: 3, remoteMaximum: 10) == OutgoingChannel(rawValue: 0))
        #expect(table.session(on: OutgoingChannel(rawValue: 0)) == 3)
        table.release(session: 3)
        #expect(table.session(on: incoming) == .ended)
        #expect(table.session(on: OutgoingChannel(rawValue: 0)) == nil)
        table.map(incoming, to: 0)
        #expect(table.session(on: incoming) == .mapped(0))
        #expect(table.allocate(for: 0, remoteMaximum: 10) == OutgoingChannel(rawValue: 0))
    }

    @Test func theLowerMaximumBounds() {
        var table = ChannelTable(channelMax: 1)
        #expect(table.allocate(for: 0, remoteMaximum: 100) != nil)
        #expect(table.allocate(for: 1, remoteMaximum: 100) != nil)
        #expect(table.allocate(for: 2, remoteMaximum: 100) == nil)
        var other = ChannelTable(channelMax: 100)
        #expect(other.allocate(for: 0, remoteMaximum: 0) != nil)
        #expect(other.allocate(for: 1, remoteMaximum: 0) == nil)
    }
}
