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

import EventHubsEmulator
import HTTPExchange
import Testing

@Suite("Faults of the Blob service", .timeLimit(.minutes(1)))
struct BlobFaultTests {
    private let http = HTTPClient(.init(maximumResponseSize: 65_536, maximumConnections: 2))

    @Test("requests are refused, answered late or half, and then as always")
    func overHTTP() async throws {
        try await EventHubsEmulator.withEmulator(EmulatorConfiguration(hubs: [.init(name: "hub1")])) { emulator in
            let request = HTTPRequest("GET", emulator.blobEndpoint + "/leases/hub1/ownership/0")
            try emulator.setFaults(
                try FaultPlan(
                    """
                    blob path=/ownership/: answer 412
                    blob method=PUT times=*: answer 500
                    blob: answer 503 ServerBusy
                    blob: delay 20ms
                    blob: cut
                    """
                )
            )
            let refused = try await http.send(request)
            #expect(refused.status == 412)
            #expect(refused.headers["x-ms-error-code"] == "ConditionNotMet")
            let busy = try await http.send(request)
            #expect(busy.status == 503)
            #expect(busy.headers["x-ms-error-code"] == "ServerBusy")
            // Nobody signed the request: that is what the service says as always.
            let late = try await http.send(request)
            #expect(late.status == 403)
            #expect(!late.body.isEmpty)
            await #expect(throws: HTTPFailure.truncated(.body)) { try await http.send(request) }
            #expect(try await http.send(request).status == 403)
            #expect(emulator.faultStrikes == [1, 0, 1, 1, 1])
        }
    }
}
