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

/// Reads the answer to one request from bytes as they come (RFC 9112), within limits for its head and its body.
///
/// ```
/// status line ─> fields ─┬─> sized body ────────────────────────┬─> finished
///      ^           │     ├─> chunk size ─> data ─> end ─┐       │
///      └─ interim ─┘     │      │  ^───────────────────┘       │
///                        │      └─> trailers ──────────────────┤
///                        ├─> unbounded body ─ connection ends ─┤
///                        └─ no body ───────────────────────────┘
/// ```
///
/// Lines end in CR LF, nothing else. Where two readers of one answer could disagree about its end, it is refused.
struct ResponseParser: ~Copyable {
    enum Progress: Sendable, Equatable {
        case incomplete
        /// The answer is whole. Without `keepsConnection` nothing more can be asked on its connection.
        case complete(HTTPResponse, keepsConnection: Bool)
    }

    /// What may come.
    struct Limits: Sendable, Hashable {
        /// Of status line, fields, interim responses, chunk extensions and trailers together, in bytes.
        var head = 65_536
        /// In bytes.
        var body: Int
    }

    /// An answer with a body.
    fileprivate struct Answer {
        let status: Int
        let headers: [String: String]
        let keepsConnection: Bool
        var body: [UInt8] = []
    }

    private enum State {
        case statusLine
        case fields(ResponseHead)
        case sizedBody(Answer, left: Int)
        case unboundedBody(Answer)
        case chunkSize(Answer)
        case chunkData(Answer, left: Int)
        case chunkEnd(Answer)
        case trailers(Answer)
        case finished
    }

    private let method: String
    private let limits: Limits
    private var lines: ResponseLines
    private var state = State.statusLine
    /// Whether any byte of an answer has come.
    private(set) var hasBegun = false

    /// A parser of the answer to a request of this method.
    init(method: String, limits: Limits) {
        self.method = method
        self.limits = limits
        lines = ResponseLines(limit: limits.head)
    }

    /// Fact: bytes have come. Bytes behind the answer belong to none, and end its connection.
    ///
    /// - Throws: What is wrong with the answer. Nothing comes of it any more.
    mutating func received(_ bytes: Span<UInt8>) throws(HTTPFailure) -> Progress {
        if !bytes.isEmpty { hasBegun = true }
        var position = 0
        while position < bytes.count {
            guard case .complete(let response, let keepsConnection) = try step(bytes, &position) else { continue }
            return .complete(response, keepsConnection: keepsConnection && position == bytes.count)
        }
        return .incomplete
    }

    /// Fact: the connection has ended in good order. The answer, if that is its end.
    mutating func ended() throws(HTTPFailure) -> HTTPResponse {
        if case .unboundedBody(let answer) = state { return answer.response }
        throw broken(reason: "the server has closed it")
    }

    /// Fact: no more bytes come, because the connection is broken. What that means for the request.
    func broken(reason: String) -> HTTPFailure {
        guard hasBegun else { return .connectionLost(reason: reason) }
        switch state {
        case .statusLine, .fields: return .truncated(.head)
        case .sizedBody, .unboundedBody, .chunkSize, .chunkData, .chunkEnd, .trailers, .finished:
            return .truncated(.body)
        }
    }

    /// The state, in whose place another one has to be put unless there is none any more.
    private mutating func takeState() -> State {
        var state = State.finished
        swap(&state, &self.state)
        return state
    }

