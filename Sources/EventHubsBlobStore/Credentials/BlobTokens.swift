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

package import EventHubs

/// The bearer tokens of a credential, for requests to the Blob service. Two are equal when they are one object.
package final class BlobTokens: Sendable, Hashable {
    /// What the tokens are for, in every cloud.
    static let audience = "https://storage.azure.com"

    private let credential: any TokenCredential

    package init(_ credential: any TokenCredential) {
        self.credential = credential
    }

    /// A token that is good for some time yet.
    func token() async throws(BlobStoreError) -> AccessToken {
        let token: AccessToken
        do {
            token = try await credential.token(for: Self.audience)
        } catch {
            let isTransient = (error as? CredentialError)?.isTransient ?? false
            throw BlobStoreError(isTransient ? .unavailable : .accessDenied, "there is no token", underlying: error)
        }
        guard token.kind == .jwt else {
            throw BlobStoreError(
                .accessDenied,
                "the credential makes shared access signatures for Event Hubs, and blobs need tokens of Microsoft Entra ID"
            )
        }
        return token
    }

    package static func == (left: BlobTokens, right: BlobTokens) -> Bool { left === right }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
