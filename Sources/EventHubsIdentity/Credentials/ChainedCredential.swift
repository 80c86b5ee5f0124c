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

public import EventHubs
import Synchronization

/// Credentials that are tried in order: the first one that is set up on this machine is used from then on.
///
/// A member that is `unavailable` is passed over. Any other failure ends the search: an identity
/// that somebody set up is not exchanged for another one because its secret has expired.
public struct ChainedCredential: TokenCredential {
    private let members: [any TokenCredential]
    private let name: String
    private let chosen = Chosen()

    private final class Chosen: Sendable {
        let index = Mutex<Int?>(nil)
    }

    /// A chain.
    /// - Parameter members: the credentials, in the order in which they are tried.
    public init(_ members: [any TokenCredential]) {
        self.init(members, name: "ChainedCredential")
    }

    init(_ members: [any TokenCredential], name: String) {
        self.members = members
        self.name = name
    }

    /// A token of the first member that has one.
    /// - Parameter audience: the resource.
    /// - Returns: a token that is good for some time yet.
    /// - Throws: `CredentialError`, which says what each member said; what another kind of member throws; or
    ///   `CancellationError` when the calling task is cancelled.
    public func token(for audience: String) async throws -> AccessToken {
        if let index = chosen.index.withLock(\.self) { return try await members[index].token(for: audience) }
        var said: [String] = []
        for (index, member) in members.enumerated() {
            do {
                let token = try await member.token(for: audience)
                chosen.index.withLock { $0 = $0 ?? index }
                return token
            } catch let error as CredentialError {
                said.append("\(error)")
                guard error.code == .unavailable else {
                    let text = said.map { "\n- \($0)" }.joined()
                    throw CredentialError(
                        error.code,
                        of: name,
                        "a member that is set up failed:\(text)",
                        status: error.status
                    )
                }
            }
        }
        throw CredentialError(
            .unavailable,
            of: name,
            members.isEmpty ? "it has no members" : "no member has a token:" + said.map { "\n- \($0)" }.joined()
        )
    }
}
