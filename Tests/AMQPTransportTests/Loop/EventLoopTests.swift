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

import AMQPTransport
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct EventLoopTests {
    private actor Pinned {
        let loop: EventLoop
        private var count = 0

        init(_ loop: EventLoop) {
            self.loop = loop
        }

        nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

        func increment() -> (Int, Bool) {
            count += 1
            return (count, loop.isOnLoop)
        }

        nonisolated func incrementFromTheLoop() -> Int {
            assumeIsolated { $0.increment().0 }
        }
    }

    @Test func anActorRunsOnItsLoop() async throws {
        let loop = try EventLoop()
        let actor = Pinned(loop)
        let (count, isOnLoop) = await actor.increment()
        #expect(count == 1)
        #expect(isOnLoop)
        #expect(!loop.isOnLoop)
        await loop.shutdown()
    }

    @Test func aCallbackOfTheLoopIsIsolatedToItsActors() async throws {
        let loop = try EventLoop()
        let actor = Pinned(loop)
        let count = await withCheckedContinuation { continuation in
            loop.execute { continuation.resume(returning: actor.incrementFromTheLoop()) }
        }
        #expect(count == 1)
        await loop.shutdown()
    }

    @Test func aTaskMayPreferTheLoop() async throws {
        let loop = try EventLoop()
        let isOnLoop = await withTaskExecutorPreference(loop) { await preferred(loop) }
        #expect(isOnLoop)
        await loop.shutdown()
    }

    @concurrent private func preferred(_ loop: EventLoop) async -> Bool { loop.isOnLoop }

    @Test func workOfOneThreadRunsInOrder() async throws {
        let loop = try EventLoop()
        let seen = Mutex<[Int]>([])
        for index in 0..<1_000 { loop.execute { seen.withLock { $0.append(index) } } }
        await loop.shutdown()
        #expect(seen.withLock { $0 } == Array(0..<1_000))
    }

    @Test func tenThousandTimersFireInTheOrderOfTheirDeadlines() async throws {
        let loop = try EventLoop()
        let fired = Mutex<[Int]>([])
        let start = loop.now
        await withCheckedContinuation { continuation in
            // In one turn: none fires before all are there.
            loop.execute {
                for index in 0..<10_000 {
                    // A permutation of 0..<10_000, five to a microsecond.
                    let place = index * 7_919 % 10_000
                    loop.schedule(at: start + .milliseconds(50) + .microseconds(place / 5)) {
                        fired.withLock { $0.append(place) }
                    }
                }
                loop.schedule(at: start + .milliseconds(60)) { continuation.resume() }
            }
        }
        let order = fired.withLock { $0 }.map { $0 / 5 }
        let isInOrder = order == order.sorted()
        #expect(order.count == 10_000)
        #expect(isInOrder)
        #expect(loop.now - start >= .milliseconds(60))
        await loop.shutdown()
    }

    @Test func timersOfOneDeadlineFireInTheOrderTheyWereMade() async throws {
        let loop = try EventLoop()
        let fired = Mutex<[Int]>([])
        let deadline = loop.now + .milliseconds(5)
        await withCheckedContinuation { continuation in
            loop.execute {
                for index in 0..<100 { loop.schedule(at: deadline) { fired.withLock { $0.append(index) } } }
                loop.schedule(at: deadline) { continuation.resume() }
            }
        }
        #expect(fired.withLock { $0 } == Array(0..<100))
        await loop.shutdown()
    }

    @Test func cancelledTimersDoNotFire() async throws {
        let loop = try EventLoop()
        let fired = Mutex<[Int]>([])
        let start = loop.now
        let late = loop.schedule(at: start + .seconds(3_600)) { fired.withLock { $0.append(-1) } }
        await withCheckedContinuation { continuation in
            loop.execute {
                let timers = (0..<1_000).map { index in
                    loop.schedule(at: start + .milliseconds(20 + index % 7)) { fired.withLock { $0.append(index) } }
                }
                for index in 0..<1_000 where index % 2 == 0 { timers[index].cancel() }
                loop.schedule(at: start + .milliseconds(40)) {
                    // After it has fired: nothing to cancel.
                    timers[1].cancel()
                    continuation.resume()
                }
            }
        }
        late.cancel()
        let seen = fired.withLock { $0 }
        #expect(seen.count == 500)
        let areOdd = seen.allSatisfy { $0 % 2 == 1 }
        #expect(areOdd)
        await loop.shutdown()
    }

    @Test func aTimerOfThePastFiresAtOnce() async throws {
        let loop = try EventLoop()
        await withCheckedContinuation { continuation in
            loop.schedule(at: loop.now - .seconds(5)) { continuation.resume() }
        }
        await loop.shutdown()
    }

    @Test func endOfTurnComesAfterAllJobsOfTheTurn() async throws {
        final class Recorder: EndOfTurnHandler, @unchecked Sendable {
            var log: [String] = []
            func turnEnded() { log.append("end") }
        }
        let loop = try EventLoop()
        let recorder = Recorder()
        let log = await withCheckedContinuation { continuation in
            loop.execute {
                // Both of these are queued before the next turn begins.
                loop.execute {
                    recorder.log.append("first")
                    loop.atEndOfTurn(recorder)
                }
                loop.execute { recorder.log.append("second") }
                loop.execute { loop.execute { continuation.resume(returning: recorder.log) } }
            }
        }
        #expect(log == ["first", "second", "end"])
        await loop.shutdown()
    }

    @Test func shutdownRunsWhatWasQueuedAndMayBeRepeated() async throws {
        let group = try EventLoopGroup(count: 2)
        let count = Mutex(0)
        for loop in group.loops { loop.execute { count.withLock { $0 += 1 } } }
        await group.shutdown()
        await group.shutdown()
        #expect(count.withLock { $0 } == 2)
    }

    @Test func aGroupDealsItsLoopsOutInTurn() async throws {
        let group = try EventLoopGroup(count: 2)
        let first = group.next()
        let second = group.next()
        #expect(first !== second)
        #expect(group.next() === first)
        await group.shutdown()
    }
}
