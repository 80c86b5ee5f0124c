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

import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Carries requests by `URLSession`. Bodies of answers are bounded: beyond the limit the exchange is broken off.
package final class URLSessionHTTPTransport: HTTPTransport {
    private let exchanges: Exchanges
    private let session: URLSession

    package init(maximumResponseSize: Int, maximumConnectionsPerHost: Int) {
        exchanges = Exchanges(maximumResponseSize: maximumResponseSize)
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpMaximumConnectionsPerHost = maximumConnectionsPerHost
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        configuration.urlCache = nil
        configuration.httpShouldSetCookies = false
        session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
    }

    deinit { session.finishTasksAndInvalidate() }

    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
        guard let url = URL(string: request.url) else { throw .invalidURL }
        var message = URLRequest(url: url)
        message.httpMethod = request.method
        // All at once: setting one by one may change the case of their names, and that of a blob's metadata is kept by the
        // service and looked up by other software.
        message.allHTTPHeaderFields = Dictionary(
            request.headers.map { ($0.name, $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
        if let body = request.body { message.httpBody = Data(body) }
        let task = session.dataTask(with: message)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                exchanges.begin(task, continuation)
                task.resume()
            }
        } onCancel: {
            task.cancel()
        }
        return try result.get()
    }
}

/// The exchanges under way, by the number of their task.
private final class Exchanges: NSObject, URLSessionDataDelegate {
    typealias Outcome = Result<HTTPResponse, HTTPFailure>

    private struct Exchange {
        let continuation: CheckedContinuation<Outcome, Never>
        var body: [UInt8] = []
        var isTooLarge = false
    }

    private let maximumResponseSize: Int
    private let exchanges = Mutex<[Int: Exchange]>([:])

    init(maximumResponseSize: Int) {
        self.maximumResponseSize = maximumResponseSize
    }

    func begin(_ task: URLSessionTask, _ continuation: CheckedContinuation<Outcome, Never>) {
        exchanges.withLock { $0[task.taskIdentifier] = Exchange(continuation: continuation) }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooLarge = exchanges.withLock { exchanges in
            guard var exchange = exchanges.removeValue(forKey: dataTask.taskIdentifier) else { return false }
            defer { exchanges[dataTask.taskIdentifier] = exchange }
            guard exchange.body.count + data.count <= maximumResponseSize else {
                exchange.isTooLarge = true
                exchange.body = []
                return true
            }
            exchange.body.append(contentsOf: data)
            return false
        }
        if isTooLarge { dataTask.cancel() }
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest,
        completionHandler: @escaping (URLRequest?) -> Void
    ) {
        // A redirection would take a signed request to a place it was not signed for.
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let exchange = exchanges.withLock { $0.removeValue(forKey: task.taskIdentifier) }
        guard let exchange else { return }
        exchange.continuation.resume(returning: outcome(of: exchange, task.response, error))
    }

    private func outcome(of exchange: Exchange, _ response: URLResponse?, _ error: (any Error)?) -> Outcome {
        if exchange.isTooLarge { return .failure(.responseTooLarge(limit: maximumResponseSize)) }
        if let error {
            let code = (error as? URLError)?.code
            if code == .timedOut { return .failure(.timedOut) }
            // Not the error itself: it prints the URL.
            return .failure(
                .connectionFailed(reason: code.map { "URL error \($0.rawValue)" } ?? "\(type(of: error))")
            )
        }
        guard let response = response as? HTTPURLResponse else { return .failure(.notHTTP) }
        var headers: [String: String] = [:]
        for (name, value) in response.allHeaderFields {
            if let name = name as? String, let value = value as? String { headers[name] = value }
        }
        return .success(HTTPResponse(status: response.statusCode, headers: headers, body: exchange.body))
    }
}
