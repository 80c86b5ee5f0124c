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
import AMQPEngine
import AMQPTransport

/// A link on which a client receives the events of a partition.
///
/// Events go straight from the log into the connection's output, as many as credit, session window and output allow; nothing
/// waits in between, so a reader that does not keep up costs no memory. Confined to the connection's loop.
final class EventReceiverLink: ServerLink, @unchecked Sendable {
    /// How much is read from the log at a time.
    private static let runEvents = 1_024
    private static let runBytes = 256 * 1024
    /// The same where throughput is limited.
    private static let limitedEvents = 64
    private static let limitedBytes = 64 * 1024

    let common: ServerLinkCommon
    private let origin: EventOrigin
    private let receiver: OwnerLevels.ReceiverID
    private var cursor: PartitionLog.Cursor
    private var isOpen = true
    private var isScheduled = false
    private var isWaiting = false
    /// A fault, or the limits of throughput, let nothing go for a while.
    private var isDelayed = false

    /// Takes its place among the partition's receivers, or says why not.
    init(_ common: ServerLinkCommon, origin: EventOrigin) throws(ServiceError) {
        self.common = common
        self.origin = origin
        cursor = origin.cursor
        receiver = OwnerLevels.ReceiverID(rawValue: common.connection.broker.namespace.nextNumber())
        try origin.hub.openReceiver(
            OwnerLevels.Receiver(id: receiver, name: origin.name, ownerLevel: origin.ownerLevel),
            group: origin.group,
            partition: origin.partition.id,
            owner: self
        )
    }

    var feed: EventFeed? { EventFeed(hub: origin.hub, consumerGroup: origin.group) }
    var requiredAccess: (AccessRights, EntityPath)? { (.listen, common.path) }
    var idleDetails: String? { isWaiting ? nil : "AmqpEventHubConsumer" }

    func attached() {}

    func creditReceived() {
        common.touch()
        schedule()
    }

    func closed() {
        guard isOpen else { return }
        isOpen = false
        origin.partition.stopWaiting(self)
        origin.hub.closeReceiver(receiver, group: origin.group, partition: origin.partition.id)
    }

    /// Sends in a turn of its own, so that one busy reader does not keep the loop from the others.
    private func schedule() {
        guard !isScheduled, isOpen else { return }
        isScheduled = true
        common.connection.loop.execute { [self] in
            isScheduled = false
            send()
        }
    }

    private func send() {
        guard isOpen, !isDelayed else { return }
        let now = common.connection.broker.namespace.now()
        let prefix = origin.wantsRuntimeMetrics ? RuntimeMetrics(of: origin.partition, at: now).section : []
        var result = SettledSendResult.sent
        var fault: Fault.Action?
        let throughput = common.connection.broker.throughput
        while result == .sent, fault == nil {
            if let wait = throughput?.egressWait, wait > 0 {
                sendLater(.milliseconds(wait))
                return
            }
            var next = cursor
            guard
                let run = origin.partition.nextRun(
                    at: &next,
                    maximumEvents: throughput == nil ? Self.runEvents : Self.limitedEvents,
                    maximumBytes: throughput == nil ? Self.runBytes : Self.limitedBytes
                )
            else {
                waitForEvents()
                return
            }
            cursor.sequenceNumber = run.firstSequenceNumber
            let sent: Int
            (sent, result, fault) = send(run, prefix: prefix)
            cursor.sequenceNumber += Int64(sent)
            throughput?.sent(events: sent, bytes: run.range.count * sent / run.count)
        }
        common.touch()
        switch fault {
        case nil: break
        case .delay(let time): sendLater(time)
        case let fault?: common.connection.disturb(fault, common)
        }
    }

    private func sendLater(_ time: Duration) {
        isDelayed = true
        let loop = common.connection.loop
        loop.schedule(at: loop.now.advanced(by: time)) { [self] in
            isDelayed = false
            send()
        }
    }

    /// Sends events until one does not go out, or a fault strikes; tells how many did.
    private func send(_ run: LogRun, prefix: [UInt8]) -> (Int, SettledSendResult, Fault.Action?) {
        var sent = 0
        var result = SettledSendResult.sent
        var fault: Fault.Action?
        let faults = common.connection.broker.faults
        common.connection.perform { engine throws(UsageError) in
            for message in run {
                result = try engine.sendSettled(common.id, prefix: prefix, message: message)
                guard result == .sent else { return }
                sent += 1
                fault = faults.strike(.receive, common.site)
                guard fault == nil else { return }
            }
        }
        return (sent, result, fault)
    }

    private func waitForEvents() {
        // Without credit nothing could be sent: the next grant will look again.
        isWaiting = origin.partition.wait(self, at: cursor)
        if !isWaiting { schedule() }
    }
}

extension EventReceiverLink: PartitionLogObserver {
    func partitionLogGrew() {
        common.connection.loop.execute { [self] in
            isWaiting = false
            send()
        }
    }
}

extension EventReceiverLink: DisplaceableReceiver {
    func displaced(by error: ServiceError) {
        common.connection.loop.execute { [self] in
            guard isOpen else { return }
            let system =
                "\(common.connection.broker.namespace.name):eventhub:\(origin.hub.name)"
                + "~\(origin.partition.id)|\(origin.group)"
            common.connection.detach(common.id, error, system: system)
        }
    }
}
