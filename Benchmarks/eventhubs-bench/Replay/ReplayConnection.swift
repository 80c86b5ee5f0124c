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
internal import AMQPEngine

/// One connection of the replay listener, on a thread of its own with a blocking socket.
///
/// Deliberately not built on the engine: what is measured meets a peer that shares none of its session and link rules. It sends
/// pre-encoded frames as fast as link credit and session window allow, and accepts everything it is sent.
struct ReplayConnection: ~Copyable {
    let socket: BlockingSocket
    let nodes: ReplayNodes

    private var intake = FrameIntake(pool: SlabPool(maximumRetained: 2), maximumFrameSize: 1 << 20)
    private var output = ByteWriter(capacity: 4096)
    private var headerExchanged = false
    private var sessions: [UInt16: ReplaySession] = [:]
    private var sources: [ReplaySource] = []
    /// The frames of all sources: written over before each send, so that they stay in the processor's cache however many
    /// sources there are. One for the links with handle 0, one for the others, whose frames are a byte longer.
    private var frames: [EventFrames] = []
    private var sinks: [ReplaySink] = []
    private var sinkIntakes: [TransferIntake] = []
    private var nextSource = 0
    private var isClosed = false

    /// Bytes of one write.
    private static let writeSize = 128 * 1024

    init(socket: BlockingSocket, bodySize: Int, partitionCount: Int) {
        self.socket = socket
        nodes = ReplayNodes(partitionCount: partitionCount)
        for handle: UInt8 in 0...1 {
            let count = max(1, Self.writeSize / (bodySize + 160))
            frames.append(EventFrames(bodySize: bodySize, channel: 0, handle: handle, count: count))
        }
    }

    /// Serves the peer until it closes.
    mutating func run() {
        while !isClosed {
            guard flush() else { return }
            let sent = sendEvents()
            guard let count = socket.receive(into: intake.receiveSpace(), waiting: !sent) else { return }
            intake.received(count)
            parse()
        }
        _ = flush()
    }

    private mutating func flush() -> Bool {
        guard output.count > 0 else { return true }
        defer { output.reset() }
        return output.withUnsafeBytes { socket.send($0) }
    }

    // MARK: Sending events

    /// Sends one write's worth of events on the next link that may send; false when none may.
    private mutating func sendEvents() -> Bool {
        for _ in 0..<sources.count {
            nextSource = (nextSource + 1) % sources.count
            let channel = sources[nextSource].channel
            guard sources[nextSource].isPartition, let session = sessions[channel], sources[nextSource].credit > 0,
                session.remoteWindow > 0,
                Int32(bitPattern: session.remoteWindow) > 0, Int32(bitPattern: sources[nextSource].credit) > 0
            else { continue }
            if send(from: nextSource, session: session) { return true }
        }
        return false
    }

    private mutating func send(from index: Int, session: ReplaySession) -> Bool {
        let source = sources[index]
        let kind = source.handle == 0 ? 0 : 1
        let count = min(Int(source.credit), Int(session.remoteWindow), frames[kind].count)
        frames[kind].address(count, channel: source.outgoingChannel, handle: UInt8(truncatingIfNeeded: source.handle))
        frames[kind].number(count, deliveryID: session.nextDeliveryID, sequence: source.nextSequence)
        guard frames[kind].withBytes(of: count, { socket.send($0) }) else {
            isClosed = true
            return false
        }
        let number = UInt32(count)
        sources[index].credit -= number
        sources[index].deliveryCount &+= number
        sources[index].nextSequence += Int64(count)
        sessions[sources[index].channel]?.nextDeliveryID &+= number
        sessions[sources[index].channel]?.nextOutgoingID &+= number
        sessions[sources[index].channel]?.remoteWindow -= number
        return true
    }

    // MARK: Receiving

    private mutating func parse() {
        while !isClosed {
            if takeRun() { continue }
            if let header = intake.peek(8), header.starts(with: [0x41, 0x4d, 0x51, 0x50]) {
                intake.consume(8)
                answer(header: header)
                continue
            }
            switch intake.next() {
            case .frame(let range):
                route(range)
                intake.consume(range.size)
            case .incomplete:
                settleRuns()
                return
            case .invalidSize:
                isClosed = true
            }
        }
    }

    private mutating func answer(header: [UInt8]) {
        output.append(contentsOf: header)
        if header[4] == 3 {
            FrameEncoder.write(
                .mechanisms(SASLMechanisms(mechanisms: ["MSSBCBS", "PLAIN", "ANONYMOUS", "EXTERNAL"])),
                into: &output
            )
        }
    }

