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
import EventHubsBlobStore
import EventHubsEmulator
import EventHubsIdentity

let credential = DefaultAzureCredential()

let consumer = EventHubConsumer(
    endpoint: EventHubsEndpoint(host: "name.servicebus.windows.net", eventHubName: "telemetry"),
    credential: credential
)
let container = try BlobContainerLocation(
    url: "https://account.blob.core.windows.net/leases",
    credential: credential
)

let chain = ChainedCredential([
    ManagedIdentityCredential(.clientID("5e29463d-71da-4fe0-8e69-999b57db23b0")),
    try ClientCertificateCredential(tenantID: "contoso.com", clientID: "97e0a5b7", certificateFile: "/run/app.pem"),
])

struct EmulatorCredential: TokenCredential {
    let issuer: TokenIssuer

    func token(for audience: String) async throws -> AccessToken {
        let service = audience.hasPrefix("https://") ? TokenIssuer.storage : TokenIssuer.eventHubs
        return AccessToken(issuer.token(for: service, expirySeconds: 4_102_444_800), kind: .jwt, expiry: nil)
    }
}

var configuration = EmulatorConfiguration(hubs: [.init(name: "telemetry")])
configuration.tokenIssuer = TokenIssuer(key: "a key that only this test knows about")

await consumer.close()
print(container, chain, configuration.hubs)
