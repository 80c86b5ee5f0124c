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
import Testing

@testable import EventHubsBlobStore

@Suite(.timeLimit(.minutes(5))) struct BlobStoreErrorTests {
    let transport = ServiceTransport()

    /// What creating the container fails with.
    private func failure(_ faults: ServiceTransport.Fault...) async throws -> BlobStoreError? {
        let client = try BlobContainerClient.onService(transport) {
            $0.maximumRetries = 0
            $0.tryTimeout = .milliseconds(20)
        }
        for fault in faults { transport.expect(fault) }
        do throws(BlobStoreError) {
            try await client.createContainer()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [408, 429, 500, 502, 503, 504])
    func serviceThatIsBusyIsTransient(status: Int) async throws {
        #expect(try await failure(.status(status))?.isTransient == true)
    }

    @Test func serviceThatDoesNotAnswerIsTransient() async throws {
        #expect(try await failure(.unreachable)?.isTransient == true)
        #expect(try await failure(.hangs)?.isTransient == true)
    }

    @Test(arguments: [400, 401, 403, 404, 405])
    func refusalIsNot(status: Int) async throws {
        #expect(try await failure(.status(status))?.isTransient == false)
    }

    @Test func missingContainerIsNot() async throws {
        let client = try BlobContainerClient.onService(transport)
        let error = await #expect(throws: BlobStoreError.self) {
            try await client.prepareContainer(creating: false)
        }
        #expect(error?.code == .containerNotFound)
        #expect(error?.isTransient == false)
    }

    @Test func wrongConfigurationIsNot() throws {
        let noString = #expect(throws: BlobStoreError.self) {
            try BlobContainerLocation(connectionString: "DefaultEndpointsProtocol=https", container: "leases")
        }
        #expect(noString?.isTransient == false)
        let noName = #expect(throws: BlobStoreError.self) {
            try BlobContainerLocation(connectionString: "UseDevelopmentStorage=true", container: "No Name")
        }
        #expect(noName?.isTransient == false)
    }

    /// What a credential says about itself is kept: a token service that is away is none to be told about.
    @Test func credentialSaysForItself() async throws {
        struct Failing: TokenCredential {
            let code: CredentialError.Code
            func token(for audience: String) async throws -> AccessToken {
                throw CredentialError(code, of: "Failing", "no token")
            }
        }
        for (code, isTransient) in [(CredentialError.Code.unreachable, true), (.refused, false)] {
            let client = BlobContainerClient(
                try BlobContainerLocation(
                    url: "https://acc.blob.core.windows.net/leases",
                    credential: Failing(code: code)
                ),
                configuration: .init(),
                transport: transport,
                wallClock: .system
            )
            let error = await #expect(throws: BlobStoreError.self) { try await client.createContainer() }
            #expect(error?.isTransient == isTransient)
        }
    }
}
