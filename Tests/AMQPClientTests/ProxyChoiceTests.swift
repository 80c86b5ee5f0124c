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
import Testing

@testable import AMQPClient

@Suite struct ProxyChoiceTests {
    private let environment = ProxyEnvironment([
        "HTTPS_PROXY": "http://me:open-sesame@secure.test:3128", "http_proxy": "http://plain.test:3129",
        "NO_PROXY": "near.test",
    ])

    private func host(
        _ choice: ProxyChoice,
        _ endpoint: AMQPEndpoint,
        _ environment: ProxyEnvironment? = nil
    ) throws -> String? {
        try choice.server(to: endpoint, environment: environment ?? self.environment)?.host
    }

    private let tcp = AMQPEndpoint(host: "far.test")
    private let plain = AMQPEndpoint(host: "far.test", tls: nil)
    private let webSocket = AMQPEndpoint(host: "far.test", transport: .webSockets())

    @Test func onlyWebSocketsFollowTheEnvironmentUnasked() throws {
        #expect(try host(.automatic, tcp) == nil)
        #expect(try host(.automatic, plain) == nil)
        #expect(try host(.automatic, webSocket) == "secure.test")
        #expect(
            try host(.automatic, AMQPEndpoint(host: "far.test", tls: nil, transport: .webSockets())) == "plain.test"
        )
        #expect(try host(.automatic, AMQPEndpoint(host: "a.near.test", transport: .webSockets())) == nil)
    }

    @Test func allFollowItWhenAsked() throws {
        #expect(try host(.environment, tcp) == "secure.test")
        #expect(try host(.environment, plain) == "plain.test")
        #expect(try host(.environment, AMQPEndpoint(host: "near.test")) == nil)
        #expect(try host(.direct, webSocket) == nil)
        #expect(
            try host(.http(HTTPProxy(host: "other.test", port: 1)), AMQPEndpoint(host: "near.test")) == "other.test"
        )
    }

    @Test func anAddressThatIsNoneIsAFailureOfTheConfiguration() throws {
        let wrong = ProxyEnvironment(["HTTPS_PROXY": "https://me:open-sesame@secure.test"])
        let error = #expect(throws: TransportError.self) { try self.host(.automatic, webSocket, wrong) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error.map { "\($0)".contains("HTTPS_PROXY") } == true)
        #expect(error.map { "\($0)".contains("sesame") } == false)
        #expect(try host(.automatic, tcp, wrong) == nil)
    }

    @Test func addressesOfProxies() throws {
        let proxy = try HTTPProxy(url: "http://me:open%20sesame@proxy.test:3128")
        #expect(proxy == HTTPProxy(host: "proxy.test", port: 3128, user: "me", password: "open sesame"))
        var dumped = "\(proxy) \(String(reflecting: proxy))"
        dump(proxy, to: &dumped)
        #expect(dumped.contains("proxy.test:3128") && !dumped.contains("sesame"))
        #expect(throws: AMQPError.self) { try HTTPProxy(url: "socks5://proxy.test") }
    }

    @Test func defaultPorts() {
        #expect(tcp.port == 5671 && plain.port == 5672 && webSocket.port == 443)
        #expect(AMQPEndpoint(host: "a", tls: nil, transport: .webSockets()).port == 80)
    }
}
