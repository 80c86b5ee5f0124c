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

import AMQPEngine

extension AMQPConnectionConfiguration {
    func engineConfiguration(hostname host: String) -> EngineConfiguration {
        var configuration = EngineConfiguration(
            role: .client(credentials: sasl.credentials),
            containerID: containerID,
            hostname: hostname ?? host
        )
        configuration.maxFrameSize = maxFrameSize
        configuration.idleTimeOut = idleTimeOut
        configuration.properties = properties.isEmpty ? nil : properties
        configuration.desiredCapabilities = desiredCapabilities
        configuration.handshakeTimeout = connectTimeout
        configuration.closeTimeout = closeTimeout
        configuration.limits = limits
        if traceFrames, let logger { configuration.frameTrace = FrameLog.trace(to: logger) }
        return configuration
    }
}

extension AMQPConnectionConfiguration.SASL {
    var credentials: [SASLCredentials] {
        switch self {
        case .none: []
        case .anonymous: [.anonymous]
        case .plain(let user, let password):
            [.plain(authorizationID: "", authenticationID: user, password: password)]
        case .external: [.external(authorizationID: "")]
        case .mssbcbs: [.mssbcbs]
        }
    }
}
