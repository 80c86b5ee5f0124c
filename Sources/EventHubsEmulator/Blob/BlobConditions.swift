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

/// The conditions under which a request wants to be carried out.
struct BlobConditions: Equatable, Sendable {
    enum Match: Equatable, Sendable {
        case any
        case tag(String)
    }

    /// What the request would do, which decides how a failed condition is reported.
    enum Purpose {
        case read
        case write
        /// Put Blob: makes the blob when it is missing
        case create
    }

    var ifMatch: Match?
    var ifNoneMatch: Match?
    var ifModifiedSince: Int64?
    var ifUnmodifiedSince: Int64?

    init(_ request: ServiceRequest) throws(BlobServiceError) {
        ifMatch = try Self.match(request.header("if-match"))
        ifNoneMatch = try Self.match(request.header("if-none-match"))
        ifModifiedSince = try Self.date("if-modified-since", of: request)
        ifUnmodifiedSince = try Self.date("if-unmodified-since", of: request)
    }

    /// Checks the conditions against the state of a blob, nil when it is missing.
    func check(_ version: BlobVersion?, for purpose: Purpose) throws(BlobServiceError) {
        guard let version else {
            if ifMatch != nil { throw .conditionNotMet }
            if purpose != .create { throw .blobNotFound }
            return
        }
        if case .tag(let tag) = ifMatch, tag != version.tag { throw .conditionNotMet }
        switch ifNoneMatch {
        case .any where purpose == .create:
            throw .blobAlreadyExists
        case .any:
            throw purpose == .read ? .notModified : .conditionNotMet
        case .tag(let tag) where tag == version.tag:
            throw purpose == .read ? .notModified : .conditionNotMet
        case .tag, nil:
            break
        }
        let modified = version.lastModified / 1000
        if let ifModifiedSince, modified <= ifModifiedSince {
            throw purpose == .read ? .notModified : .conditionNotMet
        }
        if let ifUnmodifiedSince, modified > ifUnmodifiedSince { throw .conditionNotMet }
    }

    /// Tags compare without their quotes: listings give them bare, headers quoted, and clients send back either.
    private static func match(_ value: String?) throws(BlobServiceError) -> Match? {
        guard let value else { return nil }
        guard !value.contains(",") else {
            throw BlobServiceError(
                400,
                .multipleConditions,
                "Multiple condition headers are not supported."
            )
        }
        guard value != "*" else { return .any }
        let quoted = value.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"")
        return .tag(quoted ? String(value.dropFirst().dropLast()) : value)
    }

    private static func date(_ name: String, of request: ServiceRequest) throws(BlobServiceError) -> Int64? {
        guard let text = request.header(name) else { return nil }
        guard let seconds = UTCTime.seconds(parsingHTTP: text) else { throw .invalidHeader(name) }
        return seconds
    }
}

/// What changes whenever a blob or container is written.
struct BlobVersion: Equatable, Sendable, Codable {
    /// The ETag without quotes.
    var tag: String
    /// Milliseconds since 1970
    var lastModified: Int64

    var headers: [(name: String, value: String)] {
        [("ETag", "\"\(tag)\""), ("Last-Modified", UTCTime(milliseconds: lastModified).http)]
    }
}
