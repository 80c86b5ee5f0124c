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

/// A shared access signature in the query of a request: of the account, or of one container or blob.
///
/// Permissions, times, services and resource types are checked; the address range (`sip`) is a part of what is signed and not
/// checked. Stored access policies and user delegation keys are not offered.
struct BlobSharedAccessSignature {
    private let parameters: [String: String]
    private let signature: [UInt8]

    /// Nil when the query holds no signature.
    init?(_ request: ServiceRequest) {
        parameters = Dictionary(request.parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        guard let text = parameters["sig"] else { return nil }
        signature = Base64.decode(text) ?? []
    }

    /// A signature of the account names services.
    private var isOfAccount: Bool { parameters["ss"] != nil }

    private func value(_ name: String) -> String { parameters[name] ?? "" }

    /// Checks that the account's key has signed this, for this resource and this time.
    func verify(for target: BlobTarget, account: StorageAccount, at now: Int64) throws(BlobServiceError) {
        guard let key = Base64.decode(account.key), let text = stringToSign(for: target, account: account.name),
            constantTimeEquals(hmacSHA256(key: key, data: Array(text.utf8)), signature)
        else { throw .authenticationFailed }
        guard let expiry = UTCTime.seconds(parsingISO8601: value("se")), now / 1000 < expiry else {
            throw .authenticationFailed
        }
        guard value("st").isEmpty || UTCTime.seconds(parsingISO8601: value("st")).map({ $0 <= now / 1000 }) ?? false
        else { throw .authenticationFailed }
        // The emulator serves no HTTPS.
        guard value("spr").isEmpty || value("spr").split(separator: ",").contains("http") else {
            throw .protocolMismatch
        }
    }

    /// What the signature allows of what the request wants.
    func access(to target: BlobTarget, for request: ServiceRequest) throws(BlobServiceError) -> BlobAccess {
        let needed = Self.permission(for: request, to: target)
        if isOfAccount {
            guard value("ss").contains("b") else { throw .serviceMismatch }
            guard value("srt").contains(needed.resourceType) else { throw .resourceTypeMismatch }
        } else {
            // Containers themselves are listed only: making and deleting them takes more.
            guard needed.resourceType == "o" || needed.letters == "l" else { throw .authorizationFailure }
        }
        guard value("sp").contains(where: { needed.letters.contains($0) }) else { throw .permissionMismatch }
        return needed.letters == "cw" && !value("sp").contains("w") ? .newBlobs : .full
    }

    /// The kind of resource (service, container, object), and the permissions one of which is needed.
    private static func permission(
        for request: ServiceRequest,
        to target: BlobTarget
    ) -> (resourceType: Character, letters: String) {
        let operation = request.parameter("comp")?.lowercased()
        switch (target, request.method, operation) {
        case (.account, _, _): return ("s", "l")
        case (.container, "GET", "list"): return ("c", "l")
        case (.container, "PUT", nil): return ("c", "cw")
        case (.container, "DELETE", _): return ("c", "d")
        case (.container, "PUT", _): return ("c", "w")
        case (.container, _, _): return ("c", "r")
        case (.blob, "PUT", nil): return ("o", "cw")
        case (.blob, "DELETE", _): return ("o", "d")
        case (.blob, "PUT", _): return ("o", "w")
        case (.blob, _, _): return ("o", "r")
        }
    }

    /// What the key has signed; nil when there is no such signature for the resource.
    private func stringToSign(for target: BlobTarget, account: String) -> String? {
        let version = value("sv")
        guard version >= "2015-04-05" else { return nil }
        let hasScope = version >= "2020-12-06"
        if isOfAccount {
            let fields = [account] + ["sp", "ss", "srt", "st", "se", "sip", "spr", "sv"].map(value)
            return (fields + (hasScope ? [value("ses")] : [])).map { $0 + "\n" }.joined()
        }
        guard let resource = resource(of: target, account: account) else { return nil }
        var fields = ["sp", "st", "se"].map(value) + [resource] + ["si", "sip", "spr", "sv"].map(value)
        if version >= "2018-11-09" { fields += [value("sr"), ""] }
        if hasScope { fields.append(value("ses")) }
        return (fields + ["rscc", "rscd", "rsce", "rscl", "rsct"].map(value)).joined(separator: "\n")
    }

    /// The container or blob that was signed, if the request is for it.
    private func resource(of target: BlobTarget, account: String) -> String? {
        switch (value("sr"), target) {
        case ("c", .container(let container)), ("c", .blob(let container, _)): "/blob/\(account)/\(container)"
        case ("b", .blob(let container, let name)): "/blob/\(account)/\(container)/\(name)"
        default: nil
        }
    }
}
