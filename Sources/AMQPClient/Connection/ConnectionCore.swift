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
import AMQPDriver
import AMQPEngine
import AMQPTransport
import Logging

/// The state of a connection, confined to its loop: who waits for what, and whom events are for.
final class ConnectionCore: ConnectionDriverHandler, @unchecked Sendable {
    private struct Session {
        var began: Waiter<Begin>
        var ended: Waiter<Void>
        var links: Set<LinkID> = []
        var end: AMQPError?
    }

    let loop: EventLoop
    let driver: ConnectionDriver
    let opened = Waiter<Open>()
    private let logger: Logger?

    private var sessions: [SessionID: Session] = [:]
    private var links: [LinkID: any LinkCore] = [:]
    private var endWaiters: [Waiter<Void>] = []
    private var lastError: AMQPError?
    /// Why the protocol has ended: the last bytes may still be on their way.
    private(set) var protocolEnd: AMQPError?
    private(set) var remoteOpen: Open?

    /// Why nothing goes any more, once that is so.
    private(set) var end: AMQPError?

    init(driver: ConnectionDriver, logger: Logger?) {
        self.driver = driver
        self.logger = logger
        loop = driver.loop
    }

    func start() {
        driver.start(handler: self)
        command { engine throws(UsageError) in engine.open() }
    }

    // MARK: Commands

    func beginSession(_ options: SessionOptions) throws(AMQPError) -> (SessionID, Waiter<Begin>) {
        let id = try tryCommand { engine throws(UsageError) in try engine.beginSession(options) }
        let session = Session(began: Waiter(), ended: Waiter())
        sessions[id] = session
        return (id, session.began)
    }

    /// Asks for the session's end; nil when it is gone already.
    func endSession(_ id: SessionID) -> Waiter<Void>? {
        guard let session = sessions[id] else { return nil }
        command { engine throws(UsageError) in try engine.endSession(id, error: nil) }
        return session.ended
    }

    func attach(
        _ link: any LinkCore,
        to session: SessionID,
        _ body: (inout Engine) throws(UsageError) -> LinkID
    ) throws(AMQPError) {
        guard sessions[session] != nil else { throw end ?? protocolEnd ?? AMQPError(.unknownSession) }
        let id = try tryCommand(body)
        link.begin(id)
        links[id] = link
        sessions[session]?.links.insert(id)
    }

    /// Asks for a link's end; nil when it is gone already.
    func detach(_ link: any LinkCore) -> Waiter<Void>? {
        guard let id = link.id, links[id] != nil else { return nil }
        command { engine throws(UsageError) in try engine.detach(id, closed: true, error: nil) }
        return link.detached
    }

    func close(_ waiter: Waiter<Void>) {
        awaitEnd(waiter)
        command { engine throws(UsageError) in engine.close() }
    }

    /// Resolves `waiter` when the connection is over, however that comes about.
    func awaitEnd(_ waiter: Waiter<Void>) {
        if end == nil {
            endWaiters.append(waiter)
        } else {
            waiter.resolve(.success(()))
        }
    }

    private func tryCommand<Value>(
        _ body: (inout Engine) throws(UsageError) -> Value
    ) throws(AMQPError) -> Value {
        if let end = end ?? protocolEnd { throw end }
        do {
            return try driver.withEngine(body)
        } catch {
            throw AMQPError(error)
        }
    }

    /// Commands on something that has just ended have nothing to do any more.
    private func command(_ body: (inout Engine) throws(UsageError) -> Void) {
        if end == nil { try? driver.withEngine(body) }
    }

    // MARK: ConnectionDriverHandler

    func handle(_ event: EngineEvent) {
        switch event {
        case .connectionOpened(let open):
            remoteOpen = open
            opened.resolve(.success(open))
        case .connectionClosed(let end):
            protocolEnd = AMQPError(end)
        case .sessionBegan(let id, let begin):
            began(id, begin)
        case .sessionEnded(let id, let end):
            sessionEnded(id, end)
        case .linkAttached(let id, let attach):
            if links[id]?.attached.resolve(.success(attach)) == false { abandon(id) }
        case .linkDetached(let id, let end):
            linkEnded(id, Self.isClean(end) ? nil : AMQPError(end))
        case .creditAvailable(let id, let credit):
            links[id]?.handle(.credit(credit))
        case .deliveries(let id, let batch):
            links[id]?.handle(.deliveries(batch))
        case .deliveryUpdated(let id, let first, let last, let state, let settled):
            links[id]?.handle(.updated(first, last, state, settled: settled))
        case .linkDrained(let id):
            links[id]?.handle(.drained)
        case .deliveryAborted(let id, _):
            links[id]?.handle(.aborted)
        case .sessionRequested(let id, _):
            // A client takes no sessions.
            refuse { engine throws(UsageError) in try engine.endSession(id, error: Self.notAllowed) }
        case .linkRequested(let id, _, _):
            refuse { engine throws(UsageError) in try engine.refuseLink(id, error: Self.notAllowed) }
        case .flowReceived, .deliveriesSettledBySender, .authenticationRequested:
            break
        }
    }

    func terminated(_ end: DriverEnd) {
        let error = protocolEnd ?? AMQPError(end)
        self.end = error
        logger?.debug("connection ended", metadata: ["reason": "\(error)"])
        opened.resolve(.failure(error))
        for id in Array(links.keys) { linkEnded(id, error) }
        for session in sessions.values {
            session.began.resolve(.failure(error))
            session.ended.resolve(.success(()))
        }
        sessions = [:]
        for waiter in endWaiters { waiter.resolve(.success(())) }
        endWaiters = []
    }

    private func began(_ id: SessionID, _ begin: Begin) {
        guard let session = sessions[id] else { return }
        // Whoever wanted it has given up meanwhile.
        if !session.began.resolve(.success(begin)) { _ = endSession(id) }
    }

    private func sessionEnded(_ id: SessionID, _ end: SessionEnd) {
        guard let session = sessions.removeValue(forKey: id) else { return }
        let error = AMQPError(end)
        for link in session.links { linkEnded(link, Self.isClean(end) ? nil : error) }
        session.began.resolve(.failure(error))
        session.ended.resolve(.success(()))
    }

    private func linkEnded(_ id: LinkID, _ error: AMQPError?) {
        guard let link = links.removeValue(forKey: id) else { return }
        let end = error ?? AMQPError(.detachedLocally(answer: nil))
        link.attached.resolve(.failure(end))
        link.ended(error)
        link.detached.resolve(.success(()))
    }

    private func abandon(_ id: LinkID) {
        command { engine throws(UsageError) in try engine.detach(id, closed: true, error: nil) }
    }

    private func refuse(_ body: (inout Engine) throws(UsageError) -> Void) {
        command(body)
    }

    private static let notAllowed = AMQPErrorInfo(condition: .notAllowed, description: "a client accepts nothing")

    private static func isClean(_ end: LinkEnd) -> Bool {
        switch end {
        case .detachedLocally(nil), .detachedByPeer(_, nil): true
        case .sessionEnded(let end): isClean(end)
        case .detachedLocally, .detachedByPeer, .refusedByPeer, .violation: false
        }
    }

    private static func isClean(_ end: SessionEnd) -> Bool {
        switch end {
        case .endedLocally(nil), .endedByPeer(nil): true
        case .connectionClosed(.closedLocally(nil)): true
        case .endedLocally, .endedByPeer, .violation, .connectionClosed: false
        }
    }
}
