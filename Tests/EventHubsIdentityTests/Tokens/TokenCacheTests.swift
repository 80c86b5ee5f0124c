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
import Synchronization
import Testing

@testable import EventHubsIdentity

@Suite("Tokens that are kept", .timeLimit(.minutes(1)))
struct TokenCacheTests {
    /// Issues numbered tokens.
    private final class Source: TokenSource {
        let name = "Source"
        let issuer: ScriptedIssuer
        let lifetime: Int64
        let refreshIn: Int64?
        let asked = Mutex(0)
        let failure = Mutex<CredentialError?>(nil)
        let latch = Mutex<Latch?>(nil)

        init(_ issuer: ScriptedIssuer, lifetime: Int64, refreshIn: Int64? = nil) {
            self.issuer = issuer
            self.lifetime = lifetime
            self.refreshIn = refreshIn
        }

        func issue(for resource: TokenResource) async throws(CredentialError) -> IssuedToken {
            let number = asked.withLock { asked in
                asked += 1
                return asked
            }
            await latch.withLock(\.self)?.wait()
            if let failure = failure.withLock(\.self) { throw failure }
            let now = issuer.now.millisecondsSinceEpoch
            let expiry = Timestamp(millisecondsSinceEpoch: now + lifetime * 1000)
            return IssuedToken(
                token: AccessToken("\(number)", kind: .jwt, expiry: expiry),
                expiry: expiry,
                refresh: refreshIn.map { Timestamp(millisecondsSinceEpoch: now + $0 * 1000) }
            )
        }

        var count: Int { asked.withLock(\.self) }
    }

    /// Asks until the answer is `value`: the next token is fetched beside the answers.
    private func wait(for value: String, from cache: TokenCache) async throws {
        while try await cache.token(for: entity).value != value { await Task.yield() }
    }

    @Test("many who ask at once make one request")
    func singleFlight() async throws {
        let issuer = ScriptedIssuer()
        let source = Source(issuer, lifetime: 3600)
        let latch = Latch()
        source.latch.withLock { $0 = latch }
        let cache = TokenCache(source, environment: issuer.environment().client)
        let values = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<20 { group.addTask { try await cache.token(for: entity).value } }
            while source.count == 0 { await Task.yield() }
            latch.open()
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(values == ["1"])
        #expect(source.count == 1)
    }

    @Test("near its end a token is handed out as before while the next one is fetched")
    func earlyRefresh() async throws {
        let issuer = ScriptedIssuer()
        let source = Source(issuer, lifetime: 3600)
        let cache = TokenCache(source, environment: issuer.environment().client)
        #expect(try await cache.token(for: entity).value == "1")
        // Ten minutes before the end, less 15 s of jitter at the middle of the range.
        issuer.advance(by: 2984)
        #expect(try await cache.token(for: entity).value == "1")
        #expect(source.count == 1)
        issuer.advance(by: 1)
        let latch = Latch()
        source.latch.withLock { $0 = latch }
        #expect(try await cache.token(for: entity).value == "1")
        while source.count < 2 { await Task.yield() }
        #expect(try await cache.token(for: entity).value == "1")
        latch.open()
        try await wait(for: "2", from: cache)
        #expect(source.count == 2)
    }

    @Test("a failing refresh is tried again after a pause; the old token is used until it expires")
    func failingRefresh() async throws {
        let issuer = ScriptedIssuer()
        let source = Source(issuer, lifetime: 60)
        let cache = TokenCache(source, environment: issuer.environment().client)
        #expect(try await cache.token(for: entity).value == "1")
        source.failure.withLock { $0 = CredentialError(.busy, of: "Source", "busy") }
        issuer.advance(by: 40)
        #expect(try await cache.token(for: entity).value == "1")
        while source.count < 2 { await Task.yield() }
        issuer.advance(by: 19)
        // 59 s of 60: still good, and the pause of 30 s is not over.
        #expect(try await cache.token(for: entity).value == "1")
        #expect(source.count == 2)
        issuer.advance(by: 1)
        let error = await credentialError { try await cache.token(for: entity) }
        #expect(error?.code == .busy)
        #expect(source.count == 3)
        source.failure.withLock { $0 = nil }
        #expect(try await cache.token(for: entity).value == "4")
    }

    @Test("the issuer may ask to be asked sooner")
    func refreshIn() async throws {
        let issuer = ScriptedIssuer()
        let cache = TokenCache(
            Source(issuer, lifetime: 86_400, refreshIn: 43_200),
            environment: issuer.environment().client
        )
        #expect(try await cache.token(for: entity).value == "1")
        issuer.advance(by: 43_200)
        try await wait(for: "2", from: cache)
    }

    /// Otherwise a link that needs a newer token would ask in vain.
    @Test(
        "whenever a link's token is replaced, the next one is being fetched already",
        arguments: [4, 60, 300, 3600, 86_400]
    )
    func beforeLinksNeedIt(life: Int64) {
        let now = Timestamp(millisecondsSinceEpoch: 0)
        let expiry = Timestamp(millisecondsSinceEpoch: life * 1000)
        let issued = IssuedToken(token: AccessToken("", kind: .jwt, expiry: expiry), expiry: expiry, refresh: nil)
        let latest = TokenCache.refresh(of: issued, at: now, random: 0)
        let earliest = TokenRefreshSchedule.delay(until: expiry, now: now, random: 1)
        #expect(Duration.milliseconds(latest.millisecondsSinceEpoch) <= earliest ?? .zero)
        #expect(TokenCache.refresh(of: issued, at: now, random: 1) <= latest)
    }

    @Test("absurd lives")
    func extremes() {
        func refresh(_ expiry: Int64, at now: Int64) -> Int64 {
            let expiry = Timestamp(millisecondsSinceEpoch: expiry)
            let issued = IssuedToken(token: AccessToken("", kind: .jwt, expiry: expiry), expiry: expiry, refresh: nil)
            return TokenCache.refresh(of: issued, at: .init(millisecondsSinceEpoch: now), random: 0)
                .millisecondsSinceEpoch
        }
        let year: Int64 = 365 * 24 * 3_600_000
        #expect(refresh(.max, at: 0) == year - 600_000)
        #expect(refresh(.max, at: -1) == year - 600_000 - 1)
        #expect(refresh(0, at: 5) == 5)
    }
}
