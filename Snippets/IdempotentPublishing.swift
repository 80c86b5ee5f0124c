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

import EventHubs
import Foundation

let connectionString = CommandLine.arguments[1]
let file = URL(filePath: CommandLine.arguments[2])
let readings = Array(CommandLine.arguments.dropFirst(3))

// Where the last run ended; nothing the first time.
let saved = try? JSONDecoder().decode([PartitionID: PublishingState].self, from: Data(contentsOf: file))
let producer = try EventHubProducer(
    connectionString: connectionString,
    idempotent: IdempotentPublishing(resuming: saved ?? [:])
)

// The service may have more than was saved: those readings need not be sent again.
let state = try await producer.publishingState(of: "0")
let written = Int(state.lastSequenceNumber ?? 0)
try await producer.send(readings.dropFirst(written).map { EventData($0) }, to: .partition("0"))

try JSONEncoder().encode(producer.publishingStates).write(to: file)
await producer.close()
