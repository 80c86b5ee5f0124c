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
import Logging
import Synchronization
import Testing

@Suite("The authorizer of a connection", .timeLimit(.minutes(2)))
struct CBSAuthorizerTests {
    /// A credential whose tokens are numbered, and the exchange that takes them.
    final class Service: TokenCredential {
        let puts = Mutex<[(audience: String, token: String)]>([])
        let failures = Mutex<[EventHubsError]>([])
        let put = Signal()
        let asked = Mutex(0)
        let lifetime: Duration?
        let time: TestTime
        let isStatic: Bool

        init(time: TestTime, lifetime: Duration?, isStatic: Bool = false) {
            self.time = time
            self.lifetime = lifetime
            self.isStatic = isStatic
        }

        func token(for audience: String) async throws -> AccessToken {
            let number = asked.withLock { asked in
                asked += 1
                return asked
            }
            let now = isStatic ? TestTime.start : time.wallTime.millisecondsSinceEpoch
            return AccessToken(
                isStatic ? "static" : "token-\(number)",
                kind: .jwt,
                expiry: lifetime.map { Timestamp(millisecondsSinceEpoch: now + $0.components.seconds * 1000) }
            )
        }

        func makeAuthorizer() -> CBSAuthorizer {
            CBSAuthorizer(credential: self, environment: time.environment, logger: nil) {
                audience,
                token async throws(EventHubsError) in
                let failure = self.failures.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                if let failure {
                    self.put.send()
                    throw failure
                }
                self.puts.withLock { $0.append((audience, token.value)) }
                self.put.send()
            }
        }

        var audiences: [String] { puts.withLock { $0.map(\.audience) } }
    }

