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

internal import Logging

/// Receives all partitions of an event hub into one exchange, also those that are added.
struct HubReader: Sendable {
    /// How often the list of partitions is read.
    static let growthInterval: Duration = .seconds(60)

    let list: @Sendable () async throws(EventHubsError) -> [PartitionID]
    let open: @Sendable (PartitionID, EventPosition) async throws(EventHubsError) -> PartitionReceiver
    let sleep: @Sendable (Duration) async throws -> Void
    let logger: Logger?
    let exchange = BatchExchange()

    /// Receives `ids`, and the partitions that come to be, until the task is cancelled. The first failure ends the
    /// exchange.
    func run(_ ids: [PartitionID], from position: EventPosition) async {
        await withTaskGroup(of: Void.self) { group in
            for id in ids { group.addTask { await receive(id, from: position) } }
            var known = Set(ids)
            while !Task.isCancelled {
                do { try await sleep(Self.growthInterval) } catch { break }
                // A failure to read the list is no reason to end: it is read again.
                guard let current = try? await list() else { continue }
                for id in current where known.insert(id).inserted {
                    logger?.info("the event hub has grown", metadata: ["partition": "\(id)"])
                    group.addTask { await receive(id, from: .earliest) }
                }
            }
            group.cancelAll()
        }
    }

    private func receive(_ id: PartitionID, from position: EventPosition) async {
        do throws(EventHubsError) {
            let receiver = try await open(id, position)
            do throws(EventHubsError) {
                while let batch = try await receiver.nextBatch() {
                    guard await exchange.offer(EventHubEvents.Element(partitionID: id, events: batch)) else { break }
                }
            } catch {
                fail(error)
            }
            await receiver.close()
        } catch {
            fail(error)
        }
    }

    private func fail(_ error: EventHubsError) {
        if !Task.isCancelled { exchange.fail(error) }
    }
}
