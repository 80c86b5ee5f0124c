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
import HTTPExchange
import Synchronization

@testable import EventHubsAdministration

/// Plays the administration of a namespace: answers requests from a list, and keeps them.
final class ScriptedService: HTTPTransport {
    enum Answer: Sendable {
        case response(Int, String = "")
        case failure(HTTPFailure)
    }

    private let state: Mutex<(answers: [Answer], requests: [HTTPRequest], pauses: [Duration])>

    init(answers: [Answer]) { state = Mutex((answers, [], [])) }

    convenience init(_ answers: Answer...) { self.init(answers: answers) }

    var received: [HTTPRequest] { state.withLock(\.requests) }
    var pauses: [Duration] { state.withLock(\.pauses) }

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        switch answer {
        case .response(let status, let body): return HTTPResponse(status: status, body: Array(body.utf8))
        case .failure(let failure): throw failure
        case nil: throw .unreachable(reason: "nobody is there")
        }
    }

    /// A client that asks this service, whose pauses pass at once.
    func client(_ credential: any TokenCredential = FixedCredential(kind: .sharedAccessSignature))
        -> EventHubsAdministrationClient
    {
        EventHubsAdministrationClient(requests(credential))
    }

    func requests(
        _ credential: any TokenCredential = FixedCredential(kind: .sharedAccessSignature),
        endpoint: String? = nil
    ) -> ServiceRequests {
        ServiceRequests(
            "name.servicebus.windows.net",
            credential,
            AdministrationConfiguration(endpoint: endpoint),
            transport: self,
            environment: ClientEnvironment(
                wallClock: .system,
                uptime: { .zero },
                sleep: { pause in
                    // What an attempt may take does not pass, what lies between two does.
                    guard pause < .seconds(60) else {
                        try await Task.sleep(for: .seconds(3_600))
                        return
                    }
                    self.state.withLock { $0.pauses.append(pause) }
                },
                random: { 0.5 }
            )
        )
    }
}

/// Says for what it was asked.
struct FixedCredential: TokenCredential {
    let kind: AccessToken.Kind

    func token(for audience: String) async throws -> AccessToken {
        AccessToken("token for \(audience)", kind: kind, expiry: nil)
    }
}
