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
import EventHubsIdentity
import Testing

@testable import eventhubs

@Suite struct ArgumentTests {
    @Test(arguments: [
        ("10s", Duration.seconds(10)), ("250ms", .milliseconds(250)), ("1.5m", .seconds(90)), ("2h", .seconds(7200)),
        ("3", .seconds(3)), ("0.5", .milliseconds(500)),
    ])
    func durations(text: String, expected: Duration) throws {
        #expect(try #require(DurationArgument(argument: text)).duration == expected)
    }

    @Test(arguments: ["", "s", "-1s", "0s", "ten", "nan", "inf", "1e30h", "10 s", "10sec"])
    func noDurations(text: String) {
        #expect(DurationArgument(argument: text) == nil)
    }

    @Test(arguments: [
        ("earliest", EventPosition.earliest),
        ("latest", .latest),
        ("offset:4312", .offset("4312", inclusive: true)),
        ("offset:a:b", .offset("a:b", inclusive: true)),
        ("sequence:0", .sequenceNumber(0, inclusive: true)),
        ("time:1795377599644", .enqueuedTime(Timestamp(millisecondsSinceEpoch: 1_795_377_599_643))),
        // 2026-11-22T20:00:00Z is 20,779 days and 20 hours after 1970.
        ("time:2026-11-22T20:00:00Z", .enqueuedTime(Timestamp(millisecondsSinceEpoch: 1_795_377_600_000 - 1))),
        ("time:2026-11-22T20:00:00.250Z", .enqueuedTime(Timestamp(millisecondsSinceEpoch: 1_795_377_600_250 - 1))),
    ])
    func positions(text: String, expected: EventPosition) throws {
        #expect(try #require(PositionArgument(argument: text)).position == expected)
    }

    @Test(arguments: [
        "", "first", "earliest:1", "offset", "offset:", "sequence:-1", "sequence:x", "time:", "time:noon",
    ])
    func noPositions(text: String) {
        #expect(PositionArgument(argument: text) == nil)
    }

    @Test func webSocketsAndProxies() throws {
        let string = "Endpoint=sb://127.0.0.1:5672;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true"
        func configuration(_ arguments: String...) throws -> EventHubsConfiguration {
            try ReceiveCommand.parse(["--connection-string", string] + arguments).connection.configuration("test")
        }
        #expect(try configuration().transport == nil)
        #expect(try configuration().proxy == .automatic)
        #expect(try configuration("--web-sockets").transport == .webSockets)
        #expect(try configuration("--proxy", "none").proxy == .direct)
        #expect(try configuration("--proxy", "environment").proxy == .environment)
        let proxy = HTTPProxy(host: "proxy", port: 3128, user: "me", password: "p")
        #expect(try configuration("--proxy", "http://me:p@proxy:3128").proxy == .http(proxy))
        let error = #expect(throws: (any Error).self) { try configuration("--proxy", "socks5://me:sesame@proxy") }
        let message = error.map { ReceiveCommand.fullMessage(for: $0) }
        #expect(message?.contains("--proxy: not the address of a proxy") == true)
        #expect(message?.contains("sesame") == false)
    }

    @Test func aConnectionStringIsNeeded() throws {
        let string = "Endpoint=sb://127.0.0.1:5672;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true"
        let command = try ReceiveCommand.parse(["--connection-string", string, "--count", "3"])
        #expect(try command.connection.resolvedConnectionString() == string)
        #expect(command.count == 3)
    }

    @Test func aNamespaceInPlaceOfAConnectionString() throws {
        let command = try SendCommand.parse(["--namespace", "name.servicebus.windows.net", "--hub", "hub"])
        let target = try command.connection.target()
        #expect(target.endpoint == EventHubsEndpoint(host: "name.servicebus.windows.net", eventHubName: "hub"))
        #expect(target.credential is DefaultAzureCredential)
        let other = try ReceiveCommand.parse(["--namespace", "localhost:5671", "--hub", "hub"]).connection.target()
        #expect(other.endpoint == EventHubsEndpoint(host: "localhost", port: 5671, eventHubName: "hub"))
    }

    @Test(arguments: [
        (["--namespace", "n.example.com"], "--namespace needs --hub."),
        (
            ["--namespace", "n.example.com", "--hub", "h", "--connection-string", "x"],
            "Choose --connection-string or --namespace."
        ),
        (["--namespace", "name", "--hub", "h"], "NAME.servicebus.windows.net"),
        (["--namespace", "sb://n.example.com/", "--hub", "h"], "--namespace"),
        (["--namespace", "n.example.com:0", "--hub", "h"], "the port"),
    ])
    func noNamespaces(arguments: [String], expected: String) {
        for parse in [
            { _ = try SendCommand.parse(arguments) }, { _ = try ReceiveCommand.parse(arguments) },
            { _ = try ProcessCommand.parse(arguments) },
        ] as [() throws -> Void] {
            let error = #expect(throws: (any Error).self) { try parse() }
            #expect(error.map { EventHubsCommand.message(for: $0).contains(expected) } == true)
            #expect(error.map { EventHubsCommand.exitCode(for: $0) } == .validationFailure)
        }
    }

    @Test func commandsRefuseWhatCannotBe() {
        #expect(throws: (any Error).self) { try ReceiveCommand.parse(["--connection-string", "x", "--count", "0"]) }
        #expect(throws: (any Error).self) {
            try ReceiveCommand.parse(["--connection-string", "x", "--owner-level", "-1"])
        }
        #expect(throws: (any Error).self) { try ReceiveCommand.parse(["--connection-string", "x", "--format", "xml"]) }
        #expect(throws: (any Error).self) {
            try ProcessCommand.parse(["--connection-string", "x", "--json", "--text"])
        }
        #expect(throws: (any Error).self) {
            try ProcessCommand.parse([
                "--connection-string", "x", "--lease-duration", "5s", "--load-balancing-interval", "3s",
            ])
        }
    }
}
