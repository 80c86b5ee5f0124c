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

import EventHubsEmulator
import HTTPExchange

/// Sends requests to the namespace of an emulator over HTTP.
struct NamespaceClient {
    /// A token of another implementation: computed with Python's `hmac` for `http://127.0.0.1`, valid until 2100.
    static let token =
        "SharedAccessSignature sr=http%3A%2F%2F127.0.0.1&sig=I%2BQvQpPhTU11VVnkCZi4cL6YMQ1fPXFbv%2Bln9PIIlNE%3D&se=4102444800"
        + "&skn=RootManageSharedAccessKey"

    private let http = HTTPClient(.init(maximumResponseSize: 1 << 20, maximumConnections: 2))

    func send(
        _ method: String,
        _ path: String,
        _ headers: [HTTPRequest.Field] = [],
        type: String = "application/atom+xml;type=entry;charset=utf-8",
        body: String? = nil,
        token: String? = Self.token,
        to emulator: EventHubsEmulator
    ) async throws -> (status: Int, body: String) {
        var headers = headers
        if let token { headers.append(.init("Authorization", token)) }
        if body != nil { headers.append(.init("Content-Type", type)) }
        let url = "http://127.0.0.1:\(emulator.httpPort)/\(path)"
        let request = HTTPRequest(method, url, headers: headers, body: body.map { Array($0.utf8) })
        let response = try await http.send(request)
        return (response.status, String(decoding: response.body, as: UTF8.self))
    }
}
