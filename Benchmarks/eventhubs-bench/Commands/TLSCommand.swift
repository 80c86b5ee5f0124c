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

/// Receiving over TLS beside what OpenSSL alone takes.
struct TLSCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tls",
        abstract: "Receive events over TLS, beside reading the same records with OpenSSL and nothing else."
    )

    @OptionGroup var series: SeriesOptions

    func run() throws { try series.run([Self.experiment]) }

    static let experiment = Experiment(
        name: "tls",
        title: "Receive over TLS 1.3",
        note: """
            As the plain series, over TLS 1.3. The reference is a loop of SSL_read on a blocking socket, with read-ahead, that \
            drops what it gets: the kernel's copy and the cipher.
            """,
        axis: "body",
        points: Experiment.Point.bodies,
        source: { .own("replay", "--tls", "--end-with-input", "--body-size", String($0.value)) },
        contenders: [
            .init(name: "SSL_read drain", isReference: true) { point, source in
                .own(
                    "probe",
                    "drain",
                    "--tls",
                    "--port",
                    source?.port ?? "0",
                    "--events",
                    point.events(0.2),
                    "--body-size",
                    String(point.value)
                )
            },
            .init(name: "receive") { point, source in
                .own(
                    "receive",
                    "--json",
                    "--events",
                    point.events(0.2),
                    "--ca",
                    BlockingTLS.certificate("ca.pem"),
                    "--url",
                    "amqps://127.0.0.1:\(source?.port ?? "0")/replay/Partitions/0"
                )
            },
        ]
    )
}
