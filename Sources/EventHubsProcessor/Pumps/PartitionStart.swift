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

import EventHubs

/// Where a session begins.
struct PartitionStart: Sendable {
    /// The place in the stream.
    let position: EventPosition
    /// The checkpoint that names the place. Nil: there was none.
    let checkpoint: Checkpoint?
    /// What was asked for, where nobody has begun before.
    private let asked: EventPosition?
    private let properties: PartitionProperties?

    /// Whether the partition begins here for the first time.
    var isFirst: Bool { asked != nil }

    /// Behind the checkpoint; without one at the initial position, which is found out once.
    init(_ hold: PartitionHold, _ environment: PumpEnvironment, _ memory: inout PumpMemory) async throws {
        let checkpoint = try await hold.writer.load(for: hold.partition)
        if let checkpoint, let position = checkpoint.resumePosition {
            (self.position, self.checkpoint, asked, properties) = (position, checkpoint, nil, nil)
        } else if let initial = memory.initial {
            (position, self.checkpoint, asked, properties) = (initial, nil, nil, nil)
        } else {
            let position = environment.configuration.initialPosition(hold.partition)
            self = try await PartitionStart(at: position, hold.partition, environment)
            memory.initial = self.position
        }
    }

    /// At a position where nobody has begun before. `.latest` becomes the place it stands for now; where the partition's properties may not
    /// be read it stays the service's own.
    init(at asked: EventPosition, _ partition: PartitionID, _ environment: PumpEnvironment) async throws(EventHubsError)
    {
        self.asked = asked
        checkpoint = nil
        guard asked == .latest else {
            (position, properties) = (asked, nil)
            return
        }
        do throws(EventHubsError) {
            let properties = try await environment.source.properties(of: partition)
            self.properties = properties
            let isNew = properties.lastEnqueuedSequenceNumber < 0
            position = isNew ? .earliest : .offset(properties.lastEnqueuedOffset)
        } catch {
            guard error.code == .unauthorized || error.code == .invalidResponse else { throw error }
            (position, properties) = (.latest, nil)
        }
    }

    /// The checkpoint that stands for this place. Nil: the service does not tell.
    func makeCheckpoint(
        of partition: PartitionID,
        from source: any PartitionSource
    ) async throws(EventHubsError) -> Checkpoint? {
        guard let asked else { return nil }
        if let properties { return Checkpoint(before: asked, in: properties) }
        guard asked == .earliest else { return nil }
        return Checkpoint(before: asked, in: try await source.properties(of: partition))
    }
}

extension PumpEnvironment {
    /// The error of a checkpoint that the service does not accept, with all that somebody who has to decide wants to know.
    func explain(_ error: EventHubsError, _ checkpoint: Checkpoint) async -> EventHubsError {
        let end: String
        do throws(EventHubsError) {
            let properties = try await source.properties(of: checkpoint.partition)
            end =
                "ends at offset \(properties.lastEnqueuedOffset), sequence number \(properties.lastEnqueuedSequenceNumber)"
        } catch {
            end = "ends where the service does not tell (\(error.code))"
        }
        return EventHubsError(
            error.code,
            "\(checkpoint) does not lie in partition \(checkpoint.partition), which \(end). Remove the checkpoint, or say with "
                + "HostConfiguration.invalidCheckpointPolicy where to go on.",
            eventHub: source.eventHub,
            partition: checkpoint.partition,
            underlying: error
        )
    }
}