    private mutating func step(_ bytes: Span<UInt8>, _ position: inout Int) throws(HTTPFailure) -> Progress {
        switch takeState() {
        case .statusLine:
            guard let line = try lines.next(in: bytes, at: &position) else {
                // What is not HTTP at all may never come to the end of a line.
                guard ResponseHead.start.starts(with: lines.partialLine.prefix(ResponseHead.start.count)) else {
                    throw .malformed(.statusLine)
                }
                state = .statusLine
                return .incomplete
            }
            state = .fields(try ResponseHead(statusLine: line))
            return .incomplete
        case .fields(var head):
            guard let line = try lines.next(in: bytes, at: &position) else {
                state = .fields(head)
                return .incomplete
            }
            guard !line.isEmpty else { return try headEnded(head) }
            try head.add(line)
            state = .fields(head)
            return .incomplete
        case .sizedBody(var answer, let left):
            let rest = left - answer.take(from: bytes, at: &position, atMost: left)
            guard rest > 0 else { return answer.complete }
            state = .sizedBody(answer, left: rest)
            return .incomplete
        case .unboundedBody(var answer):
            let room = limits.body - answer.body.count
            guard bytes.count - position <= room else { throw .responseTooLarge(limit: limits.body) }
            answer.take(from: bytes, at: &position, atMost: room)
            state = .unboundedBody(answer)
            return .incomplete
        case .chunkSize(let answer):
            // Sizes do not count against the head's limit, what else stands in their lines does.
            guard let line = try lines.next(in: bytes, at: &position, allowance: Self.maximumSizeDigits) else {
                state = .chunkSize(answer)
                return .incomplete
            }
            let (size, digits) = try Self.chunkSize(line)
            try lines.count(line.count - digits)
            guard size <= limits.body - answer.body.count else { throw .responseTooLarge(limit: limits.body) }
            state = size == 0 ? .trailers(answer) : .chunkData(answer, left: size)
            return .incomplete
        case .chunkData(var answer, let left):
            let rest = left - answer.take(from: bytes, at: &position, atMost: left)
            state = rest == 0 ? .chunkEnd(answer) : .chunkData(answer, left: rest)
            return .incomplete
        case .chunkEnd(let answer):
            let line = try lines.next(in: bytes, at: &position)
            guard line ?? [] == [] else { throw .malformed(.chunk) }
            state = line == nil ? .chunkEnd(answer) : .chunkSize(answer)
            return .incomplete
        case .trailers(let answer):
            guard let line = try lines.next(in: bytes, at: &position) else {
                state = .trailers(answer)
                return .incomplete
            }
            guard !line.isEmpty else { return answer.complete }
            // Nobody here needs a trailer.
            _ = try ResponseHead.field(in: line)
            state = .trailers(answer)
            return .incomplete
        case .finished:
            position = bytes.count
            return .incomplete
        }
    }

    private mutating func headEnded(_ head: ResponseHead) throws(HTTPFailure) -> Progress {
        guard !head.isInterim else {
            guard head.status != 101 else { throw .malformed(.upgrade) }
            state = .statusLine
            return .incomplete
        }
        let framing = try head.framing(to: method)
        let answer = Answer(status: head.status, headers: head.headers, keepsConnection: head.keepsConnection)
        switch framing {
        case .nothing, .sized(0):
            return answer.complete
        case .sized(let size):
            guard size <= limits.body else { throw .responseTooLarge(limit: limits.body) }
            state = .sizedBody(answer, left: size)
        case .chunked:
            state = .chunkSize(answer)
        case .unbounded:
            state = .unboundedBody(answer)
        }
        return .incomplete
    }

    private static let maximumSizeDigits = 16

    /// Reads a chunk's first line: its size in hexadecimal digits, and how many those are, before extensions that nobody here
    /// knows (section 7.1).
    private static func chunkSize(_ line: [UInt8]) throws(HTTPFailure) -> (size: Int, digits: Int) {
        let digits = line.prefix { Character(UnicodeScalar($0)).isHexDigit }
        let extensions = line[digits.endIndex...].drop(while: HTTPCharacters.isBlank)
        guard (1...maximumSizeDigits).contains(digits.count), HTTPCharacters.isValue(extensions),
            extensions.isEmpty || extensions.first == UInt8(ascii: ";"),
            let size = UInt64(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw .malformed(.chunk) }
        return (Int(clamping: size), digits.count)
    }
}

extension ResponseParser.Answer {
    /// Takes what there is of the body, and puts `position` behind it. How many bytes that were comes back.
    @discardableResult
    fileprivate mutating func take(from bytes: Span<UInt8>, at position: inout Int, atMost limit: Int) -> Int {
        let count = min(limit, bytes.count - position)
        // position + count <= bytes.count
        unsafe bytes.extracting(position..<(position + count)).withUnsafeBufferPointer {
            unsafe body.append(contentsOf: $0)
        }
        position += count
        return count
    }

    fileprivate var response: HTTPResponse { HTTPResponse(status: status, headers: headers, body: body) }

    fileprivate var complete: ResponseParser.Progress { .complete(response, keepsConnection: keepsConnection) }
}
