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

extension PartitionLog {
    /// The newest event, remembered beyond its retention.
    struct LastEvent {
        var offset: Int64
        var enqueuedTime: Int64
    }

    /// The segments and counters, guarded by the log's lock.
    struct State {
        var segments: [LogSegment] = []
        var nextSequenceNumber: Int64 = 0
        var nextPosition: Int64 = 0
        var last: LastEvent?
        var observers: [any PartitionLogObserver] = []
        var producers = ProducerSequences()
        var producerLinks: [(stamp: ProducerSequences.Stamp, link: any ProducerLink)] = []
        var retention: Retention
        /// Why nothing is taken, if nothing is.
        var refusal: ServiceError?
        /// Nil: the log is in memory only.
        let files: SegmentFiles?
        let offsets: OffsetStyle

        init(retention: Retention, offsets: OffsetStyle) {
            files = nil
            self.retention = retention
            self.offsets = offsets
        }

        /// The state that the files tell of.
        init(_ files: SegmentFiles, retention: Retention, offsets: OffsetStyle) throws(EmulatorError) {
            self.files = files
            self.retention = retention
            self.offsets = offsets
            (segments, producers) = try files.load(segmentSize: retention.segmentSize)
            guard let newest = segments.last, let entry = newest.entries.last else { return }
            nextSequenceNumber = newest.nextSequenceNumber
            nextPosition = newest.endPosition
            last = LastEvent(offset: newest.startPosition + Int64(entry.position), enqueuedTime: entry.enqueuedTime)
        }

        var beginSequenceNumber: Int64 { segments.first?.firstSequenceNumber ?? nextSequenceNumber }
        var retainedBytes: Int { segments.reduce(0) { $0 + $1.byteCount } }

        /// Appends a delivery to one segment, in memory and in its file, or leaves everything as it was.
        mutating func append(
            _ incoming: IncomingEvents,
            at time: Int64,
            stamp: ProducerSequences.Stamp?
        ) throws(EmulatorError) {
            let size = incoming.events.reduce(0) {
                $0 + LogSegment.recordHeaderSize + StoredEvent.maximumSize(of: $1)
            }
            let segment = segment(for: size)
            let (count, start) = (segment.entries.count, segment.byteCount)
            var offset = nextPosition
            for event in incoming.events {
                offset = segment.endPosition
                let stored = StoredEvent(
                    event,
                    of: incoming.bytes,
                    sequenceNumber: segment.nextSequenceNumber,
                    position: offset,
                    enqueuedTime: time,
                    offsets: offsets
                )
                segment.append(messageSize: stored.size, enqueuedTime: time) { stored.write(to: $0) }
            }
            do throws(EmulatorError) {
                try files?.append(
                    start..<segment.byteCount,
                    of: segment,
                    as: SegmentFiles.Delivery(time: time, count: incoming.events.count, stamp: stamp),
                    producers
                )
            } catch {
                segment.removeRecords(behind: count)
                if segment.entries.isEmpty { segments.removeLast() }
                throw error
            }
            last = LastEvent(offset: offset, enqueuedTime: time)
            nextSequenceNumber = segment.nextSequenceNumber
            nextPosition = segment.endPosition
            if let stamp { producers.stored(stamp, count: incoming.events.count) }
        }

        /// Lets an idempotent producer in, in memory and in the files, or leaves everything as it was.
        mutating func openProducer(
            _ claim: ProducerSequences.Claim
        ) throws(ServiceError) -> ProducerSequences.Stamp {
            if let refusal { throw refusal }
            var opened = producers
            let stamp = try opened.open(claim) { Int64.random(in: 1...Int64.max) }
            if !producers.knows(stamp) {
                do throws(EmulatorError) {
                    try files?.letIn(stamp, beside: producers)
                } catch {
                    throw ServiceError(.internalError, "The producer could not be noted: \(error.message).")
                }
            }
            producers = opened
            return stamp
        }

        private mutating func segment(for size: Int) -> LogSegment {
            if let segment = segments.last, segment.room >= size { return segment }
            let segment = LogSegment(
                firstSequenceNumber: nextSequenceNumber,
                startPosition: nextPosition,
                capacity: max(retention.segmentSize, size)
            )
            segments.append(segment)
            return segment
        }