    /// Takes transfers of a known layout without decoding them.
    private mutating func takeRun() -> Bool {
        guard let address = intake.peekTransferAddress(), let index = sinkIndex(address.channel, address.handle),
            sinks[index].credit > 0
        else { return false }
        let run = intake.takeTransfers(for: sinkIntakes[index], limit: Int(sinks[index].credit))
        countFrames(UInt32(run.count), on: index)
        countDeliveries(UInt32(run.count), on: index)
        return run.count > 0
    }

    private mutating func countDeliveries(_ number: UInt32, on index: Int) {
        sinks[index].deliveryCount &+= number
        sinks[index].credit -= min(number, sinks[index].credit)
    }

    private mutating func countFrames(_ number: UInt32, on index: Int) {
        sessions[sinks[index].channel]?.nextIncomingID &+= number
        let window = sessions[sinks[index].channel]?.incomingWindow ?? 0
        sessions[sinks[index].channel]?.incomingWindow = window - min(number, window)
    }

    private func sinkIndex(_ channel: UInt16, _ handle: UInt32) -> Int? {
        sinks.firstIndex { $0.channel == channel && $0.handle == handle }
    }

    /// Accepts what the last read brought, answers requests, and tops the credit up.
    private mutating func settleRuns() {
        guard let lease = intake.currentLease else { return }
        for index in sinks.indices {
            guard let batch = sinkIntakes[index].takeBatch(lease: lease) else { continue }
            if let first = batch.first, let last = batch.last, !first.isSettled {
                let disposition = Disposition(
                    role: .receiver,
                    first: first.deliveryID,
                    last: last.deliveryID,
                    settled: true,
                    state: .accepted
                )
                FrameEncoder.write(.disposition(disposition), channel: sinks[index].outgoingChannel, into: &output)
            }
            answerRequests(batch, on: index)
            if sinks[index].credit < ReplaySink.creditWindow / 2 { grantCredit(index) }
        }
    }

    private mutating func answerRequests(_ batch: DeliveryBatch, on index: Int) {
        let address = sinks[index].address
        guard address.hasPrefix("$") || address.hasSuffix("/$management") else { return }
        for delivery in batch {
            guard let request = try? delivery.message(), let answer = nodes.answer(to: request, at: address),
                let source = sources.firstIndex(where: { $0.address == address }),
                let session = sessions[sources[source].channel]
            else { continue }
            let transfer = Transfer(
                handle: sources[source].handle,
                deliveryID: session.nextDeliveryID,
                deliveryTag: [],
                messageFormat: 0,
                settled: true
            )
            FrameEncoder.write(
                .transfer(transfer),
                channel: sources[source].outgoingChannel,
                payload: answer.encoded()[...],
                into: &output
            )
            sources[source].deliveryCount &+= 1
            sources[source].credit -= min(1, sources[source].credit)
            sessions[sources[source].channel]?.nextDeliveryID &+= 1
            sessions[sources[source].channel]?.nextOutgoingID &+= 1
        }
    }

    private mutating func grantCredit(_ index: Int) {
        guard var session = sessions[sinks[index].channel] else { return }
        session.incomingWindow = ReplaySession.windowSize
        sessions[sinks[index].channel] = session
        sinks[index].credit = ReplaySink.creditWindow
        FrameEncoder.write(
            .flow(
                Flow(
                    nextIncomingID: session.nextIncomingID,
                    incomingWindow: session.incomingWindow,
                    nextOutgoingID: session.nextOutgoingID,
                    outgoingWindow: ReplaySession.windowSize,
                    handle: sinks[index].handle,
                    deliveryCount: sinks[index].deliveryCount,
                    linkCredit: sinks[index].credit
                )
            ),
            channel: sinks[index].outgoingChannel,
            into: &output
        )
    }

    // MARK: Frames

    private enum Decoded {
        case sasl
        case empty
        case malformed
        case performative(Performative, channel: UInt16, payloadOffset: Int)
    }

    private func decode(_ range: FrameRange) -> Decoded {
        var reader = ByteReader(intake.bytes(of: range))
        guard let header = try? FrameHeader(decoding: &reader) else { return .malformed }
        if header.type == .sasl { return .sasl }
        if header.size == FrameHeader.fixedSize { return .empty }
        guard let performative = try? Performative(decoding: &reader) else { return .malformed }
        return .performative(performative, channel: header.channel, payloadOffset: reader.offset)
    }

    private mutating func route(_ range: FrameRange) {
        switch decode(range) {
        case .sasl:
            // Whatever the client presents is good.
            FrameEncoder.write(.outcome(SASLOutcome(code: .ok)), into: &output)
        case .empty: break
        case .malformed: isClosed = true
        case .performative(let performative, let channel, let payloadOffset):
            route(performative, channel: channel, payloadOffset: payloadOffset, range: range)
        }
    }

