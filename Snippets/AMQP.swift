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

import AMQPClient

let broker = AMQPEndpoint(host: "broker.example.com")
let configuration = AMQPConnectionConfiguration(sasl: .plain(user: "me", password: CommandLine.arguments[1]))

try await AMQPConnection.withConnection(to: broker, configuration: configuration) { connection in
    try await connection.withSession { session in
        try await session.withSender(to: "orders") { sender in
            let outcome = try await sender.send(Message(data: Array("one espresso".utf8)))
            print("the broker says: \(outcome)")

            // Many under way from one task, in their order: what became of them is asked for later.
            var receipts: [SendReceipt] = []
            for order in ["one ristretto", "one lungo"] {
                receipts.append(try await sender.submit(Message(data: Array(order.utf8))))
            }
            for receipt in receipts { print("the broker says: \(try await receipt.outcome())") }
        }
        try await session.withReceiver(from: "orders") { receiver in
            for try await delivery in receiver.deliveries {
                print(String(decoding: delivery.copiedBody, as: UTF8.self))
                try receiver.settle(delivery, as: .accepted)
            }
        }
    }
}
