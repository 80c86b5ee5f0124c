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

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the operating system has charged this process: processor time and memory.
struct ProcessUsage {
    var wallSeconds: Double
    var userSeconds: Double
    var systemSeconds: Double

    /// User and system time.
    var cpuSeconds: Double { userSeconds + systemSeconds }

    /// `RUSAGE_SELF`, which Glibc declares as an enumeration.
    private static var resourceUsage: rusage {
        var usage = rusage()
        #if canImport(Glibc)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #else
            getrusage(RUSAGE_SELF, &usage)
        #endif
        return usage
    }

    /// The figures since the process began.
    static func now() -> ProcessUsage {
        let usage = resourceUsage
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return ProcessUsage(
            wallSeconds: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9,
            userSeconds: seconds(usage.ru_utime),
            systemSeconds: seconds(usage.ru_stime)
        )
    }

    /// The largest resident size so far, in bytes.
    static var peakResidentBytes: Int {
        let usage = resourceUsage
        #if os(Linux)
            return usage.ru_maxrss * 1024
        #else
            return usage.ru_maxrss
        #endif
    }

    static func - (end: ProcessUsage, start: ProcessUsage) -> ProcessUsage {
        ProcessUsage(
            wallSeconds: end.wallSeconds - start.wallSeconds,
            userSeconds: end.userSeconds - start.userSeconds,
            systemSeconds: end.systemSeconds - start.systemSeconds
        )
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
}
