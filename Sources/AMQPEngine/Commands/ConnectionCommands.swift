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

package import AMQPCodec

/// Commands about the connection and its sessions.
extension Engine {
    /// Opens the connection. A client begins; a server answers by itself, and needs this only to send its `open` first.
    package mutating func open() {
        switch connection.open() {
        case .sendSASLHeader: write(.sasl)
        case .sendHeader: write(.amqp)
        case .sendHeaderAndOpen:
            write(.amqp)
            writeOpen()
        case .sendOpen: writeOpen()
        case .none: break
        }
    }

    /// Server: answers ``EngineEvent/authenticationRequested(_:)``; anything but `ok` ends the connection.
    package mutating func completeAuthentication(_ code: SASLOutcome.Code) {
        switch connection.authenticationDecided(code) {
        case .sendOutcome(let code):
            write(.outcome(SASLOutcome(code: code)))
            // The client may have sent more already.
            processInput()
        case .sendOutcomeAndEnd(let code):
            write(.outcome(SASLOutcome(code: code)))
            reportEnd(.authenticationFailed(.rejected(code)))
        case .reject:
            break
        }
    }

    /// Closes the connection, with an error or in peace. What has been sent on links and has credit goes out before.
    package mutating func close(error: AMQPErrorInfo? = nil) {
        close(error: error, isViolation: false)
    }

    /// Begins a session; ``EngineEvent/sessionBegan(_:_:)`` tells when the peer has answered.
    package mutating func beginSession(_ options: SessionOptions = SessionOptions()) throws(UsageError) -> SessionID {
        guard connection.isOpened else { throw .notOpen }
        guard fits(.begin(options.begin(remoteChannel: nil))) else { throw .frameTooLarge }
        let (id, slot) = insertSession(options)
        guard let channel = channels.allocate(for: slot, remoteMaximum: remoteChannelMax) else {
            sessions.remove(at: slot)
            throw .noFreeChannel
        }
        switch sessions[slot].machine.begin(on: channel) {
        case .sendBegin: write(.begin(options.begin(remoteChannel: nil)), on: channel.rawValue)
        case .reject: break
        }
        return id
    }

    /// Answers ``EngineEvent/sessionRequested(_:_:)``.
    package mutating func acceptSession(
        _ id: SessionID,
        _ options: SessionOptions = SessionOptions()
    ) throws(UsageError) {
        let slot = try slot(of: id)
        // The engine itself answers when it has to (the peer detached a link again before we looked).
        if sessions[slot].machine.isMapped { return }
        guard sessions[slot].machine.awaitsAcceptance else { throw .nothingToAccept }
        sessions[slot].setOptions(options)
        guard accept(slot) != nil else { throw .noFreeChannel }
    }

    /// Ends a session and its links.
    package mutating func endSession(_ id: SessionID, error: AMQPErrorInfo? = nil) throws(UsageError) {
        let slot = try slot(of: id)
        writeAllPending(of: slot)
        endSession(slot, error: error, isViolation: false)
    }

    func slot(of id: SessionID) throws(UsageError) -> Int {
        guard sessions.contains(index: id.index, generation: id.generation) else { throw .unknownSession }
        return Int(id.index)
    }

    /// Lets everything out that credit and window allow, before the senders of a session come to their end.
    mutating func writeAllPending(of session: Int) {
        for slot in sessions[session].links where slot.isSender {
            _ = writePending(slot.index, deliveries: .max, outputLimit: .max)
        }
    }

    /// The same for all sessions, and what has been settled.
    mutating func finishWriting() {
        for index in sessions.indices where sessions.isOccupied(index) { writeAllPending(of: index) }
        flushDispositions()
    }
}
