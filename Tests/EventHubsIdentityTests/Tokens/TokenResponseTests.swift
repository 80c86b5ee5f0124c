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
import Testing

@testable import EventHubsIdentity

@Suite("What issuers answer")
struct TokenResponseTests {
    private let now = Timestamp(millisecondsSinceEpoch: 1_506_480_573_000)

    private func token(_ text: String, at now: Timestamp? = nil) -> IssuedToken? {
        TokenResponse.token(in: Array(text.utf8), at: now ?? self.now)
    }

    private func seconds(_ token: IssuedToken?) -> Int64? { token.map { $0.expiry.millisecondsSinceEpoch / 1000 } }

    /// The samples of Microsoft's articles: the token endpoint, the metadata service, App Service; and the Azure CLI.
    @Test("the forms there are")
    func forms() {
        let endpoint = token(#"{"token_type":"Bearer","expires_in":3599,"access_token":"eyJ0eXAi"}"#)
        #expect(endpoint?.token.value == "eyJ0eXAi")
        #expect(seconds(endpoint) == 1_506_484_172)
        let metadata = token(
            #"""
            {"access_token":"eyJ0eXAi","refresh_token":"","expires_in":"3599","expires_on":"1506484173",
            "not_before":"1506480273","resource":"https://management.azure.com/","token_type":"Bearer"}
            """#
        )
        // Issued since 300 s: what counts is when it is void.
        #expect(seconds(metadata) == 1_506_484_172)
        let app = token(
            #"{"access_token":"eyJ0eXAi","expires_on":"1586984735","resource":"r","token_type":"Bearer","client_id":"5E"}"#
        )
        #expect(seconds(app) == 1_586_984_735)
        let cli = token(
            #"{"accessToken":"eyJ0eXAi","expiresOn":"2017-09-27 03:49:33.000000","expires_on":1506484173,"tenant":"t"}"#
        )
        #expect(cli?.token.value == "eyJ0eXAi")
        #expect(seconds(cli) == 1_506_484_173)
        let refreshed = token(#"{"access_token":"x","expires_in":86400,"refresh_in":43200}"#)
        #expect(refreshed?.refresh == Timestamp(millisecondsSinceEpoch: 1_506_480_573_000 + 43_200_000))
    }

    @Test("a clock that is wrong does not make a new token void, nor eternal")
    func skewedClocks() {
        let text = #"{"access_token":"x","expires_in":60,"expires_on":"1506480633"}"#
        #expect(seconds(token(text)) == 1_506_480_633)
        let ahead = Timestamp(millisecondsSinceEpoch: 1_506_480_573_000 + 600_000)
        #expect(seconds(token(text, at: ahead)) == 1_506_481_233)
        let behind = Timestamp(millisecondsSinceEpoch: 1_506_480_573_000 - 600_000)
        #expect(seconds(token(text, at: behind)) == 1_506_480_033)
    }

    @Test(
        "what is no token",
        arguments: [
            "", "[]", "null", #"{"access_token":"x"}"#, #"{"access_token":7,"expires_in":1}"#,
            #"{"access_token":"x","expires_in":"soon"}"#, #"{"access_token":"x","expires_in":1e300}"#,
            #"{"access_token":"x","expires_on":9223372036854775807}"#, #"{"expires_in":1}"#,
        ]
    )
    func noToken(_ text: String) {
        #expect(token(text) == nil)
    }
}