    private mutating func route(
        _ performative: Performative,
        channel: UInt16,
        payloadOffset: Int,
        range: FrameRange
    ) {
        switch performative {
        case .open(let open): opened(open)
        case .begin(let begin): began(begin, on: channel)
        case .attach(let attach): attached(attach, on: channel)
        case .flow(let flow): flowReceived(flow, on: channel)
        case .transfer(let transfer):
            guard let index = sinkIndex(channel, transfer.handle) else { return }
            // The first frame of a delivery names it, the others need not.
            if let deliveryID = transfer.deliveryID { sinks[index].deliveryID = deliveryID }
            countFrames(1, on: index)
            guard !transfer.more else { return }
            countDeliveries(1, on: index)
            sinkIntakes[index].append(
                range,
                in: intake,
                payloadOffset: payloadOffset,
                deliveryID: sinks[index].deliveryID,
                messageFormat: transfer.messageFormat ?? 0,
                settled: transfer.settled ?? false,
                deliveryTag: 0..<0
            )
        case .disposition: break
        case .detach(let detach):
            sources.removeAll { $0.channel == channel && $0.handle == detach.handle }
            nextSource = 0
            FrameEncoder.write(
                .detach(Detach(handle: detach.handle, closed: detach.closed)),
                channel: channel,
                into: &output
            )
        case .end:
            sessions[channel] = nil
            sources.removeAll { $0.channel == channel }
            nextSource = 0
            FrameEncoder.write(.end(End()), channel: channel, into: &output)
        case .close:
            FrameEncoder.write(.close(Close()), channel: 0, into: &output)
            isClosed = true
        }
    }

    private mutating func opened(_ open: Open) {
        FrameEncoder.write(
            .open(Open(containerID: "replay", maxFrameSize: 65536, channelMax: 4999, idleTimeOut: 240_000)),
            channel: 0,
            into: &output
        )
    }

    private mutating func began(_ begin: Begin, on channel: UInt16) {
        let session = ReplaySession(begin)
        sessions[channel] = session
        FrameEncoder.write(
            .begin(
                Begin(
                    remoteChannel: channel,
                    nextOutgoingID: session.nextOutgoingID,
                    incomingWindow: session.incomingWindow,
                    outgoingWindow: ReplaySession.windowSize,
                    handleMax: 255
                )
            ),
            channel: channel,
            into: &output
        )
    }

    private mutating func attached(_ attach: Attach, on channel: UInt16) {
        var reply = Attach(name: attach.name, handle: attach.handle, role: attach.role == .sender ? .receiver : .sender)
        reply.source = attach.source
        reply.target = attach.target
        reply.sndSettleMode = attach.role == .receiver ? .settled : attach.sndSettleMode
        reply.rcvSettleMode = attach.rcvSettleMode
        reply.maxMessageSize = 1 << 20
        if attach.role == .receiver { reply.initialDeliveryCount = 0 }
        FrameEncoder.write(.attach(reply), channel: channel, into: &output)
        if attach.role == .receiver {
            let address = attach.source?.address ?? ""
            let isNode = address.contains("$cbs") || address.contains("$management")
            sources.append(
                ReplaySource(
                    address: address,
                    channel: channel,
                    handle: attach.handle,
                    outgoingChannel: channel,
                    isPartition: !isNode && attach.handle < 256
                )
            )
        } else {
            sinks.append(
                ReplaySink(
                    address: attach.target?.address ?? "",
                    channel: channel,
                    handle: attach.handle,
                    outgoingChannel: channel,
                    deliveryCount: attach.initialDeliveryCount ?? 0
                )
            )
            sinkIntakes.append(TransferIntake(projection: .none))
            grantCredit(sinks.count - 1)
        }
    }

    private mutating func flowReceived(_ flow: Flow, on channel: UInt16) {
        sessions[channel]?.flowReceived(flow)
        guard let handle = flow.handle,
            let index = sources.firstIndex(where: { $0.channel == channel && $0.handle == handle })
        else { return }
        sources[index].flowReceived(flow)
        guard flow.drain || flow.echo, let session = sessions[channel] else { return }
        FrameEncoder.write(
            .flow(
                Flow(
                    nextIncomingID: session.nextIncomingID,
                    incomingWindow: session.incomingWindow,
                    nextOutgoingID: session.nextOutgoingID,
                    outgoingWindow: ReplaySession.windowSize,
                    handle: handle,
                    deliveryCount: sources[index].deliveryCount,
                    linkCredit: sources[index].credit,
                    drain: flow.drain
                )
            ),
            channel: channel,
            into: &output
        )
    }
}