    @Test("Each audience gets one token, however many ask")
    func oncePerAudience() async throws {
        let service = Service(time: TestTime(), lifetime: .seconds(3600))
        let authorizer = service.makeAuthorizer()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask { try await authorizer.authorize(number % 2 == 0 ? "hub" : "group") }
            }
            try await group.waitForAll()
        }
        #expect(service.audiences.sorted() == ["group", "hub"])
        #expect(authorizer.currentToken(for: "hub") != nil)
        #expect(authorizer.currentToken(for: "other") == nil)
        authorizer.stop()
    }

    @Test("A token is replaced before it expires, again and again")
    func refresh() async throws {
        let time = TestTime()
        let service = Service(time: time, lifetime: .seconds(60))
        let authorizer = service.makeAuthorizer()
        try await authorizer.authorize("hub")
        for round in 2...4 {
            await time.waitUntilSlept(round - 1)
            // Three quarters of a minute, less 2.5 % of jitter at the middle of the range.
            #expect(time.slept[round - 2] == .milliseconds(43_875))
            time.advance(by: .milliseconds(43_875))
            await service.put.wait(for: round)
        }
        #expect(service.audiences == ["hub", "hub", "hub", "hub"])
        authorizer.stop()
    }

    /// The service's clock is right, and takes each token for a minute. The client counts the minute from when the token
    /// came, or reads the end from the token by its own clock.
    @Test(
        "Tokens of a minute do not lapse, whatever the client's clock says",
        arguments: [(0, false), (-3600, false), (3600, false), (0, true), (30, true), (3600, true), (-10, true)]
            as [(Int64, Bool)]
    )
    func skewedClock(skew: Int64, readsTheEnd: Bool) async throws {
        final class Minute: TokenCredential {
            let time: TestTime
            let ahead: Int64
            init(_ time: TestTime, ahead: Int64) { (self.time, self.ahead) = (time, ahead) }
            func token(for audience: String) async throws -> AccessToken {
                let end = time.wallTime.millisecondsSinceEpoch + 60_000
                return AccessToken("\(end)", kind: .jwt, expiry: Timestamp(millisecondsSinceEpoch: end + ahead * 1000))
            }
        }
        let time = TestTime()
        var environment = time.environment
        environment.wallClock = WallClock {
            Timestamp(millisecondsSinceEpoch: time.wallTime.millisecondsSinceEpoch + skew * 1000)
        }
        let ends = Mutex<[Int64]>([])
        let put = Signal()
        let authorizer = CBSAuthorizer(
            credential: Minute(time, ahead: readsTheEnd ? 0 : skew),
            environment: environment,
            logger: nil
        ) { _, token async throws(EventHubsError) in
            ends.withLock { $0.append(Int64(token.value) ?? 0) }
            put.send()
        }
        try await authorizer.authorize("hub")
        for round in 1...20 {
            await time.waitUntilSlept(round)
            let pause = time.slept[round - 1]
            #expect(pause >= .seconds(1), "never without pause")
            time.advance(by: pause)
            let end = ends.withLock { $0.last ?? 0 }
            #expect(end > time.wallTime.millisecondsSinceEpoch, "round \(round) after \(pause)")
            await put.wait(for: round + 1)
        }
        authorizer.stop()
    }

    @Test("A refresh that is due before the exchange before it has come to its end makes an exchange of its own")
    func refreshWhileTheLastEnds() async throws {
        let time = TestTime()
        let put = Signal()
        // What is logged last in an exchange lets the time go by meanwhile. Nothing here can be awaited.
        let lines = Mutex(0)
        let seen = Mutex<Int?>(nil)
        let log = PausingLog {
            let line = lines.withLock { lines in
                lines += 1
                return lines
            }
            guard line == 1 else { return }
            PausingLog.wait { !time.slept.isEmpty }
            time.advance(by: time.slept.last ?? .zero)
            PausingLog.wait { put.count == 2 }
            seen.withLock { $0 = put.count }
        }
        let authorizer = CBSAuthorizer(
            credential: Service(time: time, lifetime: .seconds(60)),
            environment: time.environment,
            logger: Logger(label: "test") { _ in log }
        ) { _, _ async throws(EventHubsError) in put.send() }
        try await authorizer.authorize("hub")
        #expect(seen.withLock { $0 } == 2)
        authorizer.stop()
    }

    @Test("While a replacement fails, the old token stays in use and the replacement is tried again")
    func failingRefresh() async throws {
        let time = TestTime()
        let service = Service(time: time, lifetime: .seconds(60))
        let authorizer = service.makeAuthorizer()
        try await authorizer.authorize("hub")
        let first = authorizer.currentToken(for: "hub")
        service.failures.withLock { $0 = [EventHubsError(.serverBusy, "busy", retryAdvice: .later)] }
        await time.waitUntilSlept(1)
        time.advance(by: .milliseconds(43_875))
        await service.put.wait(for: 2)
        await time.waitUntilSlept(2)
        #expect(authorizer.currentToken(for: "hub") == first)
        try await authorizer.authorize("hub")
        #expect(service.puts.withLock { $0.count } == 1)
        time.advance(by: .seconds(2))
        await service.put.wait(for: 3)
        await time.waitUntilSlept(3)
        #expect(authorizer.currentToken(for: "hub") != first)
        authorizer.stop()
    }

    @Test("An expired token is not relied on")
    func expired() async throws {
        let time = TestTime()
        let service = Service(time: time, lifetime: .seconds(60), isStatic: true)
        let authorizer = service.makeAuthorizer()
        try await authorizer.authorize("hub")
        try await authorizer.authorize("hub")
        #expect(service.puts.withLock { $0.count } == 1)
        time.advance(by: .seconds(61))
        try await authorizer.authorize("hub")
        #expect(service.puts.withLock { $0.count } == 2)
        authorizer.stop()
    }

    @Test("After a refusal one new token is put, not one for each link")
    func reauthorize() async throws {
        let service = Service(time: TestTime(), lifetime: nil)
        let authorizer = service.makeAuthorizer()
        let generation = try await authorizer.authorize("hub")
        let next = try await authorizer.reauthorize("hub", after: generation)
        #expect(next > generation)
        #expect(try await authorizer.reauthorize("hub", after: generation) == next)
        #expect(service.puts.withLock { $0.count } == 2)
        authorizer.stop()
    }

    @Test("A refused token is the caller's error; the next caller tries anew")
    func refusal() async throws {
        let service = Service(time: TestTime(), lifetime: .seconds(60))
        let authorizer = service.makeAuthorizer()
        service.failures.withLock { $0 = [EventHubsError(.unauthorized, "401", retryAdvice: .afterAuthorization)] }
        await #expect(throws: EventHubsError(.unauthorized, "")) { try await authorizer.authorize("hub") }
        try await authorizer.authorize("hub")
        authorizer.stop()
        await #expect(throws: EventHubsError.closed) { try await authorizer.authorize("other") }
    }

    @Test("A credential that throws is the cause of the error, without secrets")
    func brokenCredential() async throws {
        struct Broken: TokenCredential {
            struct Failure: Error, CustomStringConvertible {
                var description: String { "no token, sig=TOPSECRET" }
            }
            func token(for audience: String) async throws -> AccessToken { throw Failure() }
        }
        let authorizer = CBSAuthorizer(credential: Broken(), environment: TestTime().environment, logger: nil) {
            _,
            _ async throws(EventHubsError) in Issue.record("nothing to put")
        }
        do {
            try await authorizer.authorize("hub")
            Issue.record("authorised")
        } catch {
            #expect(error.code == .unauthorized)
            #expect(error.underlying is Broken.Failure)
            #expect(!error.description.contains("TOPSECRET"))
        }
    }

    @Test("A credential that says that time will not help is not asked again", arguments: CredentialError.Code.allCases)
    func permanentFailures(code: CredentialError.Code) async throws {
        struct Failing: TokenCredential {
            let error: CredentialError
            func token(for audience: String) async throws -> AccessToken { throw error }
        }
        let error = CredentialError(code, of: "Failing", "why", status: 400)
        let authorizer = CBSAuthorizer(
            credential: Failing(error: error),
            environment: TestTime().environment,
            logger: nil
        ) { _, _ async throws(EventHubsError) in Issue.record("nothing to put") }
        do {
            try await authorizer.authorize("hub")
            Issue.record("authorised")
        } catch {
            #expect(error.code == .unauthorized)
            #expect(error.isTransient == (code == .busy || code == .unreachable))
            #expect(error.message.hasSuffix("Failing: why [HTTP status 400]"))
        }
    }

    @Test("The request and the response of $cbs")
    func exchange() throws {
        let token = AccessToken("text", kind: .sharedAccessSignature, expiry: Timestamp(millisecondsSinceEpoch: 5000))
        let request = TokenExchange.request(token, for: "sb://ns/hub")
        #expect(request.body == .value(.string("text")))
        #expect(request.applicationProperties?[string: "operation"] == .string("put-token"))
        #expect(request.applicationProperties?[string: "type"] == .string("servicebus.windows.net:sastoken"))
        #expect(request.applicationProperties?[string: "name"] == .string("sb://ns/hub"))
        #expect(
            request.applicationProperties?[string: "expiration"] == .timestamp(Timestamp(millisecondsSinceEpoch: 5000))
        )
        #expect(
            TokenExchange.request(AccessToken("t", kind: .jwt, expiry: nil), for: "a").applicationProperties?.count == 3
        )

        // The reply the official client accepts: status 202.
        let reply = bytes(
            "005373c01e0d40404040409820af5e68654c48de8285604cab5ad40e40404040404040005374c13104a10b7374617475732d636f6465"
                + "71000000caa1127374617475732d6465736372697074696f6ea1084163636570746564"
        )
        try TokenExchange.check(try Message(decoding: reply), for: "sb://ns/hub")
        let refused = Message(applicationProperties: ["statusCode": .int(401), "statusDescription": "InvalidSignature"])
        #expect(throws: EventHubsError(.unauthorized, "")) { try TokenExchange.check(refused, for: "a") }
        #expect(throws: EventHubsError(.invalidResponse, "")) { try TokenExchange.check(Message(), for: "a") }
    }

    @Test(
        "When to refresh",
        arguments: [(3600, 3180), (1680, 1260), (60, 45), (4, 3)] as [(Int64, Int64)]
    )
    func schedule(life: Int64, expected: Int64) {
        let now = Timestamp(millisecondsSinceEpoch: 0)
        let expiry = Timestamp(millisecondsSinceEpoch: life * 1000)
        #expect(TokenRefreshSchedule.delay(until: expiry, now: now, random: 0) == .seconds(expected))
        let latest = TokenRefreshSchedule.delay(until: expiry, now: now, random: 1)
        #expect(latest == .seconds(expected) - min(.seconds(30), .seconds(expected) / 20))
    }

    @Test("Unknown and absurd expiries")
    func scheduleExtremes() {
        let now = Timestamp(millisecondsSinceEpoch: 0)
        #expect(TokenRefreshSchedule.delay(until: nil, now: now, random: 0) == nil)
        let never = Timestamp(millisecondsSinceEpoch: .max)
        let past = Timestamp(millisecondsSinceEpoch: .min)
        #expect(TokenRefreshSchedule.delay(until: never, now: now, random: 0) == .seconds(49 * 24 * 3600))
        #expect(TokenRefreshSchedule.delay(until: never, now: past, random: 0) == .seconds(49 * 24 * 3600))
        #expect(TokenRefreshSchedule.delay(until: past, now: never, random: 0) == .seconds(30))
        #expect(TokenRefreshSchedule.delay(until: now, now: now, random: 1) == .seconds(30))
        let soon = Timestamp(millisecondsSinceEpoch: 1)
        #expect(TokenRefreshSchedule.delay(until: soon, now: now, random: 1) == .seconds(1))
    }
}

/// Does something whenever a line is logged, before whoever logs goes on.
private struct PausingLog: LogHandler {
    let body: @Sendable () -> Void
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { body() }

    /// Holds the thread up until the condition holds, for ten seconds at most.
    static func wait(_ condition: () -> Bool) {
        for _ in 0..<10_000 where !condition() { usleep(1_000) }
    }
}
