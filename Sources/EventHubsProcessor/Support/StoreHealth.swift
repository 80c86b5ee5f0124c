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

import Logging

/// Whether the store answers. Said once per outage, and once when it is over.
struct StoreHealth {
    private(set) var failingSince: ContinuousClock.Instant?
    private let logger: Logger
    private let clock: ProcessorClock

    init(logger: Logger, clock: ProcessorClock) {
        self.logger = logger
        self.clock = clock
    }

    mutating func answered() {
        guard let since = failingSince else { return }
        failingSince = nil
        logger.info("the store answers again", metadata: ["after": "\(since.duration(to: clock.now))"])
    }

    mutating func failed(_ message: String, _ error: any Error) {
        logger.log(level: failingSince == nil ? .warning : .debug, "\(message)", metadata: ["error": "\(error)"])
        if failingSince == nil { failingSince = clock.now }
    }
}
