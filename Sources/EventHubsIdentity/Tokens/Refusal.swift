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
import Foundation

/// What an issuer answers when it issues none.
struct Refusal: Decodable {
    private let error: String?
    private let description: String?
    private let codes: [Int]?

    private enum CodingKeys: String, CodingKey {
        case error
        case description = "error_description"
        case codes = "error_codes"
    }

    /// How much of an issuer's text goes into an error.
    private static let maximumLength = 300

    /// What the answer says, on one line, without `secrets`, and what to do about it.
    static func text(in body: [UInt8], hiding secrets: [Secret]) -> String {
        guard let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(body)) else {
            return "the answer says nothing readable"
        }
        // The first line is what happened; then come numbers for Microsoft's support.
        let line = refusal.description?.split(whereSeparator: \.isNewline).first.map(String.init)
        var text = [refusal.error, line].compactMap { $0 }.joined(separator: ": ")
        for secret in secrets where !secret.revealed.isEmpty {
            text = text.replacing(secret.revealed, with: "<redacted>")
        }
        text = String(Redaction.scrub(text).prefix(maximumLength))
        let whatToDo = (refusal.codes ?? []).compactMap { advice(on: $0) }.first
        return (text.isEmpty ? "no reason is given" : text) + (whatToDo.map { " What to do: \($0)." } ?? "")
    }

    /// By the number of Microsoft Entra ID's errors (`AADSTS…`).
    private static func advice(on code: Int) -> String? {
        switch code {
        case 7_000_215: "give the secret's value, not its ID"
        case 7_000_222: "the secret has expired: make a new one in the app registration"
        case 700_016, 700_038: "check the client ID, and that the app is registered in this tenant"
        case 90_002, 900_023: "check the tenant ID"
        case 700_027: "upload this certificate to the app registration"
        case 700_024: "set this machine's clock"
        case 70_021, 700_211, 700_212, 700_213:
            "add a federated credential for this issuer, subject and audience to the identity"
        default: nil
        }
    }
}
