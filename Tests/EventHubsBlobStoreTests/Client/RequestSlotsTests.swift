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

import EventHubsProcessor
import HTTPExchange
import Synchronization
import Testing

@testable import EventHubsBlobStore

@Suite(.timeLimit(.minutes(5))) struct RequestSlotsTests {
    /// Answers when told to, and counts what is under way.
    final class HeldTransport: HTTPTransport {
        private let state = Mutex((underWay: 0, most: 0, answered: 0, isOpen: false))

        var underWay: Int { state.withLock { $0.underWay } }
        var most: Int { state.withLock { $0.most } }

        func open() { state.withLock { $0.isOpen = true } }

        func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
            state.withLock { state in
                state.underWay += 1
                state.most = max(state.most, state.underWay)
            }
            defer { state.withLock { $0.underWay -= 1 } }
            while !state.withLock({ $0.isOpen }), !Task.isCancelled { await Task.yield() }
            return HTTPResponse(status: 404, headers: ["x-ms-error-code": "BlobNotFound"])
        }
    }

    @Test func noMoreRequestsAreUnderWayThanAllowed() async throws {
        let transport = HeldTransport()
        let client = try BlobContainerClient.onService(transport) {
            $0.maximumConcurrentRequests = 4
            $0.tryTimeout = .seconds(3_600)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 { group.addTask { _ = try await client.read("\(number)") } }
            while transport.underWay < 4 { await Task.yield() }
            transport.open()
            try await group.waitForAll()
        }
        #expect(transport.most == 4)
    }

    @Test func waitingIsNoPartOfTheTimeout() async throws {
        let slots = RequestSlots(count: 1)
        #expect(await slots.enter())
        let second = Task { await slots.enter() }
        slots.leave()
        #expect(await second.value)
        slots.leave()
        #expect(await slots.enter(), "nothing was lost on the way")
    }

    @Test func cancelledTaskLeavesTheQueue() async {
        let slots = RequestSlots(count: 1)
        #expect(await slots.enter())
        let cancelled = Task { await slots.enter() }
        cancelled.cancel()
        #expect(await !cancelled.value)
        let next = Task { await slots.enter() }
        slots.leave()
        #expect(await next.value)
        let afterwards = Task { @concurrent in
            withUnsafeCurrentTask { $0?.cancel() }
            return await slots.enter()
        }
        #expect(await !afterwards.value, "cancelled before it came to wait")
        slots.leave()
        #expect(await slots.enter())
    }
}
