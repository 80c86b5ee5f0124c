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

package import AMQPCodec

/// What we grant the peer on a session.
package struct SessionOptions: Sendable {
    /// Transfer frames the peer may send before we open the window again; we do so at half.
    package var incomingWindow: UInt32 = 65_536
    /// The window we announce for our own transfers; informative only.
    package var outgoingWindow: UInt32 = 65_536
    /// The highest handle number: one less than the links of the session.
    package var handleMax: UInt32 = 1_023
    package var offeredCapabilities: [Symbol] = []
    package var desiredCapabilities: [Symbol] = []
    package var properties: AMQPMap?

    package init() {}

    func begin(remoteChannel: UInt16?) -> Begin {
        Begin(
            remoteChannel: remoteChannel,
            nextOutgoingID: OutgoingWindow.initialOutgoingID.rawValue,
            incomingWindow: incomingWindow,
            outgoingWindow: outgoingWindow,
            handleMax: handleMax,
            offeredCapabilities: offeredCapabilities,
            desiredCapabilities: desiredCapabilities,
            properties: properties
        )
    }
}
