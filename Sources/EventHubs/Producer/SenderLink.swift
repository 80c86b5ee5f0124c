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

internal import Synchronization

/// An AMQP sender together with the connection and the session it lives on.
final class SenderLink: Sendable {
    let live: LiveConnection
    private let sender: AMQPSender
    private let session: AMQPSession
    private let lastUse = Mutex(ContinuousClock.now)

    private init(sender: AMQPSender, session: AMQPSession, live: LiveConnection) {
        self.sender = sender
        self.session = session
        self.live = live
    }

    /// Attaches to `address`; for idempotent publishing with what is known of the producer.
    static func attach(
        to address: EntityAddress,
        publishing claim: PublishingState?,
        on live: LiveConnection
    ) async throws(EventHubsError) -> SenderLink {
        do throws(AMQPError) {
            let session = try await live.connection.makeSession()
            do throws(AMQPError) {
                let sender = try await session.makeSender(to: address.path, options: options(claim))
                return SenderLink(sender: sender, session: session, live: live)
            } catch {
                await session.end()
                throw error
            }
        } catch {
            throw ErrorMapping.error(for: error)
        }
    }

    /// The largest message the service takes.
    var maximumMessageSize: Int {
        sender.maxMessageSize.map { Int(clamping: $0) } ?? .max
    }

    /// What the service knows of the idempotent producer; nil when it tells nothing.
    var publishingState: PublishingState? { PublishingState(sender.remoteAttach.properties) }

    /// Whether nothing has been sent for so long that the link may have gone unnoticed.
    var isIdle: Bool { lastUse.withLock { $0.duration(to: .now) > .seconds(1) } }

    /// Sends and waits for the outcome, until `deadline` at most.
    func send(
        _ payload: [UInt8],
        messageFormat: UInt32,
        by deadline: Watchdog.Deadline,
        _ watchdog: Watchdog
    ) async throws(EventHubsError) {
        lastUse.withLock { $0 = .now }
        var watch: Int?
        defer { if let watch { _ = watchdog.dismiss(watch) } }
        let outcome: Outcome
        do throws(AMQPError) {
            outcome = try await sender.send(encoded: payload, messageFormat: messageFormat) { giveUp in
                watch = watchdog.watch(until: deadline, giveUp)
            }
        } catch {
            throw error.code == .timedOut ? deadline.error(of: "sending") : ErrorMapping.error(for: error)
        }
        if let error = ErrorMapping.error(for: outcome) { throw error }
    }

    func close() async {
        await Closing.bounded { [sender, session] in
            await sender.close()
            await session.end()
        }
    }

    /// Settle modes unsettled and second: with others an older service could lose events when a link is re-attached.
    private static func options(_ claim: PublishingState?) -> AMQPSenderOptions {
        var link = AMQPSenderOptions()
        link.senderSettleMode = .unsettled
        link.receiverSettleMode = .second
        link.desiredCapabilities = ["com.microsoft:georeplication"]
        if let claim {
            link.desiredCapabilities.append(PublishingState.capability)
            link.properties = claim.properties
        }
        return link
    }
}
