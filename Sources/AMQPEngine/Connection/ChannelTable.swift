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

/// Which session reads from which channel, and which of our channels are taken.
struct ChannelTable: Sendable {
    /// What a channel of the peer means to us.
    enum Incoming: Equatable, Sendable {
        /// No `begin` has been seen on it.
        case unmapped
        /// It belongs to the session in this slot.
        case mapped(Int)
        /// Its session has ended. Some peers still send a last `detach` there; it is ignored until the next `begin`.
        case ended
    }

    /// The highest channel that we let the peer use.
    let channelMax: UInt16

    /// By incoming channel: 0 unmapped, 1 ended, else the session's slot plus two.
    private var incoming: ContiguousArray<Int> = []
    /// By outgoing channel: the session's slot plus one, 0 when free.
    private var outgoing: ContiguousArray<Int> = []

    init(channelMax: UInt16) { self.channelMax = channelMax }

    @inline(__always)
    func session(on channel: IncomingChannel) -> Incoming {
        let index = Int(channel.rawValue)
        guard index < incoming.count else { return .unmapped }
        switch incoming[index] {
        case 0: return .unmapped
        case 1: return .ended
        case let slot: return .mapped(slot - 2)
        }
    }

    /// The session that writes to one of our channels.
    func session(on channel: OutgoingChannel) -> Int? {
        let index = Int(channel.rawValue)
        guard index < outgoing.count, outgoing[index] > 0 else { return nil }
        return outgoing[index] - 1
    }

    /// `channel` has to be within ``channelMax`` and not mapped.
    mutating func map(_ channel: IncomingChannel, to session: Int) {
        let index = Int(channel.rawValue)
        while incoming.count <= index { incoming.append(0) }
        incoming[index] = session + 2
    }

    /// Takes the lowest free channel of ours for a session, or nil when all up to the lower maximum are taken.
    mutating func allocate(for session: Int, remoteMaximum: UInt16) -> OutgoingChannel? {
        let index = outgoing.firstIndex(of: 0) ?? outgoing.count
        guard index <= Int(min(remoteMaximum, channelMax)) else { return nil }
        if index == outgoing.count { outgoing.append(0) }
        outgoing[index] = session + 1
        return OutgoingChannel(rawValue: UInt16(truncatingIfNeeded: index))
    }

    /// The channel of the peer that belongs to a session. Searches: for rare use.
    func incomingChannel(of session: Int) -> IncomingChannel? {
        incoming.firstIndex(of: session + 2).map { IncomingChannel(rawValue: UInt16(truncatingIfNeeded: $0)) }
    }

    /// Frees both channels of a session that has ended.
    mutating func release(session: Int) {
        for index in incoming.indices where incoming[index] == session + 2 { incoming[index] = 1 }
        for index in outgoing.indices where outgoing[index] == session + 1 { outgoing[index] = 0 }
    }
}
