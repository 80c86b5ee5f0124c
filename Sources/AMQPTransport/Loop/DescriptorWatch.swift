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

/// A descriptor's registration, made with the first interest.
struct DescriptorWatch {
    private let loop: EventLoop
    private var registration: LoopRegistration?

    init(loop: EventLoop) {
        self.loop = loop
    }

    mutating func set(
        _ interest: Interest,
        of descriptor: Int32,
        handler: any ReadinessHandler
    ) throws(TransportError) {
        if let registration {
            loop.update(registration, interest: interest)
        } else if !interest.isEmpty {
            registration = try loop.register(descriptor, interest: interest, handler: handler)
        }
    }

    mutating func stop() {
        guard let registration else { return }
        loop.deregister(registration)
        self.registration = nil
    }
}
