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

import EventHubs
import Synchronization

/// A link that does what a test says, in order; after its script it waits for cancellation or close.
final class ScriptedLink: EventLink {
    enum Step: Sendable {
        case events(ClosedRange<Int64>)
        case nothing
        case ended
        case fail(EventHubsError)
    }

    private let steps: Mutex<[Step]>
    let waiting = Signal()
    let closed = Signal()
    private let end = SingleUse()

    convenience init(_ steps: Step...) { self.init(steps) }

    init(_ steps: [Step]) { self.steps = Mutex(steps) }

    func next(maximumCount: Int, maximumWait: Duration?) async throws(EventHubsError) -> EventReception {
        if closed.count > 0 { return .ended }
        let step = steps.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        switch step {
        case .events(let numbers): return .events(Self.batch(numbers))
        case .nothing: return .nothing
        case .ended: return .ended
        case .fail(let error): throw error
        case nil:
            waiting.send()
            guard await end.wait() else { throw .cancelled }
            return .ended
        }
    }

    func close() async {
        closed.send()
        end.finish()
    }

    var bufferedBytes: Int { 1_234 }

    /// Events with these sequence numbers; the offset is ten times the number.
    static func batch(_ numbers: ClosedRange<Int64>) -> EventBatch {
        EventBatch(
            copying: numbers.map { number in
                Message(
                    messageAnnotations: [
                        .symbol("x-opt-sequence-number"): .long(number),
                        .symbol("x-opt-offset"): .string("\(number * 10)"),
                        .symbol("x-opt-enqueued-time"): .timestamp(Timestamp(millisecondsSinceEpoch: number)),
                    ],
                    body: .data([Array("\(number)".utf8)])
                ).encoded()
            }
        )
    }
}

/// A wait that ends once: by being finished (true) or by cancellation (false).
final class SingleUse: Sendable {
    private let state = Mutex<(isFinished: Bool, waiter: CheckedContinuation<Bool, Never>?)>((false, nil))

    func finish() {
        let waiter = state.withLock { state in
            defer { state = (true, nil) }
            return state.waiter
        }
        waiter?.resume(returning: true)
    }

    func wait() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.isFinished { return true }
                    if Task.isCancelled { return false }
                    state.waiter = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(returning: false)
        }
    }
}
