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
import Testing

@Suite("Dates")
struct UTCTimeTests {
    @Test(
        arguments: [
            (Int64(1_552_422_659_007), "2019-03-12T20:30:59", "Tue, 12 Mar 2019 20:30:59 GMT"),
            (0, "1970-01-01T00:00:00", "Thu, 01 Jan 1970 00:00:00 GMT"),
            (-1, "1969-12-31T23:59:59", "Wed, 31 Dec 1969 23:59:59 GMT"),
            (1_709_164_800_000, "2024-02-29T00:00:00", "Thu, 29 Feb 2024 00:00:00 GMT"),
            (1_795_380_551_000, "2026-11-22T20:49:11", "Sun, 22 Nov 2026 20:49:11 GMT"),
        ]
    )
    func formats(_ milliseconds: Int64, _ compact: String, _ http: String) {
        let time = UTCTime(milliseconds: milliseconds)
        #expect(time.compact == compact)
        #expect(time.http == http)
        #expect(
            UTCTime.seconds(parsingHTTP: http).map { $0 * 1000 } == milliseconds - (milliseconds % 1000 + 1000) % 1000
        )
    }

    @Test(arguments: ["", "Tue, 12 Mar 2019", "Tue, 12 Foo 2019 20:30:59 GMT", "Tue, 12 Mar 2019 25:30:59 GMT"])
    func unreadable(_ text: String) {
        #expect(UTCTime.seconds(parsingHTTP: text) == nil)
    }

    @Test(
        arguments: [
            ("2019-03-12T20:30:59Z", Int64(1_552_422_659)), ("2019-03-12T20:30:59.1234567Z", 1_552_422_659),
            ("2019-03-12T20:30Z", 1_552_422_600), ("2024-02-29", 1_709_164_800), ("1969-12-31T23:59:59Z", -1),
        ]
    )
    func readsISO8601(_ text: String, _ seconds: Int64) {
        #expect(UTCTime.seconds(parsingISO8601: text) == seconds)
    }

    @Test(
        arguments: [
            "", "T", "2019-3-12", "2019-03-12T", "2019-03-12TZ", "2019-03-12T20:30:59", "2019-13-12", "2019-03-32",
            "2019-03-12T24:00Z", "2019-03-12T20Z", "2019-03-12T20:30:59:00Z", "2019-03-12T20:30:61Z",
            "2019-03-12T20:-1Z",
        ]
    )
    func noISO8601(_ text: String) {
        #expect(UTCTime.seconds(parsingISO8601: text) == nil)
    }
}
