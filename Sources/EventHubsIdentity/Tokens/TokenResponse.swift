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

/// What an issuer answers when it issues a token. Numbers come as such or as text.
struct TokenResponse: Decodable {
    private let value: String
    /// Seconds that the token is good for.
    private let lifetime: Int64?
    /// Seconds since 1970.
    private let expiry: Int64?
    /// Seconds until the next token should be asked for.
    private let refresh: Int64?

    private enum CodingKeys: String, CodingKey {
        case accessToken = "access_token"
        case expiresIn = "expires_in"
        case expiresOn = "expires_on"
        case refreshIn = "refresh_in"
    }

    /// What the Azure CLI prints: the same in other words.
    private enum CommandLineKeys: String, CodingKey {
        case accessToken
        case expiresOn = "expires_on"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let value = try container.decodeIfPresent(String.self, forKey: .accessToken) {
            self.value = value
        } else {
            value = try decoder.container(keyedBy: CommandLineKeys.self).decode(String.self, forKey: .accessToken)
        }
        lifetime = container.seconds(forKey: .expiresIn)
        expiry = container.seconds(forKey: .expiresOn)
        refresh = container.seconds(forKey: .refreshIn)
    }

    /// Reads an answer; nil when it is none, or does not say how long the token lasts.
    ///
    /// The life counts from `now`, so that a wrong clock does no harm. Some issuers hand out tokens that they have had for
    /// a while, and say only since when on they are void; that counts if it is sooner, unless it has been already.
    static func token(in body: [UInt8], at now: Timestamp) -> IssuedToken? {
        guard let response = try? JSONDecoder().decode(TokenResponse.self, from: Data(body)), !response.value.isEmpty
        else { return nil }
        let byLifetime = response.lifetime.flatMap { now.adding(seconds: $0) }
        let byExpiry = response.expiry.flatMap { Timestamp(millisecondsSinceEpoch: 0).adding(seconds: $0) }
        let expiry: Timestamp
        switch (byLifetime, byExpiry) {
        case (let first?, let second?): expiry = second > now ? min(first, second) : first
        case (let one?, nil), (nil, let one?): expiry = one
        case (nil, nil): return nil
        }
        return IssuedToken(
            token: AccessToken(response.value, kind: .jwt, expiry: expiry),
            expiry: expiry,
            refresh: response.refresh.flatMap { now.adding(seconds: $0) }
        )
    }
}

extension KeyedDecodingContainer {
    fileprivate func seconds(forKey key: Key) -> Int64? {
        if let text = try? decode(String.self, forKey: key) { return Int64(text) }
        return (try? decode(Double.self, forKey: key)).flatMap { Int64(exactly: $0.rounded(.down)) }
    }
}

extension Timestamp {
    fileprivate func adding(seconds: Int64) -> Timestamp? {
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, carry) = millisecondsSinceEpoch.addingReportingOverflow(milliseconds)
        return overflow || carry ? nil : Timestamp(millisecondsSinceEpoch: sum)
    }
}
