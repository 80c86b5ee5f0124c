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

import Foundation

/// A control group that holds a process to a share of a processor, as a container's limit does.
final class CPULimit {
    private let folder: String

    /// Makes a group for `share` of one processor; nil where control groups cannot be made.
    init?(name: String, share: Double) {
        let period = 100_000
        let quota = Int(share * Double(period))
        let name = "eventhubs-bench-\(ProcessInfo.processInfo.processIdentifier)-\(name)"
        // Version 2 has one tree for all controllers, version 1 one for each.
        let limits: (folder: String, values: [(file: String, text: String)])
        if (try? String(contentsOfFile: "/sys/fs/cgroup/cgroup.controllers", encoding: .utf8))?.contains("cpu") == true
        {
            limits = ("/sys/fs/cgroup/\(name)", [("cpu.max", "\(quota) \(period)")])
        } else {
            limits = (
                "/sys/fs/cgroup/cpu/\(name)",
                [("cpu.cfs_period_us", String(period)), ("cpu.cfs_quota_us", String(quota))]
            )
        }
        folder = limits.folder
        guard mkdir(folder, 0o755) == 0 else { return nil }
        for (file, text) in limits.values where !Self.write(text, to: "\(folder)/\(file)") {
            rmdir(folder)
            return nil
        }
    }

    /// Puts a process under the limit, with the children that it starts from then on.
    func add(_ processIdentifier: Int32) -> Bool {
        Self.write(String(processIdentifier), to: "\(folder)/cgroup.procs")
    }

    /// The group goes when its last process has.
    deinit { rmdir(folder) }

    private static func write(_ text: String, to path: String) -> Bool {
        // Not FileHandle: the kernel answers the write itself.
        let descriptor = open(path, O_WRONLY)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count
    }
}
