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
import Synchronization

/// A server of raw bytes: answers each request as its script says, well or badly.
final class ScriptedServer: Sendable {
    /// What a request is answered with.
    struct Reply: Sendable {
        var bytes: [UInt8] = []
        /// Whether the connection is closed then.
        var ends = false

        static func text(_ text: String, ends: Bool = false) -> Reply { Reply(bytes: Array(text.utf8), ends: ends) }

        static func ok(_ body: String = "") -> Reply {
            .text(lines("HTTP/1.1 200 OK", "Content-Length: \(body.utf8.count)", "") + body)
        }

        /// Nothing, and the connection stays.
        static let silence = Reply()
        static let end = Reply(ends: true)
    }

    /// A request as it came, and by which connection, counted from 0.
    struct Request: Sendable, Equatable {
        let connection: Int
        /// How many requests its connection has brought before.
        let number: Int
        let text: String
    }

    typealias Script = @Sendable (Request) -> Reply

    private struct State {
        var connections: [ServedConnection] = []
        var requests: [Request] = []
        var open = 0
        var most = 0
        var watchers: [(isMet: @Sendable (ScriptedServer) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let listener: Listener
    private let state = Mutex(State())
    private let scheme: String

    /// Whether to answer at the end of the head, and read no body.
    let answersHeads: Bool

    init(
        tls: TLSConfiguration? = nil,
        answersHeads: Bool = false,
        script: @escaping Script
    ) async throws {
        self.answersHeads = answersHeads
        scheme = tls == nil ? "http" : "https"
        listener = try await Listener.bind(host: "127.0.0.1", port: 0, tls: tls, on: EventLoopGroup.shared.next())
        listener.start { [self] stream in
            let connection = state.withLock { state in
                let connection = ServedConnection(stream, number: state.connections.count, server: self, script: script)
                state.connections.append(connection)
                state.open += 1
                state.most = max(state.most, state.open)
                return connection
            }
            stream.activate(handler: connection)
            wakeWatchers()
        }
    }

    var url: String { "\(scheme)://127.0.0.1:\(listener.localPort)/" }

    var requests: [Request] { state.withLock { $0.requests } }
    var connectionCount: Int { state.withLock { $0.connections.count } }
    var openCount: Int { state.withLock { $0.open } }
    /// The most connections that were open at a time.
    var most: Int { state.withLock { $0.most } }

    /// Waits until the server has seen what `isMet` asks for.
    func wait(until isMet: @escaping @Sendable (ScriptedServer) -> Bool) async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.watchers.append((isMet, continuation)) }
            wakeWatchers()
        }
    }

    /// Sends bytes on a connection without being asked.
    func send(_ reply: Reply, on number: Int) async {
        let connection = state.withLock { $0.connections[number] }
        await withCheckedContinuation { continuation in
            connection.stream.loop.execute {
                connection.answer(reply)
                continuation.resume()
            }
        }
    }

    func close() async {
        await listener.close()
        for connection in state.withLock({ $0.connections }) {
            connection.stream.loop.execute { connection.answer(.end) }
        }
    }

    fileprivate func received(_ request: Request) {
        state.withLock { $0.requests.append(request) }
        wakeWatchers()
    }

    fileprivate func connectionEnded() {
        state.withLock { $0.open -= 1 }
        wakeWatchers()
    }

    private func wakeWatchers() {
        let watchers = state.withLock { state in
            defer { state.watchers = [] }
            return state.watchers
        }
        let waiting = watchers.filter { watcher in
            guard watcher.isMet(self) else { return true }
            watcher.continuation.resume()
            return false
        }
        guard !waiting.isEmpty else { return }
        state.withLock { $0.watchers += waiting }
    }
}

/// The server's side of one connection. Confined to its loop.
final class ServedConnection: ByteStreamHandler, @unchecked Sendable {
    let stream: any ByteStream
    private let number: Int
    private let server: ScriptedServer
    private let script: ScriptedServer.Script
    private var input: [UInt8] = []
    private var output: [UInt8] = []
    private var count = 0
    private var ends = false
    private var isOpen = true

    init(
        _ stream: any ByteStream,
        number: Int,
        server: ScriptedServer,
        script: @escaping ScriptedServer.Script
    ) {
        self.stream = stream
        self.number = number
        self.server = server
        self.script = script
    }

    func answer(_ reply: ScriptedServer.Reply) {
        output += reply.bytes
        ends = ends || reply.ends
        streamWritable()
    }

    func streamReadable() {
        let result = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
            let result = Result { () throws(TransportError) in try stream.read(into: buffer) }
            if case .success(.bytes(let count)) = result { input += buffer.prefix(count) }
            return result
        }
        switch result {
        case .success(.bytes): break
        case .success(.wouldBlock): return
        case .success(.ended), .failure:
            end()
            return
        }
        while isOpen, !ends, let request = nextRequest() {
            if server.answersHeads { stream.pauseReading() }
            let request = ScriptedServer.Request(connection: number, number: count, text: request)
            count += 1
            server.received(request)
            answer(script(request))
        }
    }

    func streamWritable() {
        guard isOpen else { return }
        let taken = output.withUnsafeBytes { bytes in
            Result { () throws(TransportError) in bytes.isEmpty ? 0 : try stream.write([bytes]) }
        }
        guard case .success(let count) = taken else {
            end()
            return
        }
        output.removeFirst(count)
        stream.setWantsWrite(!output.isEmpty)
        if output.isEmpty, ends { end() }
    }

    func streamFailed(_ error: TransportError) {
        end()
    }

    private func end() {
        guard isOpen else { return }
        isOpen = false
        stream.close()
        server.connectionEnded()
    }

    private func nextRequest() -> String? {
        guard let end = input.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: input[..<end.upperBound], as: UTF8.self)
        let length = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
        let size = server.answersHeads ? 0 : length.flatMap { Int($0.dropFirst("Content-Length: ".count)) } ?? 0
        guard input.count >= end.upperBound + size else { return nil }
        let request = String(decoding: input[..<(end.upperBound + size)], as: UTF8.self)
        input.removeFirst(end.upperBound + size)
        return request
    }
}
