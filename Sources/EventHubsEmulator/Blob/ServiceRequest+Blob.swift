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

extension ServiceRequest {
    /// A header that the request cannot do without.
    func required(_ name: String) throws(BlobServiceError) -> String {
        guard let value = header(name) else { throw .missingHeader(name) }
        return value
    }

    /// The `x-ms-meta-` headers, with names as they were sent: the service keeps their case.
    var metadata: [BlobMetadata.Entry] {
        let prefix = "x-ms-meta-"
        return fields.filter { $0.name.lowercased().hasPrefix(prefix) }
            .map { BlobMetadata.Entry(name: String($0.name.dropFirst(prefix.count)), value: $0.value) }
    }
}
