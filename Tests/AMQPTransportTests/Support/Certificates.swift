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

import AMQPTransport

/// The files of Fixtures/Certificates.
enum Certificates {
    static func path(_ name: String, file: String = #filePath) -> String {
        let root = file.split(separator: "/").dropLast(4).joined(separator: "/")
        return "/\(root)/Fixtures/Certificates/\(name).pem"
    }

    static func server(
        _ name: String = "server",
        clients: TLSConfiguration.ClientCertificates = .ignored
    ) -> TLSConfiguration {
        .server(
            certificateChainFile: path(name),
            privateKeyFile: path(name + "-key"),
            clientCertificates: clients,
            trustedCertificates: .file(path("ca"))
        )
    }

    static func client(trusting authority: String = "ca", serverName: String? = nil) -> TLSConfiguration {
        TLSConfiguration(trustedCertificates: .file(path(authority)), serverName: serverName)
    }
}
