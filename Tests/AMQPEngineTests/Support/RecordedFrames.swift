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
import Synchronization

/// What passed an engine's frame trace.
final class RecordedFrames: Sendable {
    private let frames = Mutex<[TracedFrame]>([])

    var trace: FrameTrace {
        { [self] frame in frames.withLock { $0.append(frame) } }
    }

    func all(_ direction: TracedFrame.Direction) -> [TracedFrame] {
        frames.withLock { $0.filter { $0.direction == direction } }
    }

    func performatives(_ direction: TracedFrame.Direction) -> [Performative] {
        all(direction).compactMap { frame in
            if case .performative(let performative) = frame.content { performative } else { nil }
        }
    }

    func flows(_ direction: TracedFrame.Direction) -> [Flow] {
        performatives(direction).compactMap { performative in
            if case .flow(let flow) = performative { flow } else { nil }
        }
    }

    func transfers(_ direction: TracedFrame.Direction) -> [Transfer] {
        performatives(direction).compactMap { performative in
            if case .transfer(let transfer) = performative { transfer } else { nil }
        }
    }

    func dispositions(_ direction: TracedFrame.Direction) -> [Disposition] {
        performatives(direction).compactMap { performative in
            if case .disposition(let disposition) = performative { disposition } else { nil }
        }
    }
}
