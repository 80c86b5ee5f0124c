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

import EventHubsAdministration

let sender = try EventHubHTTPSender(connectionString: CommandLine.arguments[1], eventHub: "telemetry")
try await sender.send(EventData("21.5 °C", properties: [.string("kind"): .string("temperature")]))
try await sender.send([EventData("one"), EventData("two")], to: .key("vehicle-7"))
