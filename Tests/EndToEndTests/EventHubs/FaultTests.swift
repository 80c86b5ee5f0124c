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
import EventHubsEmulator
import Testing

/// Each condition with which the service can answer, provoked by the emulator's fault plan in each place where it can stand.
@Suite("Every error of the service", .timeLimit(.minutes(2)))
struct FaultTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var condition: ErrorCondition
        var code: EventHubsError.Code
        /// Whether trying again can help without anybody changing anything.
        var isTransient: Bool

        init(_ condition: ErrorCondition, _ code: EventHubsError.Code, transient isTransient: Bool = false) {
            self.condition = condition
            self.code = code
            self.isTransient = isTransient
        }

        var testDescription: String { condition.rawValue }
    }

    /// The service's table of errors.
    static let table: [Row] = [
        Row("com.microsoft:server-busy", .serverBusy, transient: true),
        Row("com.microsoft:timeout", .timeout, transient: true),
        Row("com.microsoft:operation-cancelled", .operationCancelled, transient: true),
        Row("com.microsoft:container-close", .linkDetached, transient: true),
        Row("amqp:internal-error", .internalError, transient: true),
        Row("amqp:link:detach-forced", .linkDetached, transient: true),
        Row("amqp:link:transfer-limit-exceeded", .protocolViolation, transient: true),
        Row("amqp:connection:forced", .connectionLost, transient: true),
        Row("amqp:connection:framing-error", .connectionLost, transient: true),
        Row("proton:io", .connectionLost, transient: true),
        Row("amqp:link:stolen", .ownershipLost),
        Row("com.microsoft:producer-epoch-stolen", .producerFenced),
        Row("com.microsoft:out-of-order-sequence", .outOfOrderSequence),
        Row("amqp:resource-limit-exceeded", .quotaExceeded),
        Row("amqp:link:message-size-exceeded", .messageTooLarge),
        Row("amqp:unauthorized-access", .unauthorized),
        Row("com.microsoft:auth-failed", .unauthorized),
        Row("amqp:not-found", .notFound),
        Row("com.microsoft:entity-disabled", .entityDisabled),
        Row("com.microsoft:argument-error", .invalidArgument),
        Row("com.microsoft:argument-out-of-range", .invalidArgument),
        Row("com.microsoft:georeplication:invalid-offset", .invalidPosition),
        Row("com.microsoft:precondition-failed", .preconditionFailed),
        Row("amqp:not-allowed", .notAllowed),
        Row("amqp:not-implemented", .notImplemented),
        Row("amqp:illegal-state", .protocolViolation, transient: true),
        Row("amqp:decode-error", .protocolViolation),
        Row("amqp:invalid-field", .protocolViolation),
        Row("amqp:precondition-failed", .preconditionFailed),
        Row("amqp:frame-size-too-small", .protocolViolation),
        Row("amqp:session:errant-link", .protocolViolation, transient: true),
        Row("amqp:session:unattached-handle", .protocolViolation, transient: true),
        Row("amqp:session:window-violation", .protocolViolation, transient: true),
        Row("amqp:session:handle-in-use", .protocolViolation, transient: true),
        Row("com.microsoft:partition-not-owned", .linkDetached, transient: true),
        Row("com.microsoft:store-lock-lost", .linkDetached, transient: true),
        Row("com.microsoft:publisher-revoked", .unauthorized),
        Row("com.example:never-heard-of", .unknown, transient: true),
    ]

    /// Expects the row's error, as the service said it.
    private func expect(
        _ row: Row,
        _ place: String,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () async throws -> Void
    ) async {
        do {
            try await body()
            Issue.record("\(place): succeeded", sourceLocation: sourceLocation)
        } catch {
            let error = error as? EventHubsError
            #expect(error?.code == row.code, "\(place)", sourceLocation: sourceLocation)
            #expect(error?.condition == row.condition, "\(place)", sourceLocation: sourceLocation)
            #expect(error?.isTransient == row.isTransient, "\(place)", sourceLocation: sourceLocation)
            #expect(error?.trackingID?.isEmpty == false, "\(place)", sourceLocation: sourceLocation)
            #expect(error?.eventHub == "hub1", "\(place)", sourceLocation: sourceLocation)
        }
    }

    @Test("is told to whoever sends, whether it rejects the event or ends what the event came by", arguments: table)
    func sending(row: Row) async throws {
        try await withHub { emulator in
            for verb in ["reject", "detach", "end", "close"] {
                try emulator.setFaults(try FaultPlan("send times=*: \(verb) \(row.condition)"))
                let producer = try emulator.makeProducer()
                await expect(row, verb) { try await producer.send([EventData("x")], to: .partition("0")) }
                #expect(emulator.faultStrikes.allSatisfy { $0 >= 1 }, "\(verb)")
                // Nothing was stored, and when the fault is over the same producer sends.
                #expect(emulator.partitions(of: "hub1").first?.eventCount == 0)
                try emulator.setFaults(FaultPlan())
                try await producer.send([EventData("x")], to: .partition("1"))
                await producer.close()
            }
            try emulator.setFaults(try FaultPlan("attach role=sender hub=hub1 times=*: refuse \(row.condition)"))
            let producer = try emulator.makeProducer()
            await expect(row, "refuse") { try await producer.send([EventData("x")], to: .partition("0")) }
            await producer.close()
        }
    }

    @Test("is told to whoever receives, at the start and later", arguments: table)
    func receiving(row: Row) async throws {
        try await withHub { emulator in
            try await emulator.fill("0", count: 4)
            try emulator.setFaults(try FaultPlan("attach role=receiver hub=hub1 times=*: refuse \(row.condition)"))
            let consumer = try emulator.makeConsumer()
            await expect(row, "refuse") { _ = try await consumer.openPartition("0", from: .earliest) }
            for verb in ["detach", "end", "close"] {
                try emulator.setFaults(try FaultPlan("receive skip=1: \(verb) \(row.condition)"))
                let receiver = try await consumer.openPartition("0", from: .earliest)
                if row.condition == "amqp:unauthorized-access" {
                    // A new token is put, and the link attached again.
                    #expect(try await receiver.take(4).map(\.sequenceNumber) == [0, 1, 2, 3])
                } else {
                    #expect(try await receiver.take(2).map(\.sequenceNumber) == [0, 1])
                    await expect(row, verb) { _ = try await receiver.nextBatch(maximumWait: .seconds(30)) }
                }
                #expect(emulator.faultStrikes == [1], "\(verb)")
                await receiver.close()
            }
            await consumer.close()
        }
    }

    @Test(
        "that passes is overcome, without loss and without repetition",
        arguments: table.filter {
            // Those make the client wait for four seconds: one of them is enough.
            $0.isTransient && $0.code != .serverBusy
        }
    )
    func recovery(row: Row) async throws {
        let patient = EventHubsConfiguration(
            retryPolicy: RetryPolicy(maximumRetries: 3, delay: .milliseconds(1), maximumDelay: .milliseconds(5))
        )
        try await withHub { emulator in
            for verb in ["detach", "end", "close"] {
                let plan = "send: \(verb) \(row.condition); receive skip=2: \(verb) \(row.condition)"
                try emulator.setFaults(try FaultPlan(plan))
                let producer = try emulator.makeProducer(patient)
                let consumer = try emulator.makeConsumer(patient)
                let receiver = try await consumer.openPartition("0", from: .latest)
                for number in 0..<6 { try await producer.send([EventData("\(number)")], to: .partition("0")) }
                #expect(
                    try await receiver.take(6, patience: .seconds(30)).map(\.text) == (0..<6).map { "\($0)" },
                    "\(verb)"
                )
                #expect(emulator.faultStrikes == [1, 1], "\(verb)")
                await producer.close()
                await consumer.close()
            }
        }
    }
}
