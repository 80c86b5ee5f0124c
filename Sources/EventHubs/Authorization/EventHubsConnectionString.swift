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

/// A parsed Event Hubs connection string, such as the portal of the service hands out.
///
/// The grammar is `key=value` pairs with semicolons between them; keys are case-insensitive, blanks around pairs are
/// dropped, and only the first `=` of a pair separates. Keys the library does not know are ignored, as the official
/// clients do. The description never shows a key or a signature.
public struct EventHubsConnectionString: Sendable, Hashable {
    /// What proves to the service who is calling.
    public enum Authentication: Sendable, Hashable {
        /// A policy's name; its key is held back.
        case sharedAccessKey(name: String)
        /// A ready-made token.
        case sharedAccessSignature
        /// Nothing: another credential has to be given.
        case none
    }

    /// Host of the namespace, without scheme and port.
    public let host: String

    /// The port, when the endpoint names one.
    public let port: Int?

    /// The event hub (`EntityPath`); nil when the string belongs to the whole namespace.
    public let eventHubName: String?

    /// What the string authenticates with.
    public let authentication: Authentication

    /// Whether the string is for a development emulator: plain TCP, port 5672 unless another is named.
    public let usesDevelopmentEmulator: Bool

    /// Whether the string asks for WebSockets in place of TCP (`TransportType=AmqpWebSockets`).
    public let usesWebSockets: Bool

    /// The policy's key or the token.
    let secret: Secret?

    /// Parses a connection string.
    /// - Parameter text: the string, as the portal shows it.
    /// - Throws: ``EventHubsError`` with code ``EventHubsError/Code/invalidConnectionString`` that says which key is
    ///   missing or wrong, and never what the value was.
    public init(_ text: String) throws(EventHubsError) {
        let pairs = try ConnectionStringPairs(text)
        guard let endpoint = try pairs.value(of: .endpoint) else {
            throw .connectionString("it has no 'Endpoint'")
        }
        (host, port) = try Self.parseEndpoint(endpoint)
        eventHubName = try pairs.value(of: .entityPath)
        usesDevelopmentEmulator = try pairs.boolean(of: .useDevelopmentEmulator)

        switch try pairs.value(of: .transportType)?.lowercased() {
        case nil, "amqp": usesWebSockets = false
        case "amqpwebsockets": usesWebSockets = true
        default: throw .connectionString("the value of 'TransportType' is neither Amqp nor AmqpWebSockets")
        }

        let name = try pairs.value(of: .sharedAccessKeyName)
        let key = try pairs.value(of: .sharedAccessKey)
        let signature = try pairs.value(of: .sharedAccessSignature)
        switch (name, key, signature) {
        case (nil, nil, nil):
            (authentication, secret) = (.none, nil)
        case (let name?, let key?, nil):
            (authentication, secret) = (.sharedAccessKey(name: name), Secret(key))
        case (nil, nil, let signature?):
            guard signature.lowercased().hasPrefix("sharedaccesssignature ") else {
                throw .connectionString(
                    "the value of 'SharedAccessSignature' does not start with that word and a blank"
                )
            }
            (authentication, secret) = (.sharedAccessSignature, Secret(signature))
        case (.some, nil, nil):
            throw .connectionString("'SharedAccessKeyName' has no 'SharedAccessKey' beside it")
        case (nil, .some, nil):
            throw .connectionString("'SharedAccessKey' has no 'SharedAccessKeyName' beside it")
        case (_, _, .some):
            throw .connectionString("it has both a 'SharedAccessSignature' and a shared access key: give one of them")
        }
    }

    /// The event hub to use, given what the caller named beside the string.
    /// - Parameter explicit: the name the caller gave, if any.
    /// - Returns: the one name there is.
    /// - Throws: ``EventHubsError`` with code ``EventHubsError/Code/invalidConnectionString`` when neither names a hub,
    ///   or both do and differ.
    public func resolvedEventHubName(_ explicit: String? = nil) throws(EventHubsError) -> String {
        switch (explicit, eventHubName) {
        case (nil, nil):
            throw .connectionString("it has no 'EntityPath', and no event hub name was given beside it")
        case (let name?, nil), (nil, let name?):
            return name
        case (let given?, let own?):
            guard given.lowercased() == own.lowercased() else {
                throw .connectionString("its 'EntityPath' is '\(own)', but the event hub '\(given)' was asked for")
            }
            return own
        }
    }

    /// Splits `sb://host:port/` into its parts.
    private static func parseEndpoint(_ text: String) throws(EventHubsError) -> (host: String, port: Int?) {
        var rest = text[...]
        if let scheme = rest.range(ofSubstring: "://") {
            let name = rest[..<scheme.lowerBound].lowercased()
            guard ["sb", "amqp", "amqps", "https"].contains(name) else {
                throw .connectionString("the scheme '\(name)' of 'Endpoint' is not one of sb, amqp, amqps, https")
            }
            rest = rest[scheme.upperBound...]
        }
        while rest.last == "/" { rest.removeLast() }
        guard !rest.contains(where: { "/?#@".contains($0) || $0.isWhitespace }) else {
            throw .connectionString("'Endpoint' is more than a host name and a port")
        }
        var port: Int?
        let colon: Substring.Index?
        if rest.first == "[" {
            guard let closing = rest.firstIndex(of: "]") else {
                throw .connectionString("the IPv6 address of 'Endpoint' has no closing bracket")
            }
            colon = rest.index(after: closing) == rest.endIndex ? nil : rest.index(after: closing)
        } else {
            colon = rest.firstIndex(of: ":")
        }
        if let colon {
            guard rest[colon] == ":", let number = UInt16(rest[rest.index(after: colon)...]), number > 0 else {
                throw .connectionString("the port of 'Endpoint' is not a number from 1 to 65535")
            }
            port = Int(number)
            rest = rest[..<colon]
        }
        guard !rest.isEmpty else { throw .connectionString("'Endpoint' names no host") }
        return (String(rest), port)
    }
}

extension EventHubsConnectionString: CustomStringConvertible, CustomDebugStringConvertible {
    /// The string with every secret replaced by `<redacted>`.
    public var description: String {
        var parts = ["Endpoint=sb://\(host)\(port.map { ":\($0)" } ?? "")/"]
        switch authentication {
        case .sharedAccessKey(let name):
            parts.append("SharedAccessKeyName=\(name)")
            parts.append("SharedAccessKey=<redacted>")
        case .sharedAccessSignature:
            parts.append("SharedAccessSignature=<redacted>")
        case .none:
            break
        }
        if let eventHubName { parts.append("EntityPath=\(eventHubName)") }
        if usesWebSockets { parts.append("TransportType=AmqpWebSockets") }
        if usesDevelopmentEmulator { parts.append("UseDevelopmentEmulator=true") }
        return parts.joined(separator: ";")
    }

    /// As ``description``.
    public var debugDescription: String { description }
}

extension EventHubsError {
    static func connectionString(_ problem: String) -> EventHubsError {
        EventHubsError(.invalidConnectionString, "The connection string cannot be used: \(problem).")
    }
}
