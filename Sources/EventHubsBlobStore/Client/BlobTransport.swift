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

/// Carries requests to the service. Tests put one of their own here.
package protocol BlobTransport: Sendable {
    /// Sends a request and collects the answer. Ends soon when its task is cancelled.
    func send(_ request: BlobHTTPRequest) async throws(BlobStoreError) -> BlobHTTPResponse
}
