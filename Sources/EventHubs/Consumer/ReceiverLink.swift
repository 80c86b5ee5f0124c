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

/// An AMQP receiver as an ``EventLink``, together with the connection and the session it lives on.
final class ReceiverLink: EventLink {
    private let receiver: AMQPReceiver
    private let session: AMQPSession
    private let live: LiveConnection

    private init(receiver: AMQPReceiver, session: AMQPSession, live: LiveConnection) {
        self.receiver = receiver
        self.session = session
        self.live = live
    }

    /// Attaches to `address` in a session of its own, so that a fault in one partition's session touches no other.
    static func attach(
        to address: EntityAddress,
        from position: EventPosition,
        options: PartitionOptions,
        identifier: String,
        on live: LiveConnection
    ) async throws(EventHubsError) -> ReceiverLink {
        do throws(AMQPError) {
            let session = try await live.connection.makeSession()
            do throws(AMQPError) {
                let receiver = try await session.makeReceiver(
                    from: address.path,
                    options: ReceiverLinkOptions.make(options, position: position, identifier: identifier)
                )
                return ReceiverLink(receiver: receiver, session: session, live: live)
            } catch {
                await session.end()
                throw error
            }
        } catch {
            throw ErrorMapping.error(for: error)
        }
    }

    func next(maximumCount: Int, maximumWait: Duration?) async throws(EventHubsError) -> EventReception {
        let reception: AMQPReceiver.Reception
        do throws(AMQPError) {
            reception = try await receiver.nextBatch(maximumCount: maximumCount, maximumWait: maximumWait)
        } catch {
            throw ErrorMapping.error(for: error)
        }
        // What was buffered when the client was closed is dropped.
        if live.isClosed { throw .closed }
        switch reception {
        case .batch(let deliveries): return .events(EventBatch(deliveries))
        case .nothing: return .nothing
        case .ended: return .ended
        }
    }

    var bufferedBytes: Int { receiver.bufferedBytes }

    func close() async {
        await Closing.bounded { [receiver, session] in
            await receiver.close()
            await session.end()
        }
    }
}
