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
import ServiceLifecycle
import UnixSignals

/// Runs `body`; SIGINT or SIGTERM begins a graceful shutdown of the services in it.
///
/// Throws what `body` throws. `body` runs in a service: ``withGracefulShutdownHandler(operation:onGracefulShutdown:isolation:)``
/// and its like work inside.
func runUntilSignal(logger: Logger, _ body: @escaping @Sendable () async throws -> Void) async throws {
    let group = ServiceGroup(
        configuration: ServiceGroupConfiguration(
            services: [
                .init(
                    service: ClosureService(body: body),
                    successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .cancelGroup
                )
            ],
            gracefulShutdownSignals: [.sigint, .sigterm],
            logger: logger
        )
    )
    try await group.run()
}

private struct ClosureService: Service {
    let body: @Sendable () async throws -> Void

    @concurrent
    func run() async throws { try await body() }
}
