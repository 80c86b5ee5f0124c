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
import Logging

/// The hubs of a data directory.
extension DataDirectory {
    private static let definitionName = "definition"
    /// The end of the name of a hub's directory that is on its way out. No hub's own name ends so: a dot is encoded in it.
    private static let removedSuffix = ".removed"

    /// The files of a partition.
    func files(ofPartition number: Int, of hub: String) -> sending SegmentFiles {
        SegmentFiles(directory: "\(directory(of: hub))/\(number)", openFiles: openFiles, logger: logger)
    }

    /// Makes sure that there are no events of partitions that a hub does not have.
    func checkPartitions(of definition: HubDefinition) throws(EmulatorError) {
        let directory = directory(of: definition.name)
        for name in try DataFile.names(in: directory) {
            guard let number = Int(name), number >= definition.partitionCount else { continue }
            throw EmulatorError(
                .invalidConfiguration,
                "event hub '\(definition.name)' has \(definition.partitionCount) partitions, but \(directory) has events of "
                    + "partition \(number): configure as many as before, or remove that directory"
            )
        }
    }

    /// Reads when a hub was made, or writes that it is now.
    func creationTime(of hub: String, now: Int64) throws(EmulatorError) -> Int64 {
        let directory = directory(of: hub)
        let path = "\(directory)/created"
        guard try DataFile.names(in: directory).contains("created") else {
            try DataFile.makeDirectory(directory)
            try DataFile.replace(path, with: Array(String(now).utf8))
            return now
        }
        let text = String(decoding: try DataFile.open(path).read(at: 0, count: 24), as: UTF8.self)
        guard let time = Int64(text) else { throw .damaged(path, at: 0, "it is no time") }
        return time
    }

    // MARK: What administration has made

    /// All definitions there are. What is left of hubs that were being removed goes.
    func definitions() throws(EmulatorError) -> [HubDefinition] {
        var definitions: [HubDefinition] = []
        for name in try DataFile.names(in: hubs) {
            let directory = "\(hubs)/\(name)"
            if name.hasSuffix(Self.removedSuffix) {
                try DataFile.removeDirectory(directory)
            } else if let definition = try Self.definition(in: directory) {
                definitions.append(definition)
            }
        }
        return definitions
    }

    /// What administration has made of a hub; nil: nothing.
    func definition(of hub: String) throws(EmulatorError) -> HubDefinition? {
        try Self.definition(in: directory(of: hub))
    }

    private static func definition(in directory: String) throws(EmulatorError) -> HubDefinition? {
        guard try DataFile.names(in: directory).contains(definitionName) else { return nil }
        let file = try DataFile.open("\(directory)/\(definitionName)")
        let bytes = try file.read(at: 0, count: Int(clamping: file.size))
        guard let definition = try? JSONDecoder().decode(HubDefinition.self, from: Data(bytes)),
            EmulatorConfiguration.isName(definition.name),
            (1...EmulatorConfiguration.maximumPartitions).contains(definition.partitionCount)
        else { throw .damaged(file.path, at: 0, "it is no definition of an event hub") }
        return definition
    }

    /// Keeps what administration has made of a hub. A crash leaves what was before, or this.
    func keep(_ definition: HubDefinition) throws(EmulatorError) {
        let directory = directory(of: definition.name)
        try DataFile.makeDirectory(directory)
        let bytes: Data
        do {
            bytes = try JSONEncoder().encode(definition)
        } catch {
            throw EmulatorError(.dataDirectoryFailed, "a definition of an event hub cannot be written: \(error)")
        }
        try DataFile.replace("\(directory)/\(Self.definitionName)", with: Array(bytes))
    }

    /// Removes a hub with its events, in one step: a crash leaves all of it or nothing that would be read.
    func remove(_ hub: String) throws(EmulatorError) {
        let directory = directory(of: hub)
        guard FileManager.default.fileExists(atPath: directory) else { return }
        let removed = directory + Self.removedSuffix
        try DataFile.removeDirectory(removed)
        try DataFile.move(directory, to: removed)
        do throws(EmulatorError) {
            try DataFile.removeDirectory(removed)
        } catch {
            logger?.warning("cannot remove the files of an event hub", metadata: ["error": "\(error)"])
        }
    }

    // MARK: Names

    private var hubs: String { "\(path)/hubs" }

    /// Hub names in any case are one hub; what could mean something in a path is percent-encoded.
    private func directory(of hub: String) -> String {
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyz0123456789-_")
        let name = hub.lowercased()
        return "\(hubs)/\(name.addingPercentEncoding(withAllowedCharacters: plain) ?? name)"
    }
}
