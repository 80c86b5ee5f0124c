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
import EventHubsBlobStore

/// Why a command ends with exit code 1: what happened, where, and what to do about it.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// Says what an Event Hubs error means to somebody at a terminal.
    init(_ error: EventHubsError, doing what: String) {
        let advice: String? =
            switch error.code {
            // The credential has said it itself.
            case .unauthorized where error.underlying is CredentialError: nil
            case .unauthorized:
                "check the key or signature in the connection string and the rights of its policy, or with --namespace the "
                    + "identity's role: Azure Event Hubs Data Sender, Receiver or Owner"
            case .notFound: "check the names of event hub, consumer group and partition"
            case .connectionLost: "check host and port, and that nothing in between blocks them"
            case .timeout: "nobody answered: check host and port, or try again"
            case .ownershipLost: "another receiver with the same or a higher owner level has the partition"
            case .quotaExceeded:
                "five receivers without an owner level are the limit: close one, or use another consumer group"
            case .invalidPosition: "choose another --from"
            case .messageTooLarge: "split the event, or use --gzip"
            default: nil
            }
        description = "\(what): \(error)" + (advice.map { "\nWhat to do: \($0)." } ?? "")
    }

    /// Says what an error of the Blob store means to somebody at a terminal.
    init(_ error: BlobStoreError, doing what: String) {
        let advice: String? =
            switch error.code {
            case .containerNotFound: "check the container's name, or create it (some commands have --create-container)"
            case .accessDenied: "check the key or signature; it has to allow to read, list, create and write"
            case .connectionFailed, .timedOut: "check the account's name and that nothing in between blocks it"
            case .unavailable: "the service is busy: try again"
            default: nil
            }
        description = "\(what): \(error)" + (advice.map { "\nWhat to do: \($0)." } ?? "")
    }

    /// Runs `body` and turns what it throws into a failure that says what was being done.
    static func explaining<Result>(_ what: String, _ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as EventHubsError {
            throw CommandFailure(error, doing: what)
        } catch let error as BlobStoreError {
            throw CommandFailure(error, doing: what)
        }
    }
}
