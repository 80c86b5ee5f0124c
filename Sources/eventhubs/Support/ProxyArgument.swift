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
///
/// Any text is taken here and judged later: the parser would repeat one that it does not take, with the password in it.
struct ProxyArgument: ExpressibleByArgument {
    private let result: Result<ProxyChoice, AMQPError>

    init(argument: String) {
        result =
            switch argument.lowercased() {
            case "none": .success(.direct)
            case "environment": .success(.environment)
            default: Result { () throws(AMQPError) in .http(try HTTPProxy(url: argument)) }
            }
    }

    /// What was chosen, or why the text is no choice.
    func choice() throws -> ProxyChoice {
        do throws(AMQPError) {
            return try result.get()
        } catch {
            throw ValidationError("--proxy: \(error.message).")
        }
    }
}
