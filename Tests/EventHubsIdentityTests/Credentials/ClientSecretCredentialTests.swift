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
import HTTPExchange
import LogSupport
import Testing

@testable import EventHubsIdentity

@Suite("Client secrets", .timeLimit(.minutes(1)))
struct ClientSecretCredentialTests {
    private let tenant = "aaaabbbb-0000-cccc-1111-dddd2222eeee"
    private let client = "535fb089-9ff3-47b6-9bfb-4f1264799865"
    private let secret = "qWgdYAmab0YSkuL1qKv5bPX&~=+ /"

    private func credential(
        _ issuer: ScriptedIssuer,
        _ configuration: CredentialConfiguration = CredentialConfiguration(),
        variables: [String: String] = [:]
    ) throws -> ClientSecretCredential {
        try ClientSecretCredential(
            tenantID: tenant,
            clientID: client,
            secret: secret,
            configuration: configuration,
            environment: issuer.environment(variables)
        )
    }

    /// The first case of Microsoft's article on the client credentials flow, with another scope and a secret to encode.
    @Test("the request, byte for byte, and the token")
    func request() async throws {
        let issuer = ScriptedIssuer(ScriptedIssuer.token())
        let token = try await credential(issuer).token(for: entity)
        let request = try #require(issuer.requests.first)
        #expect(request.method == "POST")
        #expect(request.url == "https://login.microsoftonline.com/\(tenant)/oauth2/v2.0/token")
        #expect(request.headers.contains(.init("Content-Type", "application/x-www-form-urlencoded")))
        #expect(
            String(decoding: request.body ?? [], as: UTF8.self)
                == "client_id=535fb089-9ff3-47b6-9bfb-4f1264799865&scope=https%3A%2F%2Feventhubs.azure.net%2F.default"
                + "&client_secret=qWgdYAmab0YSkuL1qKv5bPX%26~%3D%2B%20%2F&grant_type=client_credentials"
        )
        #expect(token.value == "eyJ0b2tlbg")
        #expect(token.kind == .jwt)
        #expect(token.expiry == Timestamp(millisecondsSinceEpoch: 1_700_000_000_000 + 3_600_000))
    }

    @Test("entities share one token, blobs have another")
    func scopes() async throws {
        let issuer = ScriptedIssuer(ScriptedIssuer.token("a"), ScriptedIssuer.token("b"))
        let credential = try self.credential(issuer)
        #expect(try await credential.token(for: entity).value == "a")
        #expect(try await credential.token(for: entity + "/ConsumerGroups/g").value == "a")
        for audience in ["https://storage.azure.com", "https://storage.azure.com/"] {
            #expect(try await credential.token(for: audience).value == "b")
        }
        let bodies = issuer.requests.map { String(decoding: $0.body ?? [], as: UTF8.self) }
        #expect(bodies.count == 2)
        #expect(bodies[1].contains("scope=https%3A%2F%2Fstorage.azure.com%2F.default&"))
        #expect(TokenResource(audience: "https://name.servicebus.windows.net/hub") == .eventHubs)
    }

    @Test("other clouds, by option and by environment")
    func authorities() async throws {
        func host(_ configuration: CredentialConfiguration, _ variables: [String: String] = [:]) async throws -> String
        {
            let issuer = ScriptedIssuer(ScriptedIssuer.token())
            _ = try await credential(issuer, configuration, variables: variables).token(for: entity)
            return String(try #require(issuer.requests.first).url.prefix { $0 != "?" }.split(separator: "/a")[0])
        }
        let variables = ["AZURE_AUTHORITY_HOST": "https://login.partner.microsoftonline.cn/"]
        #expect(try await host(.init()) == "https://login.microsoftonline.com")
        #expect(try await host(.init(), variables) == CredentialConfiguration.china)
        #expect(
            try await host(.init(authorityHost: "login.microsoftonline.us"), variables)
                == CredentialConfiguration.government
        )
        #expect(try await host(.init(authorityHost: "http://127.0.0.1:8080")) == "http://127.0.0.1:8080")
    }

    @Test(
        "what would leave in the clear, or end up elsewhere in the URL, is refused",
        arguments: [
            ("http://login.example.com", "t", "c"), ("http://localhost.example.com", "t", "c"), ("ftp://x", "t", "c"),
            ("https://x", "a/b", "c"), ("https://x", "", "c"), ("https://x", "..%2f", "c"), ("https://x", "t", "c&d"),
            ("https://x", "t", ""),
        ]
    )
    func invalidConfigurations(authority: String, tenant: String, client: String) {
        #expect(throws: CredentialError(.invalidConfiguration, of: "", "")) {
            try ClientSecretCredential(
                tenantID: tenant,
                clientID: client,
                secret: "s",
                configuration: .init(authorityHost: authority)
            )
        }
    }

    @Test("a refusal is final, says what to do, and repeats no secret")
    func refusal() async throws {
        let body = """
            {"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided: \(secret) or \
            eyJhbGciOiJub25lIn0.e30.\\r\\nTrace ID: 255d1aef","error_codes":[7000215]}
            """
        let issuer = ScriptedIssuer(.response(401, body))
        let credential = try self.credential(issuer)
        let error = try #require(await credentialError { try await credential.token(for: entity) })
        #expect(error.code == .refused)
        #expect(!error.isTransient)
        #expect(error.status == 401)
        #expect(error.credential == "ClientSecretCredential")
        #expect(
            error.message.contains("AADSTS7000215") && error.message.contains("give the secret's value, not its ID")
        )
        #expect(!error.message.contains("Trace ID"))
        #expect(!error.description.contains(secret) && !error.description.contains("bGciOiJub25lIn0"))
        #expect(issuer.requests.count == 1)
    }

    @Test("throttling and faults are waited for, as long as is asked for")
    func retries() async throws {
        let issuer = ScriptedIssuer(
            .response(429, headers: ["Retry-After": "7"], ""),
            .failure(.connectionLost(reason: "reset")),
            .response(503, "<html>"),
            ScriptedIssuer.token()
        )
        #expect(try await credential(issuer).token(for: entity).value == "eyJ0b2tlbg")
        #expect(issuer.pauses == [.seconds(7), .milliseconds(1600), .milliseconds(3200)])
    }

    @Test("after four attempts it is given up, and after a long request to wait at once")
    func givingUp() async throws {
        let fault = ScriptedIssuer.Answer.response(500, #"{"error":"server_error"}"#)
        let issuer = ScriptedIssuer(fault, fault, fault, fault, ScriptedIssuer.token())
        let credential = try self.credential(issuer)
        let error = await credentialError { try await credential.token(for: entity) }
        #expect(error?.code == .busy && error?.isTransient == true && error?.status == 500)
        #expect(error?.message.contains("server_error") == true)
        #expect(issuer.requests.count == 4)

        let patient = ScriptedIssuer(.response(429, headers: ["retry-after": "3600"], ""), ScriptedIssuer.token())
        let other = try self.credential(patient)
        #expect(await credentialError { try await other.token(for: entity) }?.code == .busy)
        #expect(patient.pauses.isEmpty)
    }

    @Test("nobody answers, too much is answered, and what is no token")
    func badAnswers() async throws {
        let failures: [(ScriptedIssuer.Answer, CredentialError.Code)] = [
            (.failure(.responseTooLarge(limit: 1)), .invalidResponse),
            (.failure(.untrusted(reason: "expired")), .invalidConfiguration),
            (.failure(.invalidURL), .invalidConfiguration),
            (.failure(.malformed(.statusLine)), .invalidResponse),
            (.response(200, "<html>"), .invalidResponse), (.response(200, "{}"), .invalidResponse),
            (.response(200, #"{"access_token":"x"}"#), .invalidResponse),
            (.response(200, #"{"access_token":"","expires_in":3600}"#), .invalidResponse),
            (.response(302, headers: ["Location": "https://elsewhere"], ""), .refused),
        ]
        for (answer, code) in failures {
            let issuer = ScriptedIssuer(answer)
            let credential = try self.credential(issuer)
            #expect(await credentialError { try await credential.token(for: entity) }?.code == code, "\(answer)")
            #expect(issuer.requests.count == 1)
        }
        let silent = ScriptedIssuer(.silence)
        var service = TokenService(name: "x", environment: silent.environment(), logger: nil)
        service.tryTimeout = .milliseconds(20)
        service.maximumRetries = 0
        let error = await credentialError { [service] in
            try await service.ask(HTTPRequest("GET", "https://host.example.com/path?secret=1")).token
        }
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("host.example.com is not reached") == true)
        #expect(error?.message.contains("secret") == false)
    }

    @Test("no secret in any description, nor in the log")
    func redaction() async throws {
        let log = LogRecorder()
        let issuer = ScriptedIssuer(.response(503, #"{"error_description":"\#(secret)"}"#), ScriptedIssuer.token())
        let credential = try self.credential(issuer, CredentialConfiguration(logger: log.logger))
        let token = try await credential.token(for: entity)
        var dumped = ""
        dump(credential, to: &dumped)
        dump(token, to: &dumped)
        for text in ["\(credential)", String(reflecting: credential), dumped] + log.texts {
            #expect(!text.contains("qWgdYAmab0YSkuL1qKv5bPX") && !text.contains("eyJ0b2tlbg"))
        }
        #expect(log.texts.count == 1, "the repetition was logged")
    }

    @Test("whoever is cancelled leaves; the others get their token")
    func cancellation() async throws {
        let latch = Latch()
        let issuer = ScriptedIssuer(.after(latch), ScriptedIssuer.token())
        let credential = try self.credential(issuer)
        let cancelled = Task { try await credential.token(for: entity) }
        let waiting = Task { try await credential.token(for: entity) }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        latch.open()
        #expect(try await waiting.value.value == "eyJ0b2tlbg")
        #expect(issuer.requests.count == 1)
    }
}
