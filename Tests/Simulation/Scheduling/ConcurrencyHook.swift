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

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Makes the scheduler in charge the executor of everything that Swift's concurrency runs in this process.
///
/// The runtime asks a hook where to put a job that is ready to run. Ours puts it into the queue of ``JobScheduler/current``; nothing
/// ever reaches a thread pool. Sleeping by the real clock would escape, and therefore ends the program.
enum ConcurrencyHook {
    private typealias Original = @convention(thin) (UnownedJob) -> Void
    private typealias Enqueue = @convention(thin) (UnownedJob, Original) -> Void
    private typealias OriginalDelay = @convention(thin) (UInt64, UnownedJob) -> Void
    private typealias EnqueueWithDelay = @convention(thin) (UInt64, UnownedJob, OriginalDelay) -> Void

    static func install() {
        let program = dlopen(nil, RTLD_LAZY)
        guard let enqueue = dlsym(program, "swift_task_enqueueGlobal_hook"),
            let delay = dlsym(program, "swift_task_enqueueGlobalWithDelay_hook")
        else { fatalError("this Swift runtime has no hook for its global executor") }
        enqueue.assumingMemoryBound(to: Enqueue?.self).pointee = { job, _ in JobScheduler.current.enqueue(job) }
        delay.assumingMemoryBound(to: EnqueueWithDelay?.self).pointee = { _, _, _ in
            fatalError("a simulated host sleeps by the real clock")
        }
    }
}

/// The executor that jobs believe to run on.
final class SimulationExecutor: SerialExecutor {
    static let shared = SimulationExecutor()

    func enqueue(_ job: UnownedJob) {
        JobScheduler.current.enqueue(job)
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }
}
