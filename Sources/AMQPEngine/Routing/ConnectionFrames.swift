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

/// The effect of SASL frames, open and close, and the end of the connection.
extension Engine {
    mutating func saslReceived(_ body: SASLFrameBody) {
        trace(body, .incoming)
        switch connection.saslReceived(body) {
        case .sendInit(let credentials):
            write(
                .saslInit(
                    SASLInit(
                        mechanism: Symbol(credentials.mechanism.rawValue),
                        initialResponse: credentials.initialResponse,
                        hostname: configuration.hostname
                    )
                )
            )
        case .sendHeader:
            write(.amqp)
        case .sendHeaderAndOpen:
            write(.amqp)
            writeOpen()
        case .askApplication(let credentials):
            events.append(.authenticationRequested(credentials))
        case .sendOutcomeAndEnd(let code):
            write(.outcome(SASLOutcome(code: code)))
            reportEnd(.authenticationFailed(.rejected(code)))
        case .failed(let failure):
            reportEnd(.authenticationFailed(failure))
        case .violation:
            unexpected("this SASL frame")
        }
    }

    mutating func openReceived(_ open: Open) {
        switch connection.openReceived() {
        case .report:
            opened(open)
        case .sendOpenAndReport:
            writeOpen()
            opened(open)
        case .ignore:
            break
        case .violation:
            unexpected("open")
        }
    }

    private mutating func opened(_ open: Open) {
        deadlines.clear(.handshake)
        guard open.maxFrameSize >= UInt32(FrameHeader.minimumMaxFrameSize) else {
            violated(
                ProtocolViolation(
                    .connection,
                    .invalidField,
                    "a max-frame-size of \(open.maxFrameSize) is below 512",
                    section: "2.7.1"
                )
            )
            return
        }
        remoteMaxFrameSize = Int(min(open.maxFrameSize, UInt32(Int32.max)))
        remoteChannelMax = open.channelMax
        idle.openReceived(idleTimeOutMilliseconds: open.idleTimeOut, at: now)
        events.append(.connectionOpened(open))
    }

    mutating func closeReceived(_ close: Close) {
        let action = connection.closeReceived()
        switch action {
        case .answerAndReport:
            writeClose(nil)
        case .sendOpenAnswerAndReport:
            writeOpen()
            writeClose(nil)
        case .reportLocalEnd:
            reportEnd(.closedLocally(answer: close.error))
        case .forget:
            break
        case .violation:
            unexpected("close")
        }
        switch action {
        case .answerAndReport, .sendOpenAnswerAndReport: reportEnd(.closedByPeer(close.error))
        case .reportLocalEnd, .forget, .violation: break
        }
    }

    mutating func writeOpen() {
        let idleTimeOut = configuration.idleTimeOut.map { $0.wholeMilliseconds }
        write(
            .open(
                Open(
                    containerID: configuration.containerID,
                    hostname: configuration.hostname,
                    maxFrameSize: UInt32(truncatingIfNeeded: intake.maximumFrameSize),
                    channelMax: configuration.channelMax,
                    idleTimeOut: idleTimeOut,
                    offeredCapabilities: configuration.offeredCapabilities,
                    desiredCapabilities: configuration.desiredCapabilities,
                    properties: configuration.properties
                )
            ),
            on: 0
        )
    }

    mutating func writeClose(_ error: AMQPErrorInfo?) { write(.close(Close(error: error)), on: 0) }

    /// The peer broke a rule of the connection: tell it, and drop what it still sends.
    mutating func violated(_ violation: ProtocolViolation) {
        close(error: violation.error, isViolation: true)
        reportEnd(.violation(violation))
    }

    mutating func close(error: AMQPErrorInfo?, isViolation: Bool) {
        switch connection.close(isViolation: isViolation) {
        case .sendClose:
            finishWriting()
            writeClose(error)
            deadlines.set(.close, at: now.advanced(by: configuration.closeTimeout))
        case .sendOpenAndClose:
            writeOpen()
            writeClose(error)
            deadlines.set(.close, at: now.advanced(by: configuration.closeTimeout))
        case .end:
            if !isViolation { reportEnd(.closedLocally(answer: nil)) }
        case .none:
            break
        }
    }

    /// The peer is silent: it may still hear our close, but we do not wait for an answer.
    mutating func idleTimedOut() {
        let error = AMQPErrorInfo(
            condition: .resourceLimitExceeded,
            description: "the connection was idle for longer than the idle time-out"
        )
        // If the peer does not even read, there is no point in waiting until it does.
        let isStuck = output.count > 0
        switch connection.close(isViolation: true) {
        case .sendClose: writeClose(error)
        case .sendOpenAndClose, .end, .none: break
        }
        connection.terminate()
        reportEnd(.idleTimedOut)
        if isStuck { output.removeAll() }
    }

    /// Gives up without waiting for anything more from the peer.
    mutating func terminate(_ reason: ConnectionEnd) {
        connection.terminate()
        reportEnd(reason)
        output.removeAll()
    }

    /// Reports the end of everything, once: links first, then sessions, then the connection.
    mutating func reportEnd(_ reason: ConnectionEnd) {
        deadlines.clear(.handshake)
        guard end == nil else { return }
        end = reason
        handOverDeliveries()
        for index in sessions.indices where sessions.isOccupied(index) {
            let isReported = !sessions[index].machine.needsEndReport
            removeSession(index, isReported ? nil : .connectionClosed(reason))
        }
        readySenders.removeAll()
        listedSessions = []
        flowingReceivers = []
        flowingSenders = []
        events.append(.connectionClosed(reason))
    }
}

extension Duration {
    /// Rounded down, at least 1 for anything positive, as many as fit 32 bits.
    var wholeMilliseconds: UInt32 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let milliseconds = overflow ? Int64.max : product &+ attoseconds / 1_000_000_000_000_000
        return UInt32(clamping: self > .zero ? max(1, milliseconds) : 0)
    }
}
