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

package import AMQPCodec

/// Why authentication failed.
package enum SASLFailure: Equatable, Sendable {
    /// The server offers no mechanism that we have credentials for.
    case noCommonMechanism(offered: [Symbol])
    /// The server (or, on the server's side, our application) turned the credentials down.
    case rejected(SASLOutcome.Code)
}
