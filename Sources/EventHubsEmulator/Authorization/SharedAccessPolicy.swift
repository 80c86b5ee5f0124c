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

/// What a policy, or a token signed with its key, allows.
public struct AccessRights: OptionSet, Sendable, Hashable {
    /// The bits, one per right.
    public let rawValue: UInt8

    /// Makes a set of rights from its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// To send events.
    public static let send = AccessRights(rawValue: 1)
    /// To receive events.
    public static let listen = AccessRights(rawValue: 2)
    /// Everything; implies the other two.
    public static let manage: AccessRights = [AccessRights(rawValue: 4), .send, .listen]

    /// The name of the claim that the service reports as missing.
    var claim: String { self == .listen ? "Listen" : self == .send ? "Send" : "Manage" }
}

/// A shared access policy: a key with a name and the rights it gives.
public struct SharedAccessPolicy: Sendable, Hashable {
    /// The name that tokens and connection strings carry.
    public var name: String
    /// The key, used as the UTF-8 bytes of this text.
    public var key: String
    /// What the key allows.
    public var rights: AccessRights
    /// The hub that the policy belongs to, or nil when it holds for the whole namespace.
    public var hub: String?

    /// Makes a policy.
    public init(name: String, key: String, rights: AccessRights, hub: String? = nil) {
        self.name = name
        self.key = key
        self.rights = rights
        self.hub = hub
    }

    /// The policy with the publicly known name and key of the development emulator.
    public static let developmentDefault = SharedAccessPolicy(
        name: "RootManageSharedAccessKey",
        key: "SAS_KEY_VALUE",
        rights: .manage
    )
}

extension SharedAccessPolicy: CustomStringConvertible {
    /// The policy without its key.
    public var description: String {
        "SharedAccessPolicy(name: \(name), hub: \(hub ?? "*"))"
    }
}

extension SharedAccessPolicy: CustomDebugStringConvertible {
    /// The policy without its key.
    public var debugDescription: String { description }
}

extension SharedAccessPolicy: CustomReflectable {
    /// The policy without its key.
    public var customMirror: Mirror {
        Mirror(self, children: ["name": name, "hub": hub as Any])
    }
}
