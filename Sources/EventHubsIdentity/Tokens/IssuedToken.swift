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

/// A token as its issuer gave it out.
struct IssuedToken: Sendable {
    let token: AccessToken
    /// From when on the service refuses it, by this machine's clock.
    let expiry: Timestamp
    /// When its issuer wants to be asked for the next one, if it says so.
    let refresh: Timestamp?
}

/// Somebody who issues tokens, asked each time anew.
protocol TokenSource: Sendable {
    /// The credential's name, for errors.
    var name: String { get }

    /// A new token.
    func issue(for resource: TokenResource) async throws(CredentialError) -> IssuedToken
}
