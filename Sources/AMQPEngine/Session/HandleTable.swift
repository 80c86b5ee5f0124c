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

/// Which link answers to which handle of the peer, and which of our handles are taken.
///
/// Handles are small numbers in practice and bounded by `handle-max`, so both directions are arrays.
struct HandleTable: Sendable {
    /// Why a handle of the peer cannot be bound.
    enum BindResult: Equatable, Sendable {
        case bound
        case aboveMaximum
        case inUse
    }

    /// The highest handle that we let the peer use.
    var handleMax: UInt32

    /// By input handle: the link plus one, 0 when free.
    private var links: ContiguousArray<UInt64> = []
    /// By output handle: whether it is taken.
    private var outputs: ContiguousArray<Bool> = []

    init(handleMax: UInt32) { self.handleMax = handleMax }

    /// The link behind a handle of the peer.
    @inline(__always)
    func link(for handle: InputHandle) -> LinkSlot? {
        let index = Int(handle.rawValue)
        guard index < links.count else { return nil }
        return LinkSlot(encoded: links[index])
    }

    mutating func bind(_ handle: InputHandle, to link: LinkSlot) -> BindResult {
        guard handle.rawValue <= handleMax else { return .aboveMaximum }
        let index = Int(handle.rawValue)
        while links.count <= index { links.append(0) }
        guard links[index] == 0 else { return .inUse }
        links[index] = link.encoded
        return .bound
    }

    mutating func unbind(_ handle: InputHandle) {
        let index = Int(handle.rawValue)
        if index < links.count { links[index] = 0 }
    }

    /// Takes the lowest free handle of ours, or nil when all up to `remoteMaximum` are taken.
    mutating func allocate(remoteMaximum: UInt32) -> OutputHandle? {
        if let index = outputs.firstIndex(of: false) {
            guard UInt64(index) <= UInt64(remoteMaximum) else { return nil }
            outputs[index] = true
            return OutputHandle(rawValue: UInt32(truncatingIfNeeded: index))
        }
        guard UInt64(outputs.count) <= UInt64(min(remoteMaximum, handleMax)) else { return nil }
        outputs.append(true)
        return OutputHandle(rawValue: UInt32(truncatingIfNeeded: outputs.count - 1))
    }

    mutating func release(_ handle: OutputHandle) {
        let index = Int(handle.rawValue)
        if index < outputs.count { outputs[index] = false }
    }
}

/// Where a link is kept: in the table of senders or in that of receivers, at an index.
struct LinkSlot: Hashable, Sendable {
    let isSender: Bool
    let index: Int

    init(isSender: Bool, index: Int) {
        self.isSender = isSender
        self.index = index
    }

    /// Nil for 0.
    @inline(__always)
    init?(encoded: UInt64) {
        guard encoded != 0 else { return nil }
        isSender = encoded & 1 == 1
        index = Int(truncatingIfNeeded: encoded >> 1) - 1
    }

    /// A positive number that holds both.
    var encoded: UInt64 { (UInt64(truncatingIfNeeded: index) + 1) << 1 | (isSender ? 1 : 0) }
}
