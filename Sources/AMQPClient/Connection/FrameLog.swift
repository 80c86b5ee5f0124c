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
import Logging

/// Writes every frame to a logger: what is sent with `->`, what is received with `<-`.
enum FrameLog {
    static func trace(to logger: Logger) -> FrameTrace {
        { frame in
            logger.info("\(frame)")
        }
    }
}
