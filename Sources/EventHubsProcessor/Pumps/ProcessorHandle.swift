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

/// Hands a processor from one task of its pump to another. Only one of them has it at a time: the one that hands it over waits until the
/// other has ended. Processors need not be `Sendable` for this.
struct ProcessorHandle: @unchecked Sendable {
    let processor: any EventProcessor
}
