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
import COpenSSL
import EventHubs
import Foundation
import HTTPExchange
import Testing

@testable import EventHubsIdentity

@Suite("Client certificates", .timeLimit(.minutes(1)))
struct ClientCertificateCredentialTests {
    private func credential(
        _ file: String,
        password: String? = nil,
        issuer: ScriptedIssuer = ScriptedIssuer()
    ) throws -> ClientCertificateCredential {
        try ClientCertificateCredential(
            tenantID: "contoso.onmicrosoft.com",
            clientID: "97e0a5b7-d745-40b6-94fe-5f77d35c6e05",
            certificateFile: file,
            password: password,
            configuration: CredentialConfiguration(),
            environment: issuer.environment()
        )
    }

    private func json(_ part: Substring) throws -> [String: Any] {
        let bytes = try #require(Base64.decodeURL(String(part)))
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    /// The format is that of Microsoft's article on certificate credentials.
    @Test("the assertion: header, claims, and a signature that OpenSSL verifies", arguments: ["app", "app-encrypted"])
    func assertion(name: String) async throws {
        let issuer = ScriptedIssuer(ScriptedIssuer.token("a", for: 1), ScriptedIssuer.token("b"))
        let password = name == "app" ? nil : "open sesame"
        let credential = try self.credential(certificate(name), password: password, issuer: issuer)
        #expect(try await credential.token(for: entity).value == "a")
        issuer.advance(by: 1)
        #expect(try await credential.token(for: entity).value == "b")
        var identifiers: Set<String> = []
        for request in issuer.requests {
            let body = String(decoding: request.body ?? [], as: UTF8.self)
            let prefix =
                "client_id=97e0a5b7-d745-40b6-94fe-5f77d35c6e05&scope=https%3A%2F%2Feventhubs.azure.net%2F.default"
                + "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion="
            #expect(body.hasPrefix(prefix) && body.hasSuffix("&grant_type=client_credentials"))
            let parts = body.dropFirst(prefix.count).prefix { $0 != "&" }.split(separator: ".")
            try #require(parts.count == 3)
            // By `openssl x509 -outform DER | openssl dgst -sha256`.
            #expect(
                try json(parts[0]) as? [String: String]
                    == ["alg": "PS256", "typ": "JWT", "x5t#S256": "u_EklpUYzfkoS3x7eZwb_SHy30DQcEXwwj2Z8F6wguk"]
            )
            let claims = try json(parts[1])
            let made = 1_700_000_000 + identifiers.count
            #expect(
                claims["aud"] as? String
                    == "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token"
            )
            for name in ["iss", "sub"] {
                #expect(claims[name] as? String == "97e0a5b7-d745-40b6-94fe-5f77d35c6e05")
            }
            #expect(claims["iat"] as? Int == made && claims["nbf"] as? Int == made)
            #expect(claims["exp"] as? Int == made + 600)
            identifiers.insert(try #require(claims["jti"] as? String))
            #expect(claims.count == 7)
            let signed = Array((parts[0] + "." + parts[1]).utf8)
            let signature = try #require(Base64.decodeURL(String(parts[2])))
            #expect(isSigned(signed, signature))
            #expect(!isSigned(signed + [0], signature))
        }
        #expect(identifiers.count == 2)
    }

    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes, under the key of the certificate.
    private func isSigned(_ data: [UInt8], _ signature: [UInt8]) -> Bool {
        guard let file = BIO_new_file(certificate("app"), "r") else { return false }
        defer { BIO_free(file) }
        let x509 = PEM_read_bio_X509(file, nil, nil, nil)
        defer { X509_free(x509) }
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var parameters: OpaquePointer?
        guard EVP_DigestVerifyInit(context, &parameters, EVP_sha256(), nil, X509_get0_pubkey(x509)) == 1 else {
            return false
        }
        EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING)
        EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, 32)
        defer { ERR_clear_error() }
        return EVP_DigestVerify(context, signature, signature.count, data, data.count) == 1
    }

    @Test("files that cannot be used are named, and nobody is asked for a password")
    func badFiles() async throws {
        try await withTemporaryDirectory { directory in
            let app = try String(contentsOfFile: certificate("app"), encoding: .utf8)
            let server = try String(contentsOfFile: certificate("server"), encoding: .utf8)
            let serverKey = try String(contentsOfFile: certificate("server-key"), encoding: .utf8)
            let key = try #require(app.firstRange(of: "-----BEGIN CERTIFICATE")).lowerBound
            let files = [
                "empty": "", "no-key": String(app[key...]), "no-certificate": String(app[..<key]),
                "other-key": String(app[..<key]) + server, "no-rsa": serverKey + server, "noise": "-----BEGIN X",
            ]
            for (name, text) in files {
                let path = "\(directory)/\(name)"
                try Data(text.utf8).write(to: URL(fileURLWithPath: path))
                let error = await credentialError { try credential(path) }
                #expect(error?.code == .invalidConfiguration, "\(name)")
                #expect(error?.message.contains(path) == true)
            }
            for (file, password) in [
                (certificate("app-encrypted"), nil), (certificate("app-encrypted"), "wrong"), ("/none", nil),
            ] as [(String, String?)] {
                let error = await credentialError { try credential(file, password: password) }
                #expect(error?.code == .invalidConfiguration)
            }
        }
    }

    @Test("nothing of the key or password shows")
    func redaction() throws {
        let credential = try self.credential(certificate("app-encrypted"), password: "open sesame")
        var dumped = ""
        dump(credential, to: &dumped)
        #expect(!dumped.contains("sesame") && !"\(credential)".contains("sesame"))
    }
}
