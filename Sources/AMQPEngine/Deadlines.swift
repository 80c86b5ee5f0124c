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

/// The engine's one-shot deadlines, as a table of instants.
struct Deadlines: Equatable, Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What a deadline stands for.
    enum Kind: Int, CaseIterable, Sendable {
        /// Header, SASL and `open` have to be done by then.
        case handshake
        /// The peer has to answer our `close` by then.
        case close
    }

    private var handshake: Instant?
    private var close: Instant?

    /// The earliest deadline that is set.
    var next: Instant? {
        switch (handshake, close) {
        case (let first?, let second?): min(first, second)
        case (let only?, nil), (nil, let only?): only
        case (nil, nil): nil
        }
    }

    mutating func set(_ kind: Kind, at instant: Instant) {
        switch kind {
        case .handshake: handshake = instant
        case .close: close = instant
        }
    }

    mutating func clear(_ kind: Kind) {
        switch kind {
        case .handshake: handshake = nil
        case .close: close = nil
        }
    }

    /// Takes one deadline that has been reached.
    mutating func takeReached(_ now: Instant) -> Kind? {
        if let instant = handshake, now >= instant {
            handshake = nil
            return .handshake
        }
        if let instant = close, now >= instant {
            close = nil
            return .close
        }
        return nil
    }
}
