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

/// What the path of a request names.
enum BlobTarget: Equatable {
    case account
    case container(String)
    case blob(container: String, name: String)

    /// Reads `/{account}/{container}/{blob}`; the blob's name may hold slashes.
    init(path: String, account: String) throws(BlobServiceError) {
        let parts = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
        guard let first = parts.first, PercentCoding.decode(first) == account else { throw .resourceNotFound }
        guard parts.count > 1 else {
            self = .account
            return
        }
        let container = PercentCoding.decode(parts[1])
        guard Self.isContainerName(container) else {
            throw BlobServiceError(
                400,
                .invalidResourceName,
                "The specified resource name contains invalid characters."
            )
        }
        let name = parts.count > 2 ? PercentCoding.decode(parts[2]) : ""
        guard name.utf8.count <= 1024 * 4 else {
            throw BlobServiceError(400, .invalidResourceName, "The specified resource name length is not valid.")
        }
        self = name.isEmpty ? .container(container) : .blob(container: container, name: name)
    }

    /// 3 to 63 lower-case letters, digits and single hyphens between them; some names of the service's own besides.
    private static func isContainerName(_ name: String) -> Bool {
        if name == "$root" || name == "$logs" || name == "$web" { return true }
        guard (3...63).contains(name.utf8.count), !name.contains("--"), !name.hasPrefix("-"), !name.hasSuffix("-")
        else {
            return false
        }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
    }
}
