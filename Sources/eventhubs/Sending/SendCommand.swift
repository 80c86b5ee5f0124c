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

import ArgumentParser
import EventHubs
import ServiceLifecycle

/// `eventhubs send`: lines or files to events.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send lines or files as events.",
        discussion: """
            Each non-empty line of the files, or of standard input, is one event. Events to one partition or with one key \
            arrive in the order they were read; without either the service spreads them, batch by batch.
            """
    )

    @OptionGroup var connection: ConnectionOptions

    @Argument(help: ArgumentHelp("Files to read; - or none is standard input.", valueName: "file"))
    var files: [String] = []

    @Option(help: ArgumentHelp("Send to this partition.", valueName: "id"))
    var partition: String?

    @Option(help: ArgumentHelp("Send with this partition key.", valueName: "key"))
    var key: String?

    @Flag(help: "Each file is one event.")
    var wholeFiles = false

    @Flag(help: "Compress each body and mark it with content-encoding gzip.")
    var gzip = false

    @Option(help: ArgumentHelp("The bodies' media type, such as application/json.", valueName: "type"))
    var contentType: String?

    @Option(help: ArgumentHelp("At most so many events per second.", valueName: "n"))
    var rate: Int?

    func validate() throws {
        if partition != nil && key != nil { throw ValidationError("Choose --partition or --key.") }
        if let key, !(1...128).contains(key.utf8.count) { throw ValidationError("--key has 1 to 128 bytes.") }
        if let rate, rate < 1 { throw ValidationError("--rate must be at least 1.") }
    }

    @concurrent
    func run() async throws {
        let producer = try await CommandFailure.explaining("send") {
            let target = try connection.target()
            return EventHubProducer(
                endpoint: target.endpoint,
                credential: target.credential,
                configuration: connection.configuration("send")
            )
        }
        let command = self
        try await runUntilSignal(logger: connection.logging.logger("send")) {
            let outcome: Result<Void, any Error>
            do {
                try await CommandFailure.explaining("sending to '\(producer.endpoint.eventHubName)'") {
                    try await cancelWhenGracefulShutdown { try await command.send(with: producer) }
                }
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            await producer.close()
            try outcome.get()
        }
    }

    private var target: PartitionTarget {
        if let partition { .partition(PartitionID(partition)) } else if let key { .key(key) } else { .automatic }
    }

    private func send(with producer: EventHubProducer) async throws {
        var input = EventInput(files: files, takesWholeFiles: wholeFiles)
        var pace = Pace(rate: rate)
        var batch = try await producer.makeBatch(target)
        let started = ContinuousClock.now
        var (events, bytes) = (0, 0)

        func flush() async throws {
            guard !batch.isEmpty else { return }
            try await pace.wait(for: batch.count)
            try await producer.send(batch)
            events += batch.count
            batch.removeAll()
        }

        reading: while true {
            try Task.checkCancellation()
            switch try await input.next() {
            case .end:
                break reading
            case .nothingYet:
                try await flush()
            case .body(let body):
                bytes += body.count
                let event = try makeEvent(body)
                if !batch.tryAdd(event) {
                    try await flush()
                    guard batch.tryAdd(event) else {
                        throw CommandFailure(
                            "an event of \(body.count) bytes does not fit a batch of \(batch.maximumSize) bytes"
                        )
                    }
                }
                if batch.count >= pace.largestBatch { try await flush() }
            }
        }
        try await flush()
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        LineOutput.standard.line("sent \(events) events, \(bytes) bytes, in \(Self.rounded(seconds)) s")
        LineOutput.standard.flush()
    }

    private func makeEvent(_ body: [UInt8]) throws -> EventData {
        var event = EventData(body)
        event.contentType = contentType
        return gzip ? try event.compressed() : event
    }

    private static func rounded(_ seconds: Double) -> Double { (seconds * 100).rounded() / 100 }
}

/// Keeps to a rate: a batch waits until the events before it have had their time.
struct Pace {
    private let rate: Int?
    private let clock = ContinuousClock()
    private var start: ContinuousClock.Instant?
    private var events = 0

    /// So many events a second, or as fast as it goes.
    init(rate: Int?) { self.rate = rate }

    /// A batch of a tenth of a second, so that the rate is even; without a rate what fits.
    var largestBatch: Int { rate.map { max(1, $0 / 10) } ?? .max }

    /// Waits until `count` more events may go.
    mutating func wait(for count: Int) async throws {
        guard let rate else { return }
        let start = self.start ?? clock.now
        self.start = start
        try await clock.sleep(until: start + .seconds(1) * (Double(events) / Double(rate)))
        events += count
    }
}
