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

/// How a client presents itself during SASL; the server application decides whether to believe it.
///
/// Its text never shows a password.
package enum SASLCredentials: Equatable, Sendable {
    case anonymous
    case plain(authorizationID: String, authenticationID: String, password: String)
    /// Whatever the transport has proved, for instance by a client certificate.
    case external(authorizationID: String)
    /// Claims-based security: as `ANONYMOUS`; tokens follow on the `$cbs` node.
    case mssbcbs

    /// Reads the initial response of a mechanism, or returns nil if it is malformed or the mechanism unknown.
    init?(mechanism: SASLMechanism, initialResponse: [UInt8]) {
        switch mechanism {
        case .anonymous: self = .anonymous
        case .mssbcbs: self = .mssbcbs
        case .external: self = .external(authorizationID: String(decoding: initialResponse, as: UTF8.self))
        case .plain:
            // authorization-id NUL authentication-id NUL password (RFC 4616)
            let parts = initialResponse.split(separator: 0, omittingEmptySubsequences: false)
            guard parts.count == 3, !parts[1].isEmpty else { return nil }
            self = .plain(
                authorizationID: String(decoding: parts[0], as: UTF8.self),
                authenticationID: String(decoding: parts[1], as: UTF8.self),
                password: String(decoding: parts[2], as: UTF8.self)
            )
        }
    }

    /// The mechanism that carries these credentials.
    package var mechanism: SASLMechanism {
        switch self {
        case .anonymous: .anonymous
        case .plain: .plain
        case .external: .external
        case .mssbcbs: .mssbcbs
        }
    }

    /// The bytes that go with the mechanism's name.
    var initialResponse: [UInt8] {
        switch self {
        case .anonymous, .mssbcbs: []
        case .external(let authorizationID): [UInt8](authorizationID.utf8)
        case .plain(let authorizationID, let authenticationID, let password):
            [UInt8](authorizationID.utf8) + [0] + [UInt8](authenticationID.utf8) + [0] + [UInt8](password.utf8)
        }
    }
}

extension SASLCredentials: CustomStringConvertible {
    package var description: String {
        switch self {
        case .anonymous, .mssbcbs: mechanism.rawValue
        case .external(let authorizationID): "EXTERNAL(\(authorizationID))"
        case .plain(_, let authenticationID, _): "PLAIN(\(authenticationID), <redacted>)"
        }
    }
}
