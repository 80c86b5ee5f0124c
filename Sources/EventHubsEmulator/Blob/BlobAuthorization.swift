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

/// What a request may do.
enum BlobAccess: Equatable, Sendable {
    /// Whatever it asks for.
    case full
    /// It may make a blob, but not replace one.
    case newBlobs
}

/// Decides whether a request to the Blob service comes from somebody who holds the account's key or a bearer token, or was
/// given a signature by somebody who holds the key.
struct BlobAuthorization: Sendable {
    /// How far the date of a request may be from the emulator's clock, in seconds.
    static let maximumSkew: Int64 = 15 * 60

    let account: StorageAccount
    /// Whose bearer tokens are taken.
    let issuer: TokenIssuer?

    /// What the request may do; everything must be signed.
    func check(
        _ request: ServiceRequest,
        to target: BlobTarget,
        at now: Int64
    ) throws(BlobServiceError) -> BlobAccess {
        if let header = request.header("authorization") {
            try checkHeader(header, of: request, at: now)
            return .full
        }
        guard let signature = BlobSharedAccessSignature(request) else { throw .authenticationFailed }
        try signature.verify(for: target, account: account, at: now)
        return try signature.access(to: target, for: request)
    }

    private func checkHeader(_ header: String, of request: ServiceRequest, at now: Int64) throws(BlobServiceError) {
        let words = header.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { throw .authenticationFailed }
        switch words[0].lowercased() {
        case "bearer":
            guard let issuer, (try? issuer.verify(String(words[1]), for: TokenIssuer.storage, at: now)) != nil else {
                throw .invalidAuthenticationInfo
            }
        case "sharedkey":
            let parts = words[1].split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0] == account.name, isRecent(request, at: now),
                let expected = SharedKey.signature(of: request, account: account),
                constantTimeEquals(Array(expected.utf8), Array(parts[1].utf8))
            else { throw .authenticationFailed }
        default:
            throw .authenticationFailed
        }
    }

    private func isRecent(_ request: ServiceRequest, at now: Int64) -> Bool {
        guard let text = request.header("x-ms-date") ?? request.header("date"),
            let seconds = UTCTime.seconds(parsingHTTP: text)
        else { return false }
        return abs(now / 1000 - seconds) <= Self.maximumSkew
    }
}
