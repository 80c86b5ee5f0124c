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

internal import ArgumentParser
import Foundation

/// Other clients on the same listeners, with the same events, in the same run.
struct PeersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers",
        abstract: "Receive and send with Qpid Proton (C and Python) and Azure's Python SDK, beside this package.",
        discussion: "Installs them first, from Debian's packages and PyPI: see Benchmarks/Peers/install."
    )

    @OptionGroup var series: SeriesOptions

    func run() throws {
        let folder = try Self.install()
        try series.run([Self.receiving(folder), Self.sending(folder)])
    }

    /// Installs the peers and compiles the C program; tells where they are.
    private static func install() throws -> String {
        let folder = "\(PackageFolder.path)/.build/bench-peers"
        let command = Command(
            executable: "/usr/bin/env",
            arguments: ["bash", "\(PackageFolder.path)/Benchmarks/Peers/install", folder]
        )
        let child = try ChildProcess(command)
        let lines = child.remainingLines()
        guard child.waitForExit() == 0 else { throw LaunchError(command, "the peers could not be installed", lines) }
        return folder
    }

    /// A client that is not ours: how to start it, and how many events keep it busy for about a second.
    private struct Peer {
        var name: String
        var program: [String]
        var receives: Int
        var sends: Int
    }

    private static func peers(_ folder: String) -> [Peer] {
        let python = "\(folder)/venv/bin/python"
        let scripts = "\(PackageFolder.path)/Benchmarks/Peers"
        return [
            Peer(name: "Proton C", program: ["\(folder)/proton"], receives: 400_000, sends: 150_000),
            Peer(
                name: "azure-eventhub (Python)",
                program: [python, "\(scripts)/azure_eventhub.py"],
                receives: 25_000,
                sends: 20_000
            ),
            Peer(
                name: "Proton (Python)",
                program: [python, "\(scripts)/proton_python.py"],
                receives: 6_000,
                sends: 8_000
            ),
        ]
    }

    private static func contender(
        _ peer: Peer,
        _ direction: String,
        _ events: @escaping @Sendable (Peer) -> Int
    ) -> Experiment.Contender {
        let (program, count) = (peer.program, events(peer))
        return .init(name: peer.name) { point, source in
            Command(
                executable: program[0],
                arguments: program.dropFirst() + [
                    direction, source?.port ?? "0", String(count), String(point.value),
                ]
            )
        }
    }

    private static func receiving(_ folder: String) -> Experiment {
        Experiment(
            name: "peers-receive",
            title: "Receive beside other clients",
            note: """
                Each with its documented best way to receive, from one partition over plain TCP, the events settled by the sender; \
                sequence number and body are looked at. The reference is this package: the ratios tell how many times its \
                processor time the others take. Slow clients receive fewer events.
                """,
            axis: "body",
            points: Experiment.Point.bodies,
            source: { .own("replay", "--end-with-input", "--body-size", String($0.value)) },
            contenders: [
                .init(name: "swift-event-hubs", isReference: true) { point, source in
                    .own(
                        "receive",
                        "--json",
                        "--events",
                        point.events(0.6),
                        "--url",
                        "amqp://127.0.0.1:\(source?.port ?? "0")/replay/Partitions/0"
                    )
                }
            ] + peers(folder).map { contender($0, "receive", \.receives) }
        )
    }

    private static func sending(_ folder: String) -> Experiment {
        Experiment(
            name: "peers-send",
            title: "Send beside other clients",
            note: """
                Acknowledged sends to a sink: Azure's SDK and this package in batches, as their documentation recommends; Proton \
                one message per event, as this package does in the second row. The reference is this package in batches.
                """,
            axis: "body",
            points: [.body(1024)],
            source: { .own("replay", "--end-with-input", "--body-size", String($0.value)) },
            contenders: [
                .init(name: "swift-event-hubs, batches", isReference: true) { point, source in
                    .own(
                        "probe",
                        "batches",
                        "--port",
                        source?.port ?? "0",
                        "--events",
                        point.events(0.3),
                        "--body-size",
                        String(point.value)
                    )
                },
                .init(name: "swift-event-hubs, one by one") { point, source in
                    .own(
                        "send",
                        "--json",
                        "--events",
                        point.events(0.1),
                        "--body-size",
                        String(point.value),
                        "--url",
                        "amqp://127.0.0.1:\(source?.port ?? "0")/replay"
                    )
                },
            ] + peers(folder).map { contender($0, "send", \.sends) }
        )
    }
}
