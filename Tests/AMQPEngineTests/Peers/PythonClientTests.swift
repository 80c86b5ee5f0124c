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
import Testing

@testable import AMQPEngine

/// Bytes that the official Python client 5.15.1 was seen to send, and the real service's.
@Suite struct PythonClientTests {
    static let saslHeader = bytes(hex: "414d515003010000")
    static let amqpHeader = bytes(hex: "414d515000010000")
    static let saslInit = bytes(
        hex: "0000002602010000005341c01903a309414e4f4e594d4f5553a000a1096c6f63616c686f7374"
    )
    /// Made by hand after its habits: container-id "py", hostname "localhost", max-frame-size 1048576, channel-max 65535.
    static let open = bytes(
        hex: "0000002b02000000005310c01e0aa1027079a1096c6f63616c686f7374700010000060ffff404040404040"
    )
    static let begin = bytes(hex: "0000002202000001005311c0150840437000010000700001000070ffffffff404040")
    static let cbsReceiver = bytes(
        hex: """
            0000006b02000001005312c05e0ea12434623238386335352d626339612d343566662d393533372d6266393435366533396339385202\
            560150005000005328c0110ba1042463627340404040404040404040005329c00d07a1042463627340404040404040404040404040
            """
    )
    static let hubSender = bytes(
        hex: """
            000000ca02000001005312c0bd0ea12463623563303163642d663530332d346563322d623330662d3861323038383062366233375203\
            560050005001005328c03d0ba13073656e6465722d6c696e6b2d63623563303163642d663530332d346563322d623330662d38613230\
            383830623662333740404040404040404040005329c02507a11c616d7170733a2f2f6c6f63616c686f73743a34343337312f68756231\
            404040404040404043444040c11a02a315636f6d2e6d6963726f736f66743a74696d656f7574553c
            """
    )
    static let receiverFlowZero = bytes(hex: "0000002402000001005313c0170b5202700000ffff5201700000ffff5203434340404040")
    static let batchTransfer = bytes(
        hex: """
            000000d302000001005314c0190b52035201a004000000017080013700560056004040404040005370c00705560140404040005372c1\
            1b02a313782d6f70742d706172746974696f6e2d6b6579a103706b31005375a036005370c00705560140404040005372c11b02a31378\
            2d6f70742d706172746974696f6e2d6b6579a103706b31005375a00568656c6c6f005375a041005370c00705560140404040005372c1\
            1b02a313782d6f70742d706172746974696f6e2d6b6579a103706b31005374c10602a101615401005375a005776f726c64
            """
    )

