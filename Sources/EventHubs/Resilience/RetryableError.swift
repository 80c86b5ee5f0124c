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

/// An error that tells what time mends from what somebody has to mend.
///
/// Stores and credentials of your own may throw such errors: after one that ``isTransient`` the library tries again by itself.
public protocol RetryableError: Error {
    /// Whether trying again later can succeed without anybody changing anything.
    var isTransient: Bool { get }
}

extension EventHubsError: RetryableError {}
extension CredentialError: RetryableError {}
