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
public import Logging

/// How requests to the administration of a namespace are made.
public struct AdministrationConfiguration: Sendable {
    /// Where requests go, as `https://host` or `http://host:port`; nil: to the namespace, over TLS. An emulator has its
    /// HTTP port here. Bearer tokens go without TLS only to this machine.
    public var endpoint: String?
    /// How requests are limited in time, and repeated when that can help.
    public var retryPolicy: RetryPolicy
    /// Where to log; nil means nowhere. Secrets are never logged.
    public var logger: Logger?

    /// A configuration.
    /// - Parameters:
    ///   - endpoint: where requests go; nil: to the namespace, over TLS.
    ///   - retryPolicy: how requests are limited in time and repeated.
    ///   - logger: where to log; nil means nowhere.
    public init(endpoint: String? = nil, retryPolicy: RetryPolicy = RetryPolicy(), logger: Logger? = nil) {
        self.endpoint = endpoint
        self.retryPolicy = retryPolicy
        self.logger = logger
    }
}
