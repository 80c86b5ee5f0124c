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

import AMQPTransport

/// The connections to one server, and the requests that wait for one. Confined to the pool's loop.
final class OriginConnections: @unchecked Sendable {
    /// A connection on its way, made for a request; another one may get it.
    private struct Attempt {
        let request: PendingRequest
        let task: Task<Void, Never>
    }

    /// So many requests may wait for a connection.
    static let maximumWaiting = 1_024

    private let origin: HTTPOrigin
    private let configuration: HTTPClient.Configuration
    private let loop: EventLoop
    private let connect: HTTPClient.Connect

    private var waiting: [PendingRequest] = []
    /// The one that was used last comes last, and is used next.
    private var resting: [HTTPConnection] = []
    private var busy: [ObjectIdentifier: HTTPConnection] = [:]
    private var attempts: [Int: Attempt] = [:]
    private var attemptCount = 0

    init(
        _ origin: HTTPOrigin,
        configuration: HTTPClient.Configuration,
        loop: EventLoop,
        connect: @escaping HTTPClient.Connect
    ) {
        self.origin = origin
        self.configuration = configuration
        self.loop = loop
        self.connect = connect
    }

    func submit(_ request: PendingRequest) {
        guard waiting.count < Self.maximumWaiting else {
            request.finish(.failure(.unreachable(reason: "\(waiting.count) requests are waiting already")))
            return
        }
        waiting.append(request)
        serve()
    }

    func cancel(_ request: PendingRequest) {
        if let index = waiting.firstIndex(where: { $0 === request }) { waiting.remove(at: index) }
        // Its answer would come for the next one.
        busy.removeValue(forKey: ObjectIdentifier(request))?.close()
        for (id, attempt) in attempts where attempt.request === request {
            attempt.task.cancel()
            attempts[id] = nil
        }
        serve()
    }

    /// Ends everything. Requests that are under way fail as cancelled.
    func close() {
        for attempt in attempts.values { attempt.task.cancel() }
        for connection in resting { connection.close() }
        for connection in busy.values { connection.close() }
        for request in waiting { request.finish(.failure(.cancelled)) }
        (attempts, resting, busy, waiting) = ([:], [], [:], [])
    }

    // MARK: What connections tell

    /// A request has come to its end on a connection, which is closed unless it `isOpen`.
    func ended(
        _ request: PendingRequest,
        _ outcome: PendingRequest.Outcome,
        on connection: HTTPConnection,
        isOpen: Bool
    ) {
        busy[ObjectIdentifier(request)] = nil
        if case .failure = outcome, connection.hasRested, request.mayBeRepeated() {
            waiting.insert(request, at: 0)
        } else {
            request.finish(outcome)
        }
        if isOpen { rest(connection) }
        serve()
    }

    func restEnded(_ connection: HTTPConnection) {
        resting.removeAll { $0 === connection }
    }

    // MARK: Serving

    private func serve() {
        while let request = waiting.first, let connection = takeResting() {
            waiting.removeFirst()
            busy[ObjectIdentifier(request)] = connection
            connection.send(request)
        }
        for request in waiting where !attempts.values.contains(where: { $0.request === request }) {
            guard resting.count + busy.count + attempts.count < configuration.maximumConnections else { return }
            beginAttempt(for: request)
        }
    }

    private func rest(_ connection: HTTPConnection) {
        connection.rest(for: configuration.idleLimit)
        resting.append(connection)
    }

    private func takeResting() -> HTTPConnection? {
        while let connection = resting.popLast() {
            if connection.isStillOpen() { return connection }
            connection.close()
        }
        return nil
    }

    private func beginAttempt(for request: PendingRequest) {
        attemptCount += 1
        let id = attemptCount
        let task = Task { [weak self, origin, loop, connect] in
            let result: Result<any ByteStream, TransportError>
            do throws(TransportError) {
                result = .success(try await connect(origin, loop))
            } catch {
                result = .failure(error)
            }
            loop.execute { [weak self] in
                guard let self else {
                    try? result.get().close()
                    return
                }
                attemptEnded(id, result)
            }
        }
        attempts[id] = Attempt(request: request, task: task)
    }

    private func attemptEnded(_ id: Int, _ result: Result<any ByteStream, TransportError>) {
        guard let attempt = attempts.removeValue(forKey: id) else {
            // It was given up meanwhile.
            try? result.get().close()
            return
        }
        switch result {
        case .success(let stream):
            let connection = HTTPConnection(stream, owner: self)
            if waiting.isEmpty {
                rest(connection)
            } else {
                let request = waiting.removeFirst()
                busy[ObjectIdentifier(request)] = connection
                connection.send(request)
            }
        case .failure(let error):
            if let index = waiting.firstIndex(where: { $0 === attempt.request }) {
                waiting.remove(at: index)
                attempt.request.finish(.failure(Self.failure(error)))
            }
        }
        serve()
    }

    private static func failure(_ error: TransportError) -> HTTPFailure {
        switch error.code {
        case .timedOut: .timedOut
        case .untrustedCertificate, .expiredCertificate, .hostNameMismatch, .invalidConfiguration:
            .untrusted(reason: "\(error)")
        default: .unreachable(reason: "\(error)")
        }
    }
}
