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

/// The node that a link address names.
package enum EntityAddress: Hashable, Sendable {
    /// `$cbs`
    case claimsBasedSecurity
    /// `$management`, or `{hub}/$management`
    case management(hub: String?)
    /// `{hub}`: the service picks the partition
    case hub(String)
    /// `{hub}/Partitions/{id}`
    case partition(hub: String, id: String)
    /// `{hub}/Publishers/{name}`
    case publisher(hub: String, name: String)
    /// `{hub}/ConsumerGroups/{group}/Partitions/{id}`
    case consumerGroupPartition(hub: String, group: String, id: String)
    /// anything else
    case unknown(path: String)

    /// Reads any of the spellings in use; keywords match in any case.
    package init(_ address: some StringProtocol) {
        self.init(EntityPath(address: address))
    }

    package init(_ path: EntityPath) {
        let segments = path.segments
        let folded = path.folded
        switch folded.count {
        case 1 where folded[0] == "$cbs":
            self = .claimsBasedSecurity
        case 1 where folded[0] == "$management":
            self = .management(hub: nil)
        case 1:
            self = .hub(segments[0])
        case 2 where folded[1] == "$management":
            self = .management(hub: segments[0])
        case 3 where folded[1] == "partitions":
            self = .partition(hub: segments[0], id: segments[2])
        case 3 where folded[1] == "publishers":
            self = .publisher(hub: segments[0], name: segments[2])
        case 5 where folded[1] == "consumergroups" && folded[3] == "partitions":
            self = .consumerGroupPartition(hub: segments[0], group: segments[2], id: segments[4])
        default:
            self = .unknown(path: segments.joined(separator: "/"))
        }
    }
}
