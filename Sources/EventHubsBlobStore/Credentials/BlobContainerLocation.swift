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

public import EventHubs
import HTTPExchange

/// Where a container is, and what opens it: what a connection string or a URL with a signature says.
public struct BlobContainerLocation: Sendable, Hashable {
    /// The scheme, the host and, if need be, the port: `https://account.blob.core.windows.net`.
    public let origin: String
    /// The account as the first part of the path, where the host does not name it (emulators): `/devstoreaccount1`. Otherwise empty.
    public let accountPath: String
    /// The name of the container.
    public let container: String
    let credential: BlobCredential

    /// The account and key that every storage emulator has.
    static let developmentAccount = "devstoreaccount1"
    private static let developmentKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

    /// Reads a storage connection string.
    ///
    /// It names the service by `BlobEndpoint`, by `AccountName` with `EndpointSuffix` and `DefaultEndpointsProtocol`, or by
    /// `UseDevelopmentStorage=true`; and the credential by `AccountKey` or `SharedAccessSignature`.
    ///
    /// - Parameters:
    ///   - connectionString: The connection string of the storage account.
    ///   - container: The name of the container.
    /// - Throws: ``BlobStoreError`` with ``BlobStoreError/Code/invalidConnectionString`` or ``BlobStoreError/Code/invalidName``.
    public init(connectionString: String, container: String) throws(BlobStoreError) {
        let values = try Self.pairs(connectionString)
        let endpoint: HTTPEndpoint
        if values["usedevelopmentstorage"]?.lowercased() == "true" {
            let proxy = values["developmentstorageproxyuri"] ?? "http://127.0.0.1"
            let host = try HTTPEndpoint(proxy)
            endpoint = HTTPEndpoint(
                origin: host.hasPort ? host.origin : host.origin + ":10000",
                path: "/" + Self.developmentAccount
            )
        } else if let blobEndpoint = values["blobendpoint"] {
            endpoint = try HTTPEndpoint(blobEndpoint)
        } else if let account = values["accountname"] {
            let scheme = values["defaultendpointsprotocol"] ?? "https"
            let suffix = values["endpointsuffix"] ?? "core.windows.net"
            endpoint = try HTTPEndpoint("\(scheme)://\(account).blob.\(suffix)")
        } else {
            throw .connectionString("it names neither BlobEndpoint nor AccountName")
        }
        origin = endpoint.origin
        accountPath = endpoint.path
        self.container = try Self.validated(container)
        credential = try Self.credential(values)
    }

    /// Reads the URL of a container with a shared access signature, or of the account if the container is named beside it.
    ///
    /// The account of the storage emulators, `…/devstoreaccount1`, needs no signature: everybody knows its key.
    ///
    /// - Parameters:
    ///   - url: For example `https://account.blob.core.windows.net/container?sv=…&sig=…`.
    ///   - container: The name of the container, if the URL does not name it.
    /// - Throws: ``BlobStoreError`` with ``BlobStoreError/Code/invalidConnectionString`` or ``BlobStoreError/Code/invalidName``.
    public init(url: String, container: String? = nil) throws(BlobStoreError) {
        let question = url.firstIndex(of: "?") ?? url.endIndex
        let endpoint = try HTTPEndpoint(String(url[..<question]))
        let query = String(url[question...].dropFirst())
        if query.split(separator: "&").contains(where: { $0.hasPrefix("sig=") }) {
            credential = .sharedAccessSignature(query: query)
        } else if query.isEmpty, endpoint.path.split(separator: "/").first == Self.developmentAccount[...] {
            credential = try Self.credential(["usedevelopmentstorage": "true"])
        } else {
            throw .connectionString("the URL has no shared access signature, and no credential was given beside it")
        }
        (accountPath, self.container) = try Self.split(endpoint.path, container: container)
        origin = endpoint.origin
    }

    /// Reads the URL of a container, or of the account if the container is named beside it; requests carry tokens of
    /// Microsoft Entra ID.
    ///
    /// The credential's identity needs the role *Storage Blob Data Contributor* on the container or the account.
    ///
    /// - Parameters:
    ///   - url: For example `https://account.blob.core.windows.net/container`; without TLS only on this machine.
    ///   - container: The name of the container, if the URL does not name it.
    ///   - credential: Where tokens come from.
    /// - Throws: ``BlobStoreError`` with ``BlobStoreError/Code/invalidConnectionString`` or ``BlobStoreError/Code/invalidName``.
    public init(url: String, container: String? = nil, credential: any TokenCredential) throws(BlobStoreError) {
        guard !url.contains("?") else {
            throw .connectionString("the URL has a query: give either a shared access signature or a credential")
        }
        let endpoint = try HTTPEndpoint(url)
        guard HTTPOrigin(of: url)?.isConfidential != false else {
            throw .connectionString("tokens are not sent without TLS: the URL has to begin with https://")
        }
        (accountPath, self.container) = try Self.split(endpoint.path, container: container)
        origin = endpoint.origin
        self.credential = .tokens(BlobTokens(credential))
    }