        mutating func prune(at now: Int64) {
            var retained = retainedBytes
            var expired = 0
            while expired < segments.count {
                let segment = segments[expired]
                let isAged = (segment.entries.last?.enqueuedTime ?? now) < now - retention.maximumAge
                let isExcess = retained > retention.maximumBytes && expired < segments.count - 1
                guard isAged || isExcess else { break }
                retained -= segment.byteCount
                expired += 1
            }
            segments.removeFirst(expired)
            files?.removeSegments(before: beginSequenceNumber)
        }

        func run(at sequenceNumber: Int64, _ maximumEvents: Int, _ maximumBytes: Int) -> LogRun? {
            let wanted = max(sequenceNumber, beginSequenceNumber)
            guard wanted < nextSequenceNumber else { return nil }
            let segment = segments[segments.partitioningIndex { $0.nextSequenceNumber > wanted }]
            let entries = segment.entries
            let start = Int(wanted - segment.firstSequenceNumber)
            let available = min(entries.count - start, maximumEvents)
            let startPosition = entries[start].position
            var count = 1
            while count < available, end(of: start + count, in: segment) - startPosition <= maximumBytes { count += 1 }
            return LogRun(
                segment: segment,
                range: startPosition..<end(of: start + count - 1, in: segment),
                firstSequenceNumber: wanted,
                count: count
            )
        }

        private func end(of index: Int, in segment: LogSegment) -> Int {
            index + 1 < segment.entries.count ? segment.entries[index + 1].position : segment.byteCount
        }
    }
}

extension PartitionLog.State {
    /// The sequence number at which a selector begins. Positions above the end are errors, below the start they are the start.
    func sequenceNumber(for selector: PositionSelector) throws(ServiceError) -> Int64 {
        switch selector.mark {
        case .offset("-1"):
            return beginSequenceNumber
        case .offset(let text) where text.lowercased() == "@latest":
            return selector.isInclusive ? max(nextSequenceNumber - 1, beginSequenceNumber) : nextSequenceNumber
        case .offset(let text):
            let lastPosition = last?.offset ?? -1
            let lastOffset = last.map { offsets.text(of: $0.offset) } ?? "-1"
            if offsets == .geoReplicated, Int64(text) != nil {
                throw ServiceError(
                    .invalidOffset,
                    "The supplied offset '\(text)' is invalid: offsets of a geo-replicated namespace are not numbers. "
                        + "The last offset in the system is '\(lastOffset)'"
                )
            }
            guard let offset = offsets.position(of: text), offset >= -1, offset <= lastPosition else {
                throw ServiceError(
                    .argumentError,
                    "The supplied offset '\(text)' is invalid. The last offset in the system is '\(lastOffset)'"
                )
            }
            return firstSequenceNumber { segment, entry in
                let position = segment.startPosition + Int64(entry.position)
                return selector.isInclusive ? position >= offset : position > offset
            }
        case .sequenceNumber(let number):
            let lastNumber = nextSequenceNumber - 1
            guard number <= lastNumber else {
                throw ServiceError(
                    .argumentError,
                    "The supplied sequence number '\(number)' is invalid. "
                        + "The last sequence number in the system is '\(lastNumber)'"
                )
            }
            return max(selector.isInclusive ? number : number + 1, beginSequenceNumber)
        case .enqueuedTime(let time):
            return firstSequenceNumber { _, entry in
                selector.isInclusive ? entry.enqueuedTime >= time : entry.enqueuedTime > time
            }
        }
    }

    /// The first event of which the condition holds, given that it holds of all later ones too.
    private func firstSequenceNumber(where condition: (LogSegment, LogSegment.Entry) -> Bool) -> Int64 {
        let index = segments.partitioningIndex { segment in
            segment.entries.last.map { condition(segment, $0) } ?? false
        }
        guard index < segments.count else { return nextSequenceNumber }
        let segment = segments[index]
        return segment.firstSequenceNumber + Int64(segment.entries.partitioningIndex { condition(segment, $0) })
    }
}

extension Array {
    /// The first index at which the condition holds, given that it then holds up to the end.
    fileprivate func partitioningIndex(where condition: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
