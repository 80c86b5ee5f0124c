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

/// A client's connection, as the service sees it.
///
/// Everything here happens on the connection's event loop. What comes from other threads (a log that grew, a receiver that
/// was displaced) is brought there first.
final class ServerConnection: @unchecked Sendable {
    /// How often idle links and a missing link are looked for.
    private static let inspectionInterval = Duration.seconds(30)

    let broker: Broker
    let driver: ConnectionDriver
    /// What the driver reads and writes.
    let stream: DisturbedStream
    let number: UInt64
    var grants = AccessGrants()
    /// What the client said of itself, once the connection is open.
    private(set) var open: Open?
    private(set) var links: [LinkID: any ServerLink] = [:]
    /// Since when there has been no link; nil before the connection is open.
    private var linklessSince: ContinuousClock.Instant?
    private var inspection: LoopTimer?
    private var expiry: LoopTimer?
    private var closing: [CheckedContinuation<Void, Never>] = []
    private var hasTerminated = false
    /// There are too many connections already: this one is told so once it is open.
    private var isRefused = false
    /// Links that a fault keeps waiting for their answer.
    private var delayedLinks: Set<LinkID> = []

    init(stream: any ByteStream, broker: Broker, slabs: SlabPool) {
        let stream = DisturbedStream(stream)
        self.broker = broker
        self.stream = stream
        number = broker.namespace.nextNumber()
        let digits = String(number, radix: 16)
        var configuration = EngineConfiguration(
            role: .server(mechanisms: [.mssbcbs, .plain, .anonymous, .external], requiresSASL: false),
            containerID: String(repeating: "0", count: 32 - digits.count) + digits + "_G\(number % 16)"
        )
        configuration.maxFrameSize = 65_536
        configuration.channelMax = 4_999
        configuration.idleTimeOut = broker.configuration.idleTimeout
        configuration.keepAlive = nil
        configuration.limits.maximumMessageSize = UInt64(broker.configuration.maximumMessageSize)
        configuration.limits.maximumPendingBytes = 8 * 1024 * 1024
        if broker.configuration.tracesFrames, var logger = broker.configuration.logger {
            logger[metadataKey: "connection"] = "\(number)"
            configuration.frameTrace = { [logger] in logger.trace("\($0)") }
        }
        driver = ConnectionDriver(
            engine: Engine(configuration: configuration, slabs: slabs, now: stream.loop.now),
            stream: stream,
            slabs: slabs
        )
    }

    var loop: EventLoop { driver.loop }

    /// Begins to serve, unless there are too many connections already.
    func start() {
        let admission = broker.admit(self)
        isRefused = admission == .refused
        driver.start(handler: self)
        switch (admission, broker.faults.strike(.connect)) {
        case (.dropped, _), (_, .drop):
            driver.terminate()
        case (_, let fault):
            if let fault { disturb(fault) }
            scheduleInspection()
        }
    }

    /// Closes the connection in good order; returns when it is gone.
    func close() async {
        await withCheckedContinuation { continuation in
            loop.execute { [self] in
                guard !hasTerminated else {
                    continuation.resume()
                    return
                }
                closing.append(continuation)
                close(ServiceError(.connectionForced, "The service is shutting down."))
                // A client that does not answer is not waited for.
                loop.schedule(at: loop.now.advanced(by: .milliseconds(500))) { [self] in driver.terminate() }
            }
        }
    }

    func close(_ error: ServiceError) {
        driver.withEngine { $0.close(error: errorInfo(error)) }
    }

    /// The error as it goes on the wire, with the service's tracking suffix.
    func errorInfo(_ error: ServiceError, system: String = "NoSystemTracker") -> AMQPErrorInfo {
        AMQPErrorInfo(
            condition: ErrorCondition(rawValue: error.condition.rawValue),
            description: error.message + broker.namespace.trackingSuffix(for: system)
        )
    }
}

extension ServerConnection: ConnectionDriverHandler {
    func handle(_ event: EngineEvent) {
        switch event {
        case .authenticationRequested(let credentials):
            authenticate(credentials)
        case .connectionOpened(let open):
            self.open = open
            linklessSince = loop.now
            if isRefused {
                close(.tooManyConnections(broker.configuration.maximumConnections, in: broker.namespace.name))
            }
        case .sessionRequested(let session, let begin):
            accept(session, begin)
        case .linkRequested(let link, let session, let attach):
            attachRequested(link, session, attach)
        case .linkDetached(let link, _):
            remove(link)
        case .deliveries(let link, let batch):
            (links[link] as? any ReceivingLink)?.deliveriesReceived(batch)
        case .creditAvailable(let link, _):
            links[link]?.creditReceived()
        case .connectionClosed, .sessionBegan, .sessionEnded, .linkAttached, .flowReceived,
            .linkDrained, .deliveryAborted, .deliveriesSettledBySender, .deliveryUpdated:
            break
        }
    }