    /// The account's part of a URL's path, and the container, which is the path's last part unless it is named beside.
    private static func split(
        _ path: String,
        container: String?
    ) throws(BlobStoreError) -> (accountPath: String, container: String) {
        if let container { return (path, try validated(container)) }
        guard let slash = path.lastIndex(of: "/") else { throw .connectionString("the URL names no container") }
        return (String(path[..<slash]), try validated(String(path[path.index(after: slash)...])))
    }

    private static func pairs(_ text: String) throws(BlobStoreError) -> [String: String] {
        var values: [String: String] = [:]
        for pair in text.split(separator: ";") {
            guard !pair.allSatisfy(\.isWhitespace) else { continue }
            guard let equals = pair.firstIndex(of: "=") else {
                // Not shown: it may be a part of a secret.
                throw .connectionString("a part of it is not of the form key=value")
            }
            let key = pair[..<equals].filter { !$0.isWhitespace }.lowercased()
            let value = String(pair[pair.index(after: equals)...]).trimmingBlanks
            guard values.updateValue(value, forKey: key) == nil else {
                throw .connectionString("'\(key)' is given twice")
            }
        }
        guard !values.isEmpty else { throw .connectionString("it is empty") }
        return values.filter { !$0.value.isEmpty }
    }

    private static func credential(_ values: [String: String]) throws(BlobStoreError) -> BlobCredential {
        if let signature = values["sharedaccesssignature"] { return .sharedAccessSignature(query: signature) }
        let isDevelopment = values["usedevelopmentstorage"]?.lowercased() == "true"
        guard let base64Key = values["accountkey"] ?? (isDevelopment ? developmentKey : nil) else {
            throw .connectionString("it holds neither AccountKey nor SharedAccessSignature")
        }
        guard let account = values["accountname"] ?? (isDevelopment ? developmentAccount : nil) else {
            throw .connectionString("it holds an AccountKey but no AccountName")
        }
        guard let key = AccountKey(account: account, base64Key: base64Key) else {
            throw .connectionString("the AccountKey is not base 64")
        }
        return .sharedKey(key)
    }

    /// Containers are named by 3 to 63 lower-case letters, digits and hyphens.
    private static func validated(_ container: String) throws(BlobStoreError) -> String {
        let isValid =
            (3...63).contains(container.utf8.count)
            && container.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "$")
            }
        guard isValid else {
            throw BlobStoreError(
                .invalidName,
                "'\(container)' cannot name a container: 3 to 63 lower-case letters, digits and hyphens"
            )
        }
        return container
    }
}

extension BlobContainerLocation: CustomStringConvertible {
    /// The URL of the container, without secrets.
    public var description: String { "\(origin)\(accountPath)/\(container)" }
}

/// The parts of a URL that name a service.
private struct HTTPEndpoint {
    let origin: String
    /// Begins with a slash and does not end with one; or is empty.
    let path: String

    init(origin: String, path: String) {
        self.origin = origin
        self.path = path
    }

    init(_ text: String) throws(BlobStoreError) {
        let schemes = ["http://", "https://"]
        guard let scheme = schemes.first(where: { text.lowercased().hasPrefix($0) }) else {
            throw .connectionString("the service's URL begins with neither http:// nor https://")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        guard !authority.isEmpty, !authority.contains("@"), !authority.contains(where: \.isWhitespace) else {
            throw .connectionString("the service's URL names no host")
        }
        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path.removeLast() }
        origin = scheme + authority.lowercased()
        self.path = String(path)
    }

    var hasPort: Bool {
        guard let colon = origin.lastIndex(of: ":") else { return false }
        return origin[origin.index(after: colon)...].allSatisfy(\.isNumber)
    }
}

extension BlobStoreError {
    fileprivate static func connectionString(_ message: String) -> BlobStoreError {
        BlobStoreError(.invalidConnectionString, "the storage connection string cannot be used: \(message)")
    }
}

extension String {
    /// Without the blanks at both ends.
    fileprivate var trimmingBlanks: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
