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

/// One call of `Connector.connect`: look-up, racing sockets, what lies above the socket. Confined to its loop.
final class ConnectionAttempt: @unchecked Sendable {
    typealias Outcome = Result<any ByteStream, TransportError>

    /// How long an address may take before the next one is tried beside it (RFC 8305 section 5).
    private static let attemptDelay = Duration.milliseconds(250)

    private let plan: ConnectionPlan
    private let deadline: ContinuousClock.Instant
    private let loop: EventLoop

    private var continuation: CheckedContinuation<Outcome, Never>?
    private var isCancelled = false
    private var deadlineTimer: LoopTimer?
    private var delayTimer: LoopTimer?
    private var waiting: [SocketAddress] = []
    private var racing: [SocketRace] = []
    private var hasConnected = false
    private var layers: OutgoingLayers?
    private var lastError: TransportError?

    init(_ plan: ConnectionPlan, deadline: ContinuousClock.Instant, loop: EventLoop) {
        self.plan = plan
        self.deadline = deadline
        self.loop = loop
    }

    func start(_ continuation: CheckedContinuation<Outcome, Never>) {
        self.continuation = continuation
        if isCancelled {
            cancel()
            return
        }
        deadlineTimer = loop.schedule(at: deadline) { [self] in
            finish(.failure(lastError ?? TransportError(code: .timedOut, operation: .connect, reason: "timed out")))
        }
        let (host, port) = plan.firstHop
        Resolver.shared.resolve(host: host, port: port) { [self] answer in
            loop.execute { [self] in resolved(answer) }
        }
    }

    func cancel() {
        isCancelled = true
        finish(.failure(TransportError(code: .cancelled, operation: .connect, reason: "cancelled")))
    }

    private func resolved(_ answer: Resolver.Answer) {
        guard continuation != nil else { return }
        switch answer {
        case .failure(let error):
            finish(.failure(error))
        case .success(let addresses):
            waiting = Self.interleaved(addresses)
            tryNext()
        }
    }

    /// The families in turn, beginning with the resolver's first choice (RFC 8305 section 4).
    static func interleaved(_ addresses: [SocketAddress]) -> [SocketAddress] {
        guard let first = addresses.first else { return [] }
        let preferred = addresses.filter { $0.isIPv6 == first.isIPv6 }
        let other = addresses.filter { $0.isIPv6 != first.isIPv6 }
        var result: [SocketAddress] = []
        for index in 0..<max(preferred.count, other.count) {
            if index < preferred.count { result.append(preferred[index]) }
            if index < other.count { result.append(other[index]) }
        }
        return result
    }

    private func tryNext() {
        delayTimer?.cancel()
        delayTimer = nil
        guard continuation != nil else { return }
        guard !waiting.isEmpty else {
            if racing.isEmpty {
                finish(
                    .failure(lastError ?? TransportError(code: .unreachable, operation: .connect, reason: "no address"))
                )
            }
            return
        }
        let address = waiting.removeFirst()
        if !waiting.isEmpty {
            delayTimer = loop.schedule(at: loop.now.advanced(by: Self.attemptDelay)) { [self] in tryNext() }
        }
        let race = SocketRace(address: address, loop: loop)
        racing.append(race)
        race.start { [self] race, error in raceEnded(race, error) }
    }

    private func raceEnded(_ race: SocketRace, _ error: TransportError?) {
        guard continuation != nil, let index = racing.firstIndex(where: { $0 === race }) else { return }
        racing.remove(at: index)
        if let error {
            lastError = error
            tryNext()
            return
        }
        stopRacing()
        hasConnected = true
        let layers = OutgoingLayers(plan, deadline: deadline, loop: loop)
        self.layers = layers
        layers.build(on: race.takeDescriptor()) { [self] result in
            self.layers = nil
            finish(result)
        }
    }

    private func stopRacing() {
        delayTimer?.cancel()
        delayTimer = nil
        waiting = []
        for race in racing { race.stop() }
        racing = []
    }

    private func finish(_ outcome: Outcome) {
        guard let continuation else { return }
        self.continuation = nil
        deadlineTimer?.cancel()
        deadlineTimer = nil
        stopRacing()
        // Until the socket is connected it is the proxy that does not answer.
        let (host, port) = hasConnected ? (plan.host, plan.port) : plan.firstHop
        layers?.cancel()
        layers = nil
        continuation.resume(returning: outcome.mapError { $0.at(host: host, port: port) })
    }
}

/// One socket on its way to one address.
private final class SocketRace: ReadinessHandler {
    private let address: SocketAddress
    private let loop: EventLoop
    private var descriptor = FileDescriptor(owning: -1)
    private var watch: DescriptorWatch
    private var completion: ((SocketRace, TransportError?) -> Void)?

    init(address: SocketAddress, loop: EventLoop) {
        self.address = address
        self.loop = loop
        watch = DescriptorWatch(loop: loop)
    }

    func start(_ completion: @escaping (SocketRace, TransportError?) -> Void) {
        self.completion = completion
        do {
            descriptor = try Socket.make(family: address.family)
            Socket.setStreamOptions(descriptor.rawValue)
            if try Socket.connect(descriptor.rawValue, to: address) {
                finish(nil)
            } else {
                try watch.set([.writable], of: descriptor.rawValue, handler: self)
            }
        } catch {
            finish(error)
        }
    }

    func isReady(_ readiness: Readiness) {
        let number = Socket.pendingError(descriptor.rawValue)
        finish(number == 0 ? nil : TransportError(errno: number, operation: .connect))
    }

    func takeDescriptor() -> FileDescriptor {
        var taken = FileDescriptor(owning: -1)
        swap(&taken, &descriptor)
        return taken
    }

    func stop() {
        completion = nil
        watch.stop()
        descriptor.close()
    }

    private func finish(_ error: TransportError?) {
        watch.stop()
        if error != nil { descriptor.close() }
        let completion = self.completion
        self.completion = nil
        completion?(self, error)
    }
}
