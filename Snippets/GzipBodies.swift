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

let connectionString = CommandLine.arguments[1]
let documents = CommandLine.arguments.dropFirst(2)

try await EventHubProducer.withProducer(connectionString: connectionString) { producer in
    try await producer.send(documents.map { try EventData($0).compressed() }, to: .key("vehicle-7"))
}

try await EventHubConsumer.withConsumer(connectionString: connectionString) { consumer in
    try await consumer.withPartition("0", from: .latest) { events in
        for try await event in events {
            // Expanded if the sender compressed it, and never to more than this.
            let body = try event.content(maximumSize: 1_048_576)
            print(event.body.byteCount, "bytes came,", body.count, "were written")
        }
    }
}
