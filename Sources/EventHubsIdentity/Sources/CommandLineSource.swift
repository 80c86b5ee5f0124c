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

/// The Azure CLI, which holds the sign-in of a person: asked by running it.
struct CommandLineSource: TokenSource {
    let name: String
    let tenantID: String?
    let limit: Duration
    let environment: CredentialEnvironment

    /// How much of its output is taken in.
    private static let maximumOutput = 256 * 1024

    func issue(for resource: TokenResource) async throws(CredentialError) -> IssuedToken {
        guard let path = Self.find("az", in: environment.variable("PATH") ?? "") else {
            throw CredentialError(.unavailable, of: name, "there is no 'az' in PATH: install the Azure CLI")
        }
        var arguments = ["account", "get-access-token", "--output", "json", "--resource", resource.identifier]
        if let tenantID { arguments += ["--tenant", tenantID] }
        let result: Command.Result
        do throws(Command.Failure) {
            result = try await Command(
                path: path,
                arguments: arguments,
                variables: environment.variables.merging(["AZURE_CORE_NO_COLOR": "true"]) { _, new in new }
            ).run(limit: limit, maximumOutput: Self.maximumOutput)
        } catch {
            throw CredentialError(.unavailable, of: name, "\(path) \(error)")
        }
        guard result.status == 0 else {
            throw CredentialError(
                .unavailable,
                of: name,
                "\(path) failed: \(Self.lastWords(result.errors)). Does 'az account show' work? If not, run 'az login'."
            )
        }
        guard let token = TokenResponse.token(in: result.output, at: environment.client.wallClock.now()) else {
            // Its output is not shown: it may be a token in another form.
            throw CredentialError(
                .unavailable,
                of: name,
                "\(path) printed no token with 'expires_on': version 2.54 or later is needed"
            )
        }
        return token
    }

    /// The first line of what it complained of, without tokens.
    private static func lastWords(_ bytes: [UInt8]) -> String {
        let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first
        return Redaction.scrub(String((line ?? "it does not say why").prefix(300)))
    }

    /// The first program of this name in `directories`; relative ones do not count, others may put programs there.
    static func find(_ name: String, in directories: String) -> String? {
        directories.split(separator: ":")
            .filter { $0.hasPrefix("/") }
            .map { "\($0)/\(name)" }
            .first { path in
                var isDirectory: ObjCBool = false
                return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory.boolValue
                    && FileManager.default.isExecutableFile(atPath: path)
            }
    }
}
