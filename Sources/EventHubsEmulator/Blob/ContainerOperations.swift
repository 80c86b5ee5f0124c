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

/// The requests that name a container.
struct ContainerOperations {
    let store: BlobStore
    let container: String
    let account: String
    let now: Int64

    func perform(_ request: ServiceRequest) throws(BlobServiceError) -> ServiceResponse {
        guard request.parameter("restype")?.lowercased() == "container" else { throw .invalidParameter("restype") }
        switch (request.method, request.parameter("comp")?.lowercased()) {
        case ("PUT", nil):
            let version = try store.createContainer(container, metadata: BlobMetadata(checking: request.metadata))
            return ServiceResponse(status: 201, headers: version.headers)
        case ("DELETE", nil):
            try store.deleteContainer(container)
            return ServiceResponse(status: 202)
        case ("GET", nil), ("HEAD", nil), ("GET", "metadata"), ("HEAD", "metadata"):
            let found = try store.container(container)
            return ServiceResponse(
                status: 200,
                headers: found.version.headers + found.metadata.headers + [
                    ("x-ms-lease-status", "unlocked"), ("x-ms-lease-state", "available"),
                    ("x-ms-has-immutability-policy", "false"), ("x-ms-has-legal-hold", "false"),
                ]
            )
        case ("GET", "list"):
            return try list(request)
        default:
            throw .notImplemented
        }
    }

    private func list(_ request: ServiceRequest) throws(BlobServiceError) -> ServiceResponse {
        let listing = try BlobListing(request)
        let endpoint = "http://\(request.header("host") ?? "127.0.0.1")/\(account)"
        let xml = listing.xml(of: try store.container(container), named: container, endpoint: endpoint, at: now)
        return ServiceResponse(status: 200, headers: [("Content-Type", "application/xml")], body: Array(xml.utf8))
    }
}
