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

import ArgumentParser
import EventHubs

/// An HTTP proxy by its address, the environment's, or none.
struct ProxyArgument: ExpressibleByArgument {
    let choice: ProxyChoice

    init?(argument: String) {
        switch argument.lowercased() {
        case "none": choice = .direct
        case "environment": choice = .environment
        default:
            guard let proxy = try? HTTPProxy(url: argument) else { return nil }
            choice = .http(proxy)
        }
    }
}
