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
import EventHubsEmulator
import HTTPExchange
import Synchronization

@testable import EventHubsBlobStore

/// Carries requests to the emulator's Blob service without a network, and spoils some of them.
final class ServiceTransport: HTTPTransport {
    enum Fault: Sendable {
        /// The request reaches nobody.
        case unreachable
        /// The request is carried out, but the answer is lost.
        case answerLost
        /// The service answers with this status instead.
        case status(Int, headers: [String: String] = [:])
        /// The request is carried out after somebody else has done this.
        case after(@Sendable () async throws -> Void)
        /// No answer comes.
        case hangs
    }

    private struct State {
        var faults: [Fault] = []
        var requests: [HTTPRequest] = []
    }

    /// Whose tokens the service takes.
    static let issuer = TokenIssuer(key: "a key of at least thirty-two bytes")

    let now: TestTime
    private let service: BlobService
    private let state = Mutex(State())

    init(now: TestTime = TestTime()) {
        self.now = now
        let numbers = NumberSource()
        service = BlobService(
            store: BlobStore(now: { now.milliseconds }),
            account: .development,
            issuer: Self.issuer,
            now: { now.milliseconds },
            nextNumber: { numbers.next() }
        )
    }

    /// The next requests meet these faults, in order.
    func expect(_ faults: Fault...) {
        state.withLock { $0.faults += faults }
    }

    /// This machine's clock: ten minutes ahead of the service's, which the service just puts up with.
    var skewedClock: WallClock {
        let now = now
        return WallClock { Timestamp(millisecondsSinceEpoch: now.milliseconds + 600_000) }
    }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    func forgetRequests() {
        state.withLock { $0.requests = [] }
    }

    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        let fault = state.withLock { state in
            state.requests.append(request)
            return state.faults.isEmpty ? nil : state.faults.removeFirst()
        }
        switch fault {
        case nil: return respond(to: request)
        case .unreachable: throw .unreachable(reason: "nobody is there")
        case .answerLost:
            _ = respond(to: request)
            throw .connectionLost(reason: "lost")
        case .status(let status, let headers): return HTTPResponse(status: status, headers: headers)
        case .after(let body):
            do {
                try await body()
            } catch {
                throw .connectionLost(reason: "the test failed: \(error)")
            }
            return respond(to: request)
        case .hangs:
            try? await ContinuousClock().sleep(for: .seconds(3_600))
            throw .cancelled
        }
    }

    private func respond(to request: HTTPRequest) -> HTTPResponse {
        let body = request.body ?? []
        let headers = request.headers.map { ($0.name.lowercased(), $0.value) } + [("content-length", "\(body.count)")]
        let target = request.url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)[2].drop {
            $0 != "/"
        }
        let response = service.respond(
            to: ServiceRequest(
                method: request.method,
                path: String(target.prefix { $0 != "?" }),
                query: String(target.drop { $0 != "?" }.dropFirst()),
                headers: Dictionary(headers, uniquingKeysWith: { first, _ in first }),
                body: body
            )
        )
        return HTTPResponse(
            status: response.status,
            headers: Dictionary(response.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }),
            body: response.body
        )
    }
}

/// The service's time of day, set by hand.
final class TestTime: Sendable {
    private let state = Mutex<Int64>(1_700_000_000_000)

    var milliseconds: Int64 { state.withLock { $0 } }

    func advance(by duration: Duration) {
        state.withLock { $0 += duration.components.seconds * 1_000 }
    }
}

private final class NumberSource: Sendable {
    private let state = Mutex<UInt64>(0)

    func next() -> UInt64 {
        state.withLock { state in
            state += 1
            return state
        }
    }
}

extension BlobContainerClient {
    /// A client of the container `leases` of the development account. Its clock is wrong.
    static func onService(
        _ transport: any HTTPTransport,
        configure: (inout BlobClientConfiguration) -> Void = { _ in }
    ) throws -> BlobContainerClient {
        var configuration = BlobClientConfiguration()
        configuration.backOff = BackOff(initial: .milliseconds(1), maximum: .milliseconds(2), jitter: 0)
        configure(&configuration)
        return BlobContainerClient(
            try BlobContainerLocation(connectionString: "UseDevelopmentStorage=true", container: "leases"),
            configuration: configuration,
            transport: transport,
            wallClock: (transport as? ServiceTransport)?.skewedClock ?? .system
        )
    }
}

let testScope = BlobStoreScope(
    fullyQualifiedNamespace: "NS.servicebus.windows.net",
    eventHub: "Hub1",
    consumerGroup: "$Default"
)
