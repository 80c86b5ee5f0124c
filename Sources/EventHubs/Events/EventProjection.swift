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

internal import AMQPEngine

/// The annotations that every event carries, and the slots the receive path puts them in while it reads the frame.
enum EventProjection {
    @usableFromInline static let sequenceNumberSlot = 0
    @usableFromInline static let offsetSlot = 1
    @usableFromInline static let enqueuedTimeSlot = 2

    static let fields = AnnotationProjection([
        .init("x-opt-sequence-number", .long),
        .init("x-opt-offset", .string),
        .init("x-opt-enqueued-time", .timestamp),
    ])
}
