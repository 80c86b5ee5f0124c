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

/// What happened in a run: a hash of all of it, the last part in words, and as it happens on demand.
final class Trace {
    /// What happened. Hosts and partitions are told apart by number; -1 is nobody.
    enum Kind: String {
        case hostStarted = "host started"
        case hostStopping = "host is told to stop"
        case hostCancelled = "host is cancelled"
        case hostEnded = "host ended"
        case hostCrashed = "host crashed"
        case hostPaused = "host pauses for ms"
        case hostGoesOn = "host goes on"
        case acquired = "lease acquired, version"
        case claimRefused = "claim refused, version"
        case renewed = "lease renewed, version"
        case renewalRefused = "renewal refused"
        case learntLoss = "host learns that the lease is lost"
        case released = "lease released"
        case handOver = "lease transferred to host"
        case storeFault = "store fault"
        case checkpointLoaded = "checkpoint loaded"
        case checkpointStored = "checkpoint stored"
        case checkpointRefused = "checkpoint refused"
        case receiverOpened = "receiver opened at, number"
        case receiverCutOff = "receiver cut off, number"
        case receiverNoticed = "receiver learns its end, number"
        case receiverClosed = "receiver closed, number"
        case processorOpened = "processor opened"
        case processing = "processing"
        case processed = "processed"
        case processorThrew = "processor threw in"
        case processorClosed = "processor closed"
        case appended = "events appended up to"
        case hubGrew = "partitions now"
        case stolen = "a stranger takes the partition for ms"
        case silenced = "the link is silent from now on"
        case parked = "events parked"
        case skipped = "events skipped"
        case startFailed = "host could not start"
    }

    struct Event {
        let time: Nanoseconds
        let kind: Kind
        let host: Int
        let partition: Int
        let first: Int64
        let last: Int64
    }

    /// Whether events are printed as they happen, with what hosts log.
    let isPrinting: Bool
    /// Over all that happened, in order.
    @exclusivity(unchecked) private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    private var events: [Event] = []

    /// How many events are remembered at least.
    private static let capacity = 4_096

    init(isPrinting: Bool) {
        self.isPrinting = isPrinting
    }

    @inline(__always)
    func mix(_ value: UInt64) {
        hash = (hash ^ value) &* 0x0000_0100_0000_01B3
        hash ^= hash >> 31
    }

    func note(_ event: Event) {
        mix(UInt64(bitPattern: event.time))
        mix(UInt64(event.kind.rawValue.utf8.count) &* 1_009 &+ UInt64(event.kind.rawValue.utf8.first ?? 0))
        mix(UInt64(bitPattern: Int64(event.host &* 4_099 &+ event.partition)))
        mix(UInt64(bitPattern: event.first &* 65_537 &+ event.last))
        if events.count == 2 * Self.capacity { events.removeFirst(Self.capacity) }
        events.append(event)
        if isPrinting { print(event) }
    }

    /// The last events that concern a partition, and what happened to hosts; of all partitions without one.
    func history(of partition: Int?, count: Int) -> [Event] {
        events.filter { event in
            guard event.kind != .renewed else { return false }
            guard let partition, event.partition != partition else { return true }
            return event.partition < 0 && event.host >= 0 && event.kind != .storeFault
        }.suffix(count)
    }
}

extension Trace.Event: CustomStringConvertible {
    var description: String {
        let milliseconds = time / 1_000_000
        let fraction = String(milliseconds % 1_000)
        var text = "\(milliseconds / 1_000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction) s"
        text = String(repeating: " ", count: max(12 - text.count, 0)) + text
        text += host < 0 ? "  world " : "  host \(host)"
        text += partition < 0 ? "              " : "  partition \(partition)"
        text += "  \(kind.rawValue)"
        if first != Trace.none { text += " \(first)" }
        if last != Trace.none { text += "...\(last)" }
        return text
    }
}

extension Trace {
    /// In the place of a number that does not matter.
    static let none = Int64.min
}
