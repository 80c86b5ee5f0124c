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

/// What the bytes are.
enum InspectionKind: String, EnumerableFlag {
    /// A protocol byte stream.
    case frames
    /// One encoded message.
    case message
    /// A run of encoded values.
    case values

    static func help(for value: InspectionKind) -> ArgumentHelp? {
        switch value {
        case .frames: "The input is one direction of a protocol byte stream."
        case .message: "The input is one encoded message."
        case .values: "The input is a run of encoded values."
        }
    }
}
