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

extension EmulatorConfiguration {
    /// Reads the hubs from a configuration file of the Azure Event Hubs emulator.
    ///
    /// - Parameter path: the JSON file: `UserConfig`, `NamespaceConfig`, one namespace with its `Entities`.
    /// - Throws: ``EmulatorError`` when the file cannot be read or does not describe a namespace.
    public init(contentsOf path: String) throws(EmulatorError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw EmulatorError(.invalidConfiguration, "cannot read the configuration file \(path)")
        }
        try self.init(json: Array(data), name: path)
    }

    init(json: [UInt8], name: String) throws(EmulatorError) {
        let file: ConfigurationFile
        do {
            file = try JSONDecoder().decode(ConfigurationFile.self, from: Data(json))
        } catch {
            throw EmulatorError(
                .invalidConfiguration,
                "\(name) is not a configuration file: \((error as? Swift.DecodingError)?.place ?? "\(error)")"
            )
        }
        let namespaces = file.userConfig.namespaceConfig
        guard let namespace = namespaces.first, namespaces.count == 1 else {
            throw EmulatorError(
                .invalidConfiguration,
                "\(name) describes \(namespaces.count) namespaces: there must be one"
            )
        }
        if let type = namespace.type, type.lowercased() != "eventhub" {
            throw EmulatorError(
                .invalidConfiguration,
                "\(name) describes a namespace of type '\(type)': 'EventHub' is possible"
            )
        }
        self.init(
            hubs: namespace.entities.map { entity in
                Hub(
                    name: entity.name,
                    partitionCount: entity.partitionCount,
                    consumerGroups: (entity.consumerGroups ?? []).map(\.name)
                )
            }
        )
        namespaceName = namespace.name ?? namespaceName
        try validate()
    }
}

/// The file as it is written.
private struct ConfigurationFile: Decodable {
    struct UserConfig: Decodable {
        var namespaceConfig: [NamespaceConfig]

        enum CodingKeys: String, CodingKey {
            case namespaceConfig = "NamespaceConfig"
        }
    }

    struct NamespaceConfig: Decodable {
        var type: String?
        var name: String?
        var entities: [Entity]

        enum CodingKeys: String, CodingKey {
            case type = "Type"
            case name = "Name"
            case entities = "Entities"
        }
    }

    struct Entity: Decodable {
        var name: String
        var partitionCount: Int
        var consumerGroups: [ConsumerGroup]?

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case partitionCount = "PartitionCount"
            case consumerGroups = "ConsumerGroups"
        }
    }

    struct ConsumerGroup: Decodable {
        var name: String

        enum CodingKeys: String, CodingKey {
            case name = "Name"
        }
    }

    var userConfig: UserConfig

    enum CodingKeys: String, CodingKey {
        case userConfig = "UserConfig"
    }
}

extension Swift.DecodingError {
    /// What is wrong, and where in the file: `UserConfig.NamespaceConfig[0].Entities[1].PartitionCount is missing`.
    fileprivate var place: String {
        switch self {
        case .keyNotFound(let key, let context): "\(Self.path(context.codingPath + [key])) is missing"
        case .valueNotFound(_, let context): "\(Self.path(context.codingPath)) is null"
        case .typeMismatch(_, let context), .dataCorrupted(let context):
            "\(Self.path(context.codingPath)): \(context.debugDescription)"
        @unknown default: "\(self)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        let path = keys.reduce(into: "") { path, key in
            path += key.intValue.map { "[\($0)]" } ?? (path.isEmpty ? "" : ".") + key.stringValue
        }
        return path.isEmpty ? "the file" : path
    }
}
