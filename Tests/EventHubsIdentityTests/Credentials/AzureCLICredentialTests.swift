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
import Foundation
import Testing

@testable import EventHubsIdentity

/// A script in the place of `az`. One test at a time: a script that is being written is busy in every process that is just
/// being started.
@Suite("The Azure CLI", .serialized, .timeLimit(.minutes(2)))
struct AzureCLICredentialTests {
    private func withScript<Value>(
        _ script: String,
        tenant: String? = nil,
        limit: Duration = .seconds(60),
        _ body: (AzureCLICredential, String) async throws -> Value
    ) async throws -> Value {
        try await withTemporaryDirectory { directory in
            let path = directory + "/az"
            try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            let variables = ["PATH": "relative:/nowhere:\(directory):/usr/bin:/bin", "MARK": "kept"]
            let environment = ScriptedIssuer().environment(variables)
            return try await body(
                AzureCLICredential(tenantID: tenant, limit: limit, environment: environment),
                directory
            )
        }
    }

    private static let token =
        #"{"accessToken":"eyJ0b2tlbg","expiresOn":"x","expires_on":1700003600,"tokenType":"Bearer"}"#

    @Test("its token is taken; it runs without a shell, without input, in the root directory")
    func token() async throws {
        let script = """
            here=${0%/*}
            for argument in "$@"; do echo "$argument" >> "$here/arguments"; done
            { pwd; echo "$MARK"; echo "$AZURE_CORE_NO_COLOR"; cat; } > "$here/environment"
            echo '\(Self.token)'
            """
        try await withScript(script, tenant: "contoso.com") { credential, directory in
            let token = try await credential.token(for: entity)
            #expect(token.value == "eyJ0b2tlbg")
            #expect(token.expiry == Timestamp(millisecondsSinceEpoch: 1_700_003_600_000))
            _ = try await credential.token(for: entity)
            #expect(
                try String(contentsOfFile: directory + "/arguments", encoding: .utf8).split(separator: "\n") == [
                    "account", "get-access-token", "--output", "json", "--resource", "https://eventhubs.azure.net",
                    "--tenant",
                    "contoso.com",
                ]
            )
            #expect(try String(contentsOfFile: directory + "/environment", encoding: .utf8) == "/\nkept\ntrue\n")
        }
    }

    @Test("what it complains of is passed on, without tokens")
    func failure() async throws {
        let script = "echo 'ERROR: Please run az login to setup account. eyJhbGci.secret' >&2; echo more >&2; exit 1"
        try await withScript(script) { credential, directory in
            let error = await credentialError { try await credential.token(for: entity) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("\(directory)/az failed: ERROR: Please run az login") == true)
            #expect(error?.message.contains("run 'az login'") == true)
            #expect(error?.message.contains("secret") == false && error?.message.contains("more") == false)
        }
    }

    @Test("output that is no token is not shown", arguments: ["echo secret", #"echo '{"accessToken":"secret"}'"#, ":"])
    func badOutput(script: String) async throws {
        try await withScript(script) { credential, _ in
            let error = await credentialError { try await credential.token(for: entity) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("2.54") == true)
            #expect(error?.message.contains("secret") == false)
        }
    }

    @Test("when its time is up it is killed, with whatever it has started")
    func hanging() async throws {
        let script = "sleep 3000 & echo $! > ${0%/*}/child; wait"
        try await withScript(script, limit: .seconds(2)) { credential, directory in
            let error = await credentialError { try await credential.token(for: entity) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("took longer than 2.0 seconds") == true)
            try await waitUntilGone(directory)
        }
    }

    @Test("endless output is cut off")
    func tooMuch() async throws {
        try await withScript("exec yes") { credential, _ in
            let error = await credentialError { try await credential.token(for: entity) }
            #expect(error?.message.contains("printed more than 262144 bytes") == true)
        }
    }

    @Test("a cancelled run ends the program")
    func cancellation() async throws {
        try await withTemporaryDirectory { directory in
            let script = """
                #!/bin/sh
                sleep 3000 & echo $! > \(directory)/new
                mv \(directory)/new \(directory)/child
                wait

                """
            try Data(script.utf8).write(to: URL(fileURLWithPath: directory + "/program"))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory + "/program")
            let command = Command(path: directory + "/program", arguments: [], variables: ["PATH": "/usr/bin:/bin"])
            let run = Task { try await command.run(limit: .seconds(3000), maximumOutput: 10) }
            while !FileManager.default.fileExists(atPath: directory + "/child") { await Task.yield() }
            run.cancel()
            await #expect(throws: Command.Failure.cancelled) { try await run.value }
            try await waitUntilGone(directory)
        }
    }

    @Test("exit codes, signals, and programs that cannot be started")
    func ends() async throws {
        func run(_ text: String) async throws -> Command.Result {
            try await Command(path: "/bin/sh", arguments: ["-c", text], variables: [:])
                .run(limit: .seconds(60), maximumOutput: 100)
        }
        let result = try await run("printf out; printf err >&2; exit 7")
        #expect(result.status == 7 && result.output == Array("out".utf8) && result.errors == Array("err".utf8))
        #expect(try await run("kill -9 $$").status == 137)
        #expect(try await run("exec >&- 2>&-; exit 3").status == 3)
        await #expect(throws: Command.Failure.notStarted(ENOENT)) {
            try await Command(path: "/none", arguments: [], variables: [:]).run(limit: .seconds(60), maximumOutput: 1)
        }
    }

    @Test("no 'az', and tenants that are none")
    func notThere() async throws {
        for path in ["", "/nowhere:bin", "."] {
            let credential = AzureCLICredential(environment: ScriptedIssuer().environment(["PATH": path]))
            let error = await credentialError { try await credential.token(for: entity) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("no 'az' in PATH") == true)
        }
        for tenant in ["--debug", "a b", ""] {
            #expect(throws: CredentialError(.invalidConfiguration, of: "", "")) {
                try AzureCLICredential(tenantID: tenant)
            }
        }
    }

    /// The started process has ended: it is killed with its parent, and somebody reaps it.
    private func waitUntilGone(_ directory: String) async throws {
        let text = try String(contentsOfFile: directory + "/child", encoding: .utf8)
        let child = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        while kill(child, 0) == 0, !isZombie(child) { await Task.yield() }
    }

    /// Dead, but not reaped: where no init process adopts orphans.
    private func isZombie(_ process: pid_t) -> Bool {
        let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return status?.contains(") Z ") ?? false
    }
}
