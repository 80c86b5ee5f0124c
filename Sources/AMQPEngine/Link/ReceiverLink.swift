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

/// Everything an engine keeps about one link on which it receives.
struct ReceiverLink: ~Copyable {
    var common: LinkEndpoint
    var credit: ReceiverCredit
    /// Takes in whole transfers and collects the deliveries of one read.
    var intake: TransferIntake
    /// A delivery of several frames that has begun.
    var assembler: DeliveryAssembler
    /// Whether the link is on the engine's list of receivers with deliveries to hand over.
    var isDelivering = false
    /// Whether the link is on the engine's list of receivers with a flow to write.
    var needsFlow = false
    /// Whether that flow asks for an echo.
    var wantsEcho = false

    init(
        common: consuming LinkEndpoint,
        projection: AnnotationProjection,
        maximumMessageSize: UInt64,
        creditOverrun: UInt32
    ) {
        self.common = common
        credit = ReceiverCredit(overrun: creditOverrun)
        intake = TransferIntake(projection: projection)
        assembler = DeliveryAssembler(maximumSize: maximumMessageSize)
    }

    /// Whether whole transfers may be taken without looking at them one by one.
    @inline(__always)
    func takesWholeTransfers(upTo frameSizeLimit: Int) -> Bool {
        common.machine.isAttached && assembler.isIdle && assembler.maximumSize >= UInt64(frameSizeLimit)
    }
}