    /// Feeds the client's bytes in pieces of `size`, accepting whatever is asked for.
    static func run(_ server: LoneEngine, _ input: [UInt8], size: Int) throws -> [EngineEvent] {
        var events: [EngineEvent] = []
        var rest = input[...]
        while !rest.isEmpty {
            server.feed(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
            for event in server.events() {
                events.append(event)
                switch event {
                case .authenticationRequested: server.engine.completeAuthentication(.ok)
                case .sessionRequested(let session, _):
                    var options = SessionOptions()
                    options.incomingWindow = 5_000
                    options.handleMax = 255
                    try server.engine.acceptSession(session, options)
                case .linkRequested(let link, _, let attach):
                    try server.engine.acceptLink(link)
                    if attach.role == .sender { try server.engine.setCredit(link, 100) }
                default: break
                }
            }
        }
        return events + server.events()
    }

    @Test(arguments: [1, 13, .max])
    func theWholeStartSequenceInAnyPieces(size: Int) throws {
        let server = LoneEngine(.testServer())
        // It does not wait for the server's header before it opens.
        var events = try Self.run(server, Self.saslHeader + Self.saslInit + Self.amqpHeader + Self.open, size: size)
        events += server.events()
        #expect(server.engine.isOpen == true)
        events += try Self.run(server, Self.begin + Self.cbsReceiver + Self.hubSender, size: size)
        let attaches = events.compactMap { event in
            if case .linkRequested(let link, _, let attach) = event { (link, attach) } else { nil }
        }
        try #require(attaches.count == 2)
        #expect(attaches.map(\.0.isSender) == [true, false])
        #expect(attaches[0].1.source?.address == "$cbs")
        #expect(attaches[1].1.target?.address == "amqps://localhost:44371/hub1")
        #expect(attaches[1].1.rcvSettleMode == .second)
        _ = server.output()
        // A sender that grants credit on its own handle means nothing by it.
        let meaningless = Flow(
            nextIncomingID: 0,
            incomingWindow: 65_535,
            nextOutgoingID: 0,
            outgoingWindow: 65_535,
            handle: 3,
            linkCredit: 10_000
        )
        events = try Self.run(
            server,
            LoneEngine.frame(.flow(meaningless), channel: 1) + Self.batchTransfer,
            size: size
        )
        let delivery = try #require(
            events.flatMap { event -> [Delivery] in
                if case .deliveries(_, let batch) = event { Array(batch) } else { [] }
            }.first
        )
        #expect(delivery.messageFormat == 0x8001_3700)
        #expect(delivery.deliveryTag == [0, 0, 0, 1])
        #expect(delivery.bodyKind == .multipleData)
        try server.engine.settle(attaches[1].0, DeliveryID(delivery.deliveryID), as: .accepted)
        // role receiver, first 1, last null, and settled as the link's second mode has it, unless the server insists.
        try server.engine.settle(attaches[1].0, DeliveryID(delivery.deliveryID), as: .accepted, settled: true)
        let disposition = try #require(
            server.performatives().compactMap { performative in
                if case .disposition(let disposition) = performative { disposition } else { nil }
            }.last
        )
        #expect(disposition == Disposition(role: .receiver, first: 1, last: nil, settled: true, state: .accepted))
    }

    @Test func theAcceptedDispositionIsTheServicesToTheByte() throws {
        let (lone, _, link) = try LoneEngine.attachedServer()
        try lone.engine.setCredit(link, 10)
        _ = lone.output()
        for id in 0..<2 {
            lone.feed(
                .transfer(Transfer(handle: 0, deliveryID: UInt32(id), deliveryTag: [1], messageFormat: 0)),
                payload: [0x00, 0x53, 0x75, 0xa0, 0]
            )
        }
        try lone.engine.settle(link, DeliveryID(1), as: .accepted)
        // role true, first 1, last null, settled true, accepted as list0, batchable null.
        #expect(lone.output() == bytes(hex: "0000001802000000005315c00b06415201404100 53244540"))
    }

    @Test func framesOnAnEndedSessionAreIgnored() throws {
        let (lone, _, _) = try LoneEngine.attachedServer()
        lone.feed(.end(End()))
        // It ends the session first and detaches its links afterwards.
        lone.feed(.detach(Detach(handle: 0, closed: true)))
        lone.feed(.detach(Detach(handle: 1, closed: true)))
        #expect(try lone.performatives() == [.end(End())])
        lone.feed(.close(Close()))
        #expect(ConnectionPairTests.ends(lone.events()) == [.closedByPeer(nil)])
        #expect(try lone.performatives() == [.close(Close())])
    }

    @Test func aFlowAfterTheCloseIsIgnored() throws {
        let (lone, _, _) = try LoneEngine.attachedServer()
        lone.engine.close()
        _ = lone.output()
        lone.feed(.flow(Flow(incomingWindow: 5, nextOutgoingID: 0, outgoingWindow: 5, handle: 0)))
        lone.feed(.close(Close()))
        lone.feed(.flow(Flow(incomingWindow: 5, nextOutgoingID: 0, outgoingWindow: 5, handle: 99)))
        #expect(ConnectionPairTests.ends(lone.events()) == [.closedLocally(answer: nil)])
        #expect(lone.output() == [])
        #expect(lone.engine.isFinished == true)
    }

    @Test func theServicesEventIsReceived() throws {
        // The service's own bytes: open, begin, attach as it answers them, then an event.
        let client = LoneEngine(.testClient(credentials: []))
        client.engine.open()
        client.feed(Self.amqpHeader)
        client.feed(
            bytes(
                hex: """
                    0000004602000000005310c0390aa12330303030303030303030303030303030303030303030303030303030303030305f473740\
                    7000010000601387700003a9804040404040
                    """
            )
        )
        #expect(ConnectionPairTests.opens(client.events()).map(\.idleTimeOut) == [240_000])
        let session = try client.engine.beginSession()
        _ = client.output()
        // remote-channel 0 instead of the 1 of the trace.
        client.feed(
            .begin(
                Begin(
                    remoteChannel: 0,
                    nextOutgoingID: 1,
                    incomingWindow: 5_000,
                    outgoingWindow: 65_536,
                    handleMax: 255
                )
            ),
            channel: 0
        )
        var options = ReceiverOptions(name: "r", source: Source(address: "hub"))
        options.projection = AnnotationProjection([
            .init("x-opt-sequence-number", .long), .init("x-opt-offset", .string),
        ])
        let link = try client.engine.attachReceiver(session, options)
        try client.engine.setCredit(link, 300)
        client.feed(
            .attach(
                Attach(
                    name: "r",
                    handle: 0,
                    role: .sender,
                    sndSettleMode: .settled,
                    source: Source(address: "hub"),
                    target: Target(),
                    initialDeliveryCount: 0
                )
            )
        )
        _ = client.output()
        client.feed(
            bytes(
                hex: """
                    0000012302000000005314c00d0b4343a0004341424040404041005371c19308a31d6c6173745f656e7175657565645f73657175\
                    656e63655f6e756d6265728100000000000034b9a3146c6173745f656e7175657565645f6f6666736574a10731333034303234a3\
                    166c6173745f656e7175657565645f74696d655f75746383000001697399e3bfa31f72756e74696d655f696e666f5f7265747269\
                    6576616c5f74696d655f757463830000016974104f65005372c15606a315782d6f70742d73657175656e63652d6e756d62657281\
                    00000000000030d1a30c782d6f70742d6f6666736574a10731323038303234a313782d6f70742d656e7175657565642d74696d65\
                    83000001697399e3bf00537345005375a00d2248656c6c6f20666f6f203022
                    """
            )
        )
        let delivery = try #require(
            client.events().flatMap { event -> [Delivery] in
                if case .deliveries(_, let batch) = event { Array(batch) } else { [] }
            }.first
        )
        #expect(delivery.integer(0) == 12_497)
        #expect(delivery.string(1) == "1208024")
        #expect(delivery.copiedBody == [UInt8]("\"Hello foo 0\"".utf8))
        #expect(delivery.isSettled)
        #expect(client.engine.credit(of: link) == 299)
    }

    @Test func aRefusalInTheServicesBytes() throws {
        let client = LoneEngine(.testClient(credentials: []))
        client.engine.open()
        client.feed(Self.amqpHeader + LoneEngine.frame(.open(Open(containerID: "s"))))
        let session = try client.engine.beginSession()
        client.feed(
            .begin(Begin(remoteChannel: 0, nextOutgoingID: 1, incomingWindow: 5_000, outgoingWindow: 5_000)),
            channel: 1
        )
        let name = "6db2bcfa-4f83-460a-b4d3-7ce524d1b17d"
        let link = try client.engine.attachReceiver(
            session,
            ReceiverOptions(name: name, source: Source(address: "hub"))
        )
        _ = client.events()
        // The captured frames use handle 3 on channel 1.
        client.feed(
            bytes(
                hex: """
                    0000004302000001005312c0360ea12436646232626366612d346638332d343630612d623464332d376365353234643162313764\
                    520356004040404040404040404040
                    """
            ).fixedSize
        )
        #expect(client.events().isEmpty)
        client.feed(
            bytes(
                hex: """
                    0000006302000001005316c056035203560100531dc04c03a310616d71703a6c696e6b3a73746f6c656ea1365265636569766572\
                    20276e696c2720776974682061206869676865722065706f63682027312720616c7265616479206578697374732e40
                    """
            )
        )
        let error = AMQPErrorInfo(
            condition: .linkStolen,
            description: "Receiver 'nil' with a higher epoch '1' already exists."
        )
        let ends = LinkPairTests.ends(client.events())
        #expect(ends.map(\.link) == [link])
        #expect(ends.map(\.end) == [.refusedByPeer(error)])
        #expect(client.engine.isOpen == true)
    }
}

extension [UInt8] {
    /// The frame with its size field set to its length.
    fileprivate var fixedSize: [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) } + self[4...]
    }
}
