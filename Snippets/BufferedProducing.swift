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

let options = BufferingOptions(maximumWait: .milliseconds(100), maximumBufferedBytes: 16 * 1024 * 1024)
try await BufferedEventHubProducer.withProducer(connectionString: connectionString, options: options) { producer in
    // Waits only when the buffer is full. The end of the scope sends what is held, and throws what could not be sent.
    for reading in readings { try await producer.enqueue(EventData(reading), to: .key("vehicle-7")) }
}

let producer = try BufferedEventHubProducer(connectionString: connectionString) { result in
    guard let error = result.error else { return }
    print("\(result.count) events did not reach partition \(result.partition): \(error)")
}
try await producer.enqueue("whoever enqueues leaves the result to the handler")

// In order, and each with its own result: wait for the receipts together, later.
var receipts: [EventReceipt] = []
for reading in readings { receipts.append(try await producer.submit(EventData(reading), to: .partition("0"))) }
for receipt in receipts { try await receipt.value() }

// For many tasks that each send an event now and then: returns when the service has it safe.
try await producer.send("one event", to: .key("vehicle-7"))
try await producer.close(within: .seconds(10))
