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

import Logging

/// Moves the events of one partition to its processor, for as long as the host holds the partition.
///
/// ```
/// run: session after session, with back-off, until told to stop                          (this type)
///   session: read the checkpoint, open a receiver, make and open a processor,            (PartitionSession)
///            let it be called, decide about failures, close both
///     dispatch: next batch -> process -> note the position                               (PartitionDispatch)
/// ```
///
/// A receiver that fails is opened again where the processor stands, in the same session. What becomes of a batch that fails is the
/// failure policy's decision; the default ends the session, and the next one begins at the checkpoint.
struct PartitionPump: Sendable {
    /// How a pump ended.
    enum End: Hashable, Sendable {
        /// It was told to.
        case stopped(CloseReason)
        /// The service fenced the receiver off: somebody else reads the partition.
        case fenced
    }

    let hold: PartitionHold
    let environment: PumpEnvironment

    /// Runs until the hold is told to stop or the service fences it off. Does not throw: it has nobody to give up to.
    @concurrent
    func run() async -> End {
        var memory = PumpMemory(generator: SplitMix64(seed: environment.seed ^ hold.generation))
        while hold.reason == nil {
            hold.enter(.opening)
            let session = PartitionSession(hold: hold, environment: environment)
            switch await session.run(&memory) {
            case .stopped: break
            case .fenced: return .fenced
            case .failed: await session.pause(afterFailures: memory.failures.count, &memory)
            }
        }
        return .stopped(hold.reason ?? .shutdown)
    }
}