    func terminated(_ end: DriverEnd) {
        hasTerminated = true
        inspection?.cancel()
        expiry?.cancel()
        inspection = nil
        expiry = nil
        for link in links.values { link.closed() }
        links.removeAll()
        delayedLinks.removeAll()
        broker.remove(self)
        broker.configuration.logger?.debug("connection \(number) from \(driver.peer) is over: \(end)")
        for continuation in closing { continuation.resume() }
        closing.removeAll()
    }

    private func authenticate(_ credentials: SASLCredentials) {
        let code: SASLOutcome.Code
        switch credentials {
        case .anonymous, .mssbcbs:
            code = .ok
        case .plain(_, let keyName, let key):
            // A key is as good as a token for all that its policy covers.
            if let grant = broker.verifier.verify(keyName: keyName, key: key), grants.put(grant, for: grant.path) {
                code = .ok
            } else {
                code = .auth
            }
        case .external:
            code = .auth
        }
        driver.withEngine { $0.completeAuthentication(code) }
    }

    private func accept(_ session: SessionID, _ begin: Begin) {
        var options = SessionOptions()
        options.incomingWindow = 5_000
        options.outgoingWindow = begin.incomingWindow
        options.handleMax = 255
        perform { engine throws(UsageError) in try engine.acceptSession(session, options) }
    }

    /// Gives a command that may come too late: the peer can have ended what it is about.
    func perform(_ body: (inout Engine) throws(UsageError) -> Void) {
        do throws(UsageError) {
            try driver.withEngine(body)
        } catch {
            broker.configuration.logger?.debug("connection \(number): \(error)")
        }
    }
}

// MARK: - Links

extension ServerConnection {
    private func attachRequested(_ link: LinkID, _ session: SessionID, _ attach: Attach) {
        switch broker.faults.strike(.attach, FaultSite(attach)) {
        case .ignore:
            break
        case .delay(let time):
            delayedLinks.insert(link)
            loop.schedule(at: loop.now.advanced(by: time)) { [self] in
                guard delayedLinks.remove(link) != nil else { return }
                answer(link, session, attach)
            }
        case .refuse(let reason):
            let error = errorInfo(reason, about: EntityPath(address: attach.entity ?? ""))
            perform { engine throws(UsageError) in try engine.refuseLink(link, error: error) }
        case let fault:
            answer(link, session, attach, fault)
        }
    }

    private func answer(_ link: LinkID, _ session: SessionID, _ attach: Attach, _ fault: Fault.Action? = nil) {
        do throws(ServiceError) {
            let purpose = try LinkPurpose(attach, broker: broker, grants: grants)
            try admit(purpose, link: link, session: session, attach: attach, fault)
        } catch {
            broker.configuration.logger?.debug(
                "connection \(number): link '\(attach.name)' is refused: \(error.message)"
            )
            perform { engine throws(UsageError) in try engine.refuseLink(link, error: errorInfo(error)) }
        }
    }

    private func admit(
        _ purpose: LinkPurpose,
        link: LinkID,
        session: SessionID,
        attach: Attach,
        _ fault: Fault.Action?
    ) throws(ServiceError) {
        let common = ServerLinkCommon(id: link, session: session, attach: attach, connection: self)
        var limit = broker.configuration.maximumMessageSize
        if case .limitMessageSize(let size)? = fault { limit = min(limit, size) }
        switch purpose {
        case .sending(let destination):
            links[link] = try EventSenderLink(
                common,
                destination: destination,
                maximumMessageSize: limit,
                grantsCredit: fault != .withholdCredit
            )
        case .receiving(let origin):
            links[link] = try EventReceiverLink(common, origin: origin)
        case .requesting(let node):
            try admitOnce(node, replies: false)
            links[link] = RequestLink(common, node: node)
        case .replying(let node, let address):
            try admitOnce(node, replies: true)
            links[link] = ReplyLink(common, node: node, address: address)
        }
        var acceptance = purpose.acceptance(of: attach, maximumMessageSize: UInt64(limit))
        if let producer = (links[link] as? EventSenderLink)?.producer {
            acceptance.properties = [
                .symbol("com.microsoft:producer-id"): .long(producer.id),
                .symbol("com.microsoft:producer-epoch"): .short(producer.epoch),
                .symbol("com.microsoft:producer-sequence-number"): .int(producer.sequenceNumber),
            ]
        }
        perform { engine throws(UsageError) in try engine.acceptLink(link, acceptance) }
        links[link]?.attached()
        guard let fault else { return }
        if fault == .attachTwice {
            perform { engine throws(UsageError) in try engine.repeatAttach(link, acceptance, to: attach) }
        } else {
            disturb(fault, common)
        }
    }

