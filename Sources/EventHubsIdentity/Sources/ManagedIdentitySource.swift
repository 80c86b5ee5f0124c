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
import Logging
import Synchronization

/// The identity that Azure gives the machine or the app: asked of the machine's metadata service (IMDS), or of the token
/// service beside an app of App Service, Functions or Container Apps.
struct ManagedIdentitySource: TokenSource {
    let name: String
    let identity: ManagedIdentityCredential.Identity
    let environment: CredentialEnvironment
    let logger: Logger?
    /// Whether to find out first, in a second, whether there is a metadata service at all.
    let probes: Bool
    private let isThere = AtomicFlag()

    private final class AtomicFlag: Sendable {
        let value = Atomic(false)
    }

    /// The metadata service's address is the same on all machines of Azure.
    private static let metadataHost = "http://169.254.169.254"
    private static let metadataPath = "/metadata/identity/oauth2/token"

    init(
        name: String,
        identity: ManagedIdentityCredential.Identity,
        environment: CredentialEnvironment,
        logger: Logger?,
        probes: Bool
    ) {
        self.name = name
        self.identity = identity
        self.environment = environment
        self.logger = logger
        self.probes = probes
    }

    func issue(for resource: TokenResource) async throws(CredentialError) -> IssuedToken {
        guard let endpoint = environment.variable("IDENTITY_ENDPOINT") else {
            return try await askMetadataService(for: resource)
        }
        guard let header = environment.variable("IDENTITY_HEADER") else {
            throw CredentialError(
                .unavailable,
                of: name,
                "IDENTITY_ENDPOINT is set without IDENTITY_HEADER, as on Azure Arc, which is not supported"
            )
        }
        guard environment.variable("IDENTITY_SERVER_THUMBPRINT") == nil else {
            throw CredentialError(.unavailable, of: name, "Service Fabric is not supported")
        }
        return try await askApp(endpoint, Secret(header), for: resource)
    }

    private func askApp(
        _ endpoint: String,
        _ header: Secret,
        for resource: TokenResource
    ) async throws(CredentialError) -> IssuedToken {
        let parameters: [HTTPRequest.Field] =
            [.init("api-version", "2019-08-01"), .init("resource", resource.identifier)]
            + identity.parameter(for: .appService)
        let request = HTTPRequest(
            "GET",
            endpoint + "?" + FormText.encode(parameters),
            headers: [.init("X-IDENTITY-HEADER", header.revealed)]
        )
        return try await TokenService(name: name, environment: environment, logger: logger)
            .ask(request, hiding: [header])
    }

    private func askMetadataService(for resource: TokenResource) async throws(CredentialError) -> IssuedToken {
        var host = environment.variable("AZURE_POD_IDENTITY_AUTHORITY_HOST") ?? Self.metadataHost
        while host.last == "/" { host.removeLast() }
        let parameters: [HTTPRequest.Field] =
            [.init("api-version", "2018-02-01"), .init("resource", resource.identifier)]
            + identity.parameter(for: .metadataService)
        let url = host + Self.metadataPath + "?" + FormText.encode(parameters)
        if probes, !isThere.value.load(ordering: .relaxed) { try await probe(url) }
        var service = TokenService(name: name, environment: environment, logger: logger)
        // The service is updated now and then: 404 for a moment, 410 for up to 70 seconds.
        service.busyStatuses = [404, 410]
        service.maximumRetries = 5
        service.minimumPauses = [410: .seconds(15)]
        do throws(CredentialError) {
            return try await service.ask(HTTPRequest("GET", url, headers: [.init("Metadata", "true")]))
        } catch {
            // No such identity on this machine; or something else than the metadata service answers at its address.
            guard error.status == 400 || error.code == .invalidResponse else { throw error }
            throw CredentialError(
                .unavailable,
                of: name,
                "this machine has no such identity: \(error.message)",
                status: error.status
            )
        }
    }

    /// Any answer will do. Without its header, the service refuses at once.
    private func probe(_ url: String) async throws(CredentialError) {
        var service = TokenService(name: name, environment: environment, logger: logger)
        service.tryTimeout = .seconds(1)
        do throws(CredentialError) {
            _ = try await service.once(HTTPRequest("GET", url))
        } catch {
            throw CredentialError(
                .unavailable,
                of: name,
                "this is no machine of Azure with a managed identity: \(error.message)"
            )
        }
        isThere.value.store(true, ordering: .relaxed)
    }
}

extension ManagedIdentityCredential.Identity {
    /// Who is asked: each has its own words.
    enum Asked {
        case appService
        case metadataService
    }

    /// The parameter that names the identity.
    func parameter(for asked: Asked) -> [HTTPRequest.Field] {
        switch self {
        case .systemAssigned: []
        case .clientID(let id): [.init("client_id", id)]
        case .objectID(let id): [.init(asked == .appService ? "principal_id" : "object_id", id)]
        case .resourceID(let id): [.init(asked == .appService ? "mi_res_id" : "msi_res_id", id)]
        }
    }
}
