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
import HTTPExchange
import Synchronization
import Testing

@testable import EventHubsIdentity

/// Plays whoever issues tokens: answers requests from a list, and keeps them. Its time stands still but for pauses, which
/// it lets pass at once.
final class ScriptedIssuer: HTTPTransport {
    enum Answer: Sendable {
        case response(Int, headers: [String: String] = [:], String)
        case failure(HTTPFailure)
        /// Nothing comes, until the request is cancelled.
        case silence
        /// As the next answer in the list, but only once the latch is open.
        case after(Latch)
    }

    private struct State {
        var answers: [Answer]
        var requests: [HTTPRequest] = []
        var now: Int64 = 1_700_000_000_000
        var pauses: [Duration] = []
    }

    private let state: Mutex<State>

    init(_ answers: Answer...) { state = Mutex(State(answers: answers)) }

    /// A token that is good for so many seconds, as the token endpoint answers.
    static func token(_ value: String = "eyJ0b2tlbg", for seconds: Int = 3600) -> Answer {
        .response(200, #"{"token_type":"Bearer","expires_in":\#(seconds),"access_token":"\#(value)"}"#)
    }

    var requests: [HTTPRequest] { state.withLock(\.requests) }
    var pauses: [Duration] { state.withLock(\.pauses) }
    var now: Timestamp { Timestamp(millisecondsSinceEpoch: state.withLock(\.now)) }

    func advance(by seconds: Int64) { state.withLock { $0.now += seconds * 1000 } }

    func add(_ answers: Answer...) { state.withLock { $0.answers += answers } }

    /// What credentials are given.
    func environment(_ variables: [String: String] = [:]) -> CredentialEnvironment {
        CredentialEnvironment(
            transport: self,
            variables: variables,
            client: ClientEnvironment(
                wallClock: WallClock { self.now },
                uptime: { .milliseconds(self.now.millisecondsSinceEpoch) },
                sleep: { pause in
                    try Task.checkCancellation()
                    self.state.withLock { state in
                        state.pauses.append(pause)
                        state.now += pause.components.seconds * 1000
                    }
                },
                random: { 0.5 }
            )
        )
    }

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        state.withLock { $0.requests.append(request) }
        return try await answer()
    }

    private func answer() async throws(HTTPFailure) -> HTTPResponse {
        let answer = state.withLock { $0.answers.isEmpty ? nil : $0.answers.removeFirst() }
        switch answer {
        case .response(let status, let headers, let body):
            return HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
        case .failure(let failure):
            throw failure
        case .silence:
            try? await Task.sleep(for: .seconds(3600))
            throw .cancelled
        case .after(let latch):
            await latch.wait()
            return try await self.answer()
        case nil:
            throw .unreachable(reason: "nobody is there")
        }
    }
}

/// Lets tasks wait until it is opened.
final class Latch: Sendable {
    private let state = Mutex<(isOpen: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

/// An entity, as links name it.
let entity = "sb://name.servicebus.windows.net/hub"

/// The error that `body` throws.
func credentialError(
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> some Sendable
) async -> CredentialError? {
    do {
        _ = try await body()
        Issue.record("there was no error", sourceLocation: sourceLocation)
        return nil
    } catch {
        guard let error = error as? CredentialError else {
            Issue.record("another error: \(error)", sourceLocation: sourceLocation)
            return nil
        }
        return error
    }
}

/// The path of a file of `Fixtures/Certificates`.
func certificate(_ name: String, file: String = #filePath) -> String {
    let root = file.split(separator: "/").dropLast(4).joined(separator: "/")
    return "/\(root)/Fixtures/Certificates/\(name).pem"
}

/// A new directory, removed in the end.
func withTemporaryDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("identity-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}
