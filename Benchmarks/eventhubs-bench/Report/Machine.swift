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

internal import COpenSSL
import Foundation

/// What the figures were measured on and with.
struct Machine: Codable, Hashable, Sendable {
    var processor: String
    var cores: Int
    var memoryBytes: UInt64
    var system: String
    var compiler: String
    var openSSL: String
    /// The commit that was measured, with a `+` when the work tree had changes; nil outside of a clone.
    var commit: String?
    /// Whether the harness was built with optimisation.
    var isOptimized: Bool

    enum CodingKeys: String, CodingKey {
        case processor, cores, system, compiler, commit
        case memoryBytes = "memory_bytes"
        case openSSL = "openssl"
        case isOptimized = "is_optimized"
    }

    /// This one.
    static func current() -> Machine {
        let information = ProcessInfo.processInfo
        return Machine(
            processor: processorName(),
            cores: information.activeProcessorCount,
            memoryBytes: information.physicalMemory,
            system: kernelName(),
            compiler: compilerName,
            openSSL: String(cString: OpenSSL_version(OPENSSL_VERSION)),
            commit: commitName(),
            isOptimized: isOptimizedBuild
        )
    }

    /// One line for people.
    var summary: String {
        "\(processor), \(cores) cores, \((memoryBytes + (1 << 29)) >> 30) GiB; \(system); Swift \(compiler); \(openSSL)"
    }

    private static var compilerName: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }

    static var isOptimizedBuild: Bool {
        var optimized = true
        assert(
            {
                optimized = false
                return true
            }()
        )
        return optimized
    }

    private static func processorName() -> String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
        return name ?? "unknown processor"
    }

    private static func kernelName() -> String {
        var name = utsname()
        guard uname(&name) == 0 else { return "unknown system" }
        func text<Characters>(_ characters: Characters) -> String {
            withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        return "\(text(name.sysname)) \(text(name.release)) \(text(name.machine))"
    }

    private static func commitName() -> String? {
        guard let commit = output(of: ["git", "-C", PackageFolder.path, "rev-parse", "--short=12", "HEAD"]) else {
            return nil
        }
        let changes = output(of: ["git", "-C", PackageFolder.path, "status", "--porcelain", "--untracked-files=no"])
        return (changes ?? "").isEmpty ? commit : commit + "+"
    }

    private static func output(of arguments: [String]) -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// The folder of this package, where the harness was built: scripts and certificates are read from it.
enum PackageFolder {
    static let path: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.path
    }()
}
