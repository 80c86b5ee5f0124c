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

/// Why a processor's partition is closed.
@nonexhaustive
public enum CloseReason: Hashable, Sendable {
    /// Another host owns the partition now. Nothing can be checkpointed any more: the new owner has already begun
    /// at the last checkpoint, and what was processed since will be processed again there.
    case leaseLost

    /// The host is stopping. The lease is still held: `close` may write a last checkpoint.
    case shutdown

    /// Another host has asked for the partition and should have it, so that all have the same number. The lease is still held: `close`
    /// may write a last checkpoint, and the other host begins there.
    case handedOver

    /// The processor threw. The lease is still held; a new processor will be opened for the partition, after a
    /// back-off, at the last checkpoint.
    case processorFailed

    /// This host gives the partition up, because the failure policy said so or a call of `process` did not return in time. After
    /// the former the lease is still held and `close` may write a last checkpoint; after the latter it is not.
    case givenUp
}
