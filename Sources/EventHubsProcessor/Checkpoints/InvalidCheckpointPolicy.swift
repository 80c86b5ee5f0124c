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

public import EventHubs

/// What to do when the service does not accept the position of a checkpoint: it was written for another hub, or the hub was made
/// anew or failed over, and the stream ends before it.
///
/// Going on means to forget the checkpoint, since one never goes backwards otherwise; see
/// ``CheckpointManager/reset(_:holding:)``.
public enum InvalidCheckpointPolicy: Sendable {
    /// Nothing is skipped or repeated by guesswork: the partition waits and reports the error, which names the checkpoint and the
    /// end of the stream, until somebody has decided.
    case fail

    /// Go on with the oldest event there is: nothing is skipped, what is there may be repeated.
    case earliest

    /// Go on with what comes from now on: what is there is skipped.
    case latest

    /// Go on behind the sequence number of the checkpoint, for streams that kept their numbers and changed their offsets.
    /// As ``fail`` when the checkpoint has none, or the stream ends before it.
    case sequenceNumber

    /// Go on behind the time at which the checkpoint's event was enqueued. As ``fail`` when the checkpoint does not tell: only
    /// stores that keep ``Checkpoint/enqueuedTime`` do, and other libraries do not write it.
    case enqueuedTime

    /// Ask. As ``fail`` when the answer is nil.
    case custom(@Sendable (Checkpoint) -> EventPosition?)

    /// Where to go on instead of at the checkpoint. Nil: nowhere.
    func position(insteadOf checkpoint: Checkpoint) -> EventPosition? {
        switch self {
        case .fail: nil
        case .earliest: .earliest
        case .latest: .latest
        case .sequenceNumber: checkpoint.sequenceNumber.map { .sequenceNumber($0) }
        case .enqueuedTime: checkpoint.enqueuedTime.map { .enqueuedTime($0) }
        case .custom(let decide): decide(checkpoint)
        }
    }
}