    /// The node for tokens takes one pair of links per connection.
    private func admitOnce(_ node: ServiceNode, replies: Bool) throws(ServiceError) {
        guard node == .claimsBasedSecurity else { return }
        let isTaken = links.values.contains { link in
            replies ? (link as? ReplyLink)?.node == node : (link as? RequestLink)?.node == node
        }
        guard isTaken else { return }
        throw ServiceError(
            .notAllowed,
            "A link to connection '\(number)' $cbs node has already been opened."
        )
    }

    private func remove(_ link: LinkID) {
        links.removeValue(forKey: link)?.closed()
        delayedLinks.remove(link)
        if links.isEmpty { linklessSince = loop.now }
    }

    /// Detaches a link with an error; it is gone from here on.
    func detach(_ link: LinkID, _ error: ServiceError, system: String = "NoSystemTracker") {
        detach(link, errorInfo(error, system: system))
    }

    /// Detaches a link with an error; it is gone from here on.
    func detach(_ link: LinkID, _ error: AMQPErrorInfo) {
        remove(link)
        perform { engine throws(UsageError) in try engine.detach(link, closed: true, error: error) }
    }

    /// Detaches the links to event hubs of which the condition holds; on any thread.
    func detachLinks(because error: ServiceError, where isMeant: @escaping @Sendable (EventFeed) -> Bool) {
        loop.execute { [self] in
            for (id, link) in links where link.feed.map(isMeant) ?? false { detach(id, error) }
        }
    }

    /// The link on which the replies of a node go out.
    func replyLink(for node: ServiceNode, replyTo: String?, session: SessionID) -> ReplyLink? {
        let candidates = links.values.compactMap { $0 as? ReplyLink }.filter { $0.node == node }
        if let replyTo {
            if let link = candidates.first(where: { $0.address == replyTo }) { return link }
            if let link = candidates.first(where: { $0.common.name == replyTo }) { return link }
        }
        return candidates.first { $0.common.session == session } ?? candidates.first
    }
}

// MARK: - Time

extension ServerConnection {
    private func scheduleInspection() {
        let configuration = broker.configuration
        let interval = min(Self.inspectionInterval, configuration.linklessTimeout, configuration.idleLinkTimeout)
        inspection = loop.schedule(at: loop.now.advanced(by: max(interval, .milliseconds(10)))) { [weak self] in
            self?.inspect()
        }
    }

    /// Closes what has been idle for too long.
    private func inspect() {
        let now = loop.now
        let configuration = broker.configuration
        if links.isEmpty, let linklessSince, now - linklessSince >= configuration.linklessTimeout {
            let limit = configuration.linklessTimeout.wholeMilliseconds
            close(
                ServiceError(
                    .connectionForced,
                    "The connection was inactive for more than the allowed \(limit) milliseconds and is closed by "
                        + "container 'LinkTracker'."
                )
            )
            return
        }
        for (id, link) in links where now - link.common.lastActivity >= configuration.idleLinkTimeout {
            guard let details = link.idleDetails else { continue }
            detach(
                id,
                ServiceError(
                    .detachForced,
                    "The link 'G\(number):\(link.common.name)' is force detached. Code: ServerError. Details: "
                        + "\(details).IdleTimerExpired: Idle timeout: \(configuration.idleLinkTimeout.clockText)."
                )
            )
        }
        scheduleInspection()
    }

    /// Watches for the next token to lapse; call it when the grants have changed.
    func scheduleExpiry() {
        expiry?.cancel()
        let now = broker.namespace.now()
        guard let next = grants.nextExpiry(after: now) else {
            expiry = nil
            return
        }
        // A wait longer than a day is cut short and begun again.
        let wait = Duration.milliseconds(min(next - now, 86_400_000))
        expiry = loop.schedule(at: loop.now.advanced(by: wait)) { [weak self] in self?.detachUnauthorized() }
    }

    private func detachUnauthorized() {
        let now = broker.namespace.now()
        grants.prune(at: now)
        for (id, link) in links {
            guard let (rights, path) = link.requiredAccess, !grants.allows(anyOf: rights, on: path, at: now) else {
                continue
            }
            let missing = LinkPurpose.unauthorized(rights, on: path, broker: broker)
            detach(
                id,
                ServiceError(
                    .detachForced,
                    "The link 'G\(number):\(link.common.name)' is force detached. Code: RenewToken. Details: "
                        + missing.message
                )
            )
        }
        scheduleExpiry()
    }
}
