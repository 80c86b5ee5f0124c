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
let readings = CommandLine.arguments.dropFirst(2)

try await EventHubProducer.withProducer(connectionString: connectionString) { producer in
    // Some events, in as few batches as they need.
    try await producer.send(readings.map { EventData($0) }, to: .key("vehicle-7"))

    // A batch filled by hand: it knows how much the service takes.
    var batch = try await producer.makeBatch(.partition("0"))
    for reading in readings {
        var event = EventData(reading, properties: ["unit": "km/h"])
        event.contentType = "text/plain"
        if batch.tryAdd(event) { continue }
        try await producer.send(batch)
        batch.removeAll()
        guard batch.tryAdd(event) else { fatalError("larger than any batch") }
    }
    try await producer.send(batch)
}
