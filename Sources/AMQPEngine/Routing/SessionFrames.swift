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

internal import AMQPCodec

/// The effect of begin and end, and the end of a session.
extension Engine {
    mutating func beginReceived(_ begin: Begin, on channel: IncomingChannel) {
        guard channel.rawValue <= configuration.channelMax else {
            violated(
                ProtocolViolation(
                    .connection,
                    .framingError,
                    "channel \(channel.rawValue) exceeds channel-max",
                    section: "2.7.1"
                )
            )
            return
        }
        if case .mapped = channels.session(on: channel) {
            unexpected("begin on channel \(channel.rawValue), which has a session,")
            return
        }
        if let remoteChannel = begin.remoteChannel {
            beginAnswered(begin, on: channel, ours: OutgoingChannel(rawValue: remoteChannel))
        } else {
            let (id, slot) = insertSession(SessionOptions())
            _ = sessions[slot].machine.beginReceived(on: channel)
            sessions[slot].adopt(begin)
            channels.map(channel, to: slot)
            events.append(.sessionRequested(id, begin))
        }
    }

    private mutating func beginAnswered(_ begin: Begin, on channel: IncomingChannel, ours: OutgoingChannel) {
        guard let slot = channels.session(on: ours) else {
            unexpected("begin for channel \(ours.rawValue), on which we began nothing,")
            return
        }
        switch sessions[slot].machine.beginReceived(on: channel) {
        case .reportBegan:
            sessions[slot].adopt(begin)
            channels.map(channel, to: slot)
            events.append(.sessionBegan(sessions[slot].id, begin))
        case .ignore:
            channels.map(channel, to: slot)
        case .request, .violation:
            unexpected("a second begin for channel \(ours.rawValue)")
        }
    }

    /// A new session in a free slot.
    mutating func insertSession(_ options: SessionOptions) -> (SessionID, Int) {
        let next = sessions.nextSlot
        let id = SessionID(index: next.index, generation: next.generation)
        return (id, sessions.insert(SessionEndpoint(id: id, options: options)))
    }

    mutating func endReceived(_ end: End, session: Int) {
        switch sessions[session].machine.endReceived() {
        case .answerAndReport(let channel):
            flushDisposition(of: session, on: channel)
            write(.end(End()), on: channel.rawValue)
            removeSession(session, .endedByPeer(end.error))
        case .reportUnanswered:
            // The peer learns of a channel of ours only from a begin: answer properly, as it may count on it.
            if let channel = channels.allocate(for: session, remoteMaximum: remoteChannelMax) {
                let remoteChannel = channels.incomingChannel(of: session)?.rawValue
                write(.begin(sessions[session].options.begin(remoteChannel: remoteChannel)), on: channel.rawValue)
                write(.end(End()), on: channel.rawValue)
            }
            removeSession(session, .endedByPeer(end.error))
        case .reportLocalEnd:
            removeSession(session, .endedLocally(answer: end.error))
        case .forget:
            removeSession(session, nil)
        case .violation:
            unexpected("end")
        }
    }

    /// The peer broke a rule of the session: end it and drop what the peer still sends there.
    mutating func violated(_ violation: ProtocolViolation, session: Int) {
        handOverDeliveries()
        endSession(session, error: violation.error, isViolation: true)
        reportLinks(of: session, .violation(violation))
        events.append(.sessionEnded(sessions[session].id, .violation(violation)))
    }

    mutating func endSession(_ session: Int, error: AMQPErrorInfo?, isViolation: Bool) {
        let needsChannel = sessions[session].machine.awaitsAcceptance
        let spare = needsChannel ? channels.allocate(for: session, remoteMaximum: remoteChannelMax) : nil
        if let channel = sessions[session].machine.outgoingChannel { flushDisposition(of: session, on: channel) }
        switch sessions[session].machine.end(spare: spare, isViolation: isViolation) {
        case .sendEnd(let channel):
            write(.end(End(error: error)), on: channel.rawValue)
        case .sendBeginAndEnd(let channel, let remoteChannel):
            write(
                .begin(sessions[session].options.begin(remoteChannel: remoteChannel.rawValue)),
                on: channel.rawValue
            )
            write(.end(End(error: error)), on: channel.rawValue)
        case .none:
            break
        }
    }

    /// Forgets a session; `reason` is nil when its end has been reported.
    mutating func removeSession(_ session: Int, _ reason: SessionEnd?) {
        if let reason {
            handOverDeliveries()
            reportLinks(of: session, reason)
            events.append(.sessionEnded(sessions[session].id, reason))
        }
        channels.release(session: session)
        sessions.remove(at: session)
    }

    /// Reports the end of all links of a session, and forgets them.
    private mutating func reportLinks(of session: Int, _ reason: SessionEnd) {
        // All of them go: no need to look for each link's.
        sessions[session].outgoingUnsettled = UnsettledDeliveries()
        sessions[session].incomingUnsettled = UnsettledDeliveries()
        let links = sessions[session].links
        for slot in links { removeLink(slot, .sessionEnded(reason)) }
    }
}
