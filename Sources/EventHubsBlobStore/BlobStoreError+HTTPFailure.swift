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

import HTTPExchange

extension BlobStoreError {
    /// What it means that there is no answer to a request.
    init(_ failure: HTTPFailure, _ request: String) {
        let code: Code =
            switch failure {
            case .invalidURL, .invalidRequest: .invalidName
            case .timedOut, .cancelled: .timedOut
            case .unreachable, .connectionLost, .truncated: .connectionFailed
            case .untrusted: .untrustedServer
            case .responseTooLarge: .responseTooLarge
            case .malformed: .invalidResponse
            }
        self.init(code, "\(request): \(failure)")
    }
}
