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

/// One of the nine bodies of an AMQP frame (AMQP 1.0 part 2, section 2.7).
package enum Performative: Sendable, Hashable {
    indirect case open(Open)
    case begin(Begin)
    indirect case attach(Attach)
    case flow(Flow)
    case transfer(Transfer)
    case disposition(Disposition)
    case detach(Detach)
    case end(End)
    case close(Close)

    /// Decodes a performative with its descriptor; what follows it in the frame is left unread.
    package init(decoding reader: inout ByteReader) throws(DecodingError) {
        let start = reader.offset
        switch try reader.readCompositeType() {
        case .open: self = .open(try Open(decodingList: &reader))
        case .begin: self = .begin(try Begin(decodingList: &reader))
        case .attach: self = .attach(try Attach(decodingList: &reader))
        case .flow: self = .flow(try Flow(decodingList: &reader))
        case .transfer: self = .transfer(try Transfer(decodingList: &reader))
        case .disposition: self = .disposition(try Disposition(decodingList: &reader))
        case .detach: self = .detach(try Detach(decodingList: &reader))
        case .end: self = .end(try End(decodingList: &reader))
        case .close: self = .close(try Close(decodingList: &reader))
        default: throw DecodingError(code: .unknownDescriptor, offset: start, message: "this is no performative")
        }
    }

    /// Encodes the performative with its descriptor and all its fields.
    package func encode(into writer: inout ByteWriter) {
        switch self {
        case .open(let body): body.encode(into: &writer)
        case .begin(let body): body.encode(into: &writer)
        case .attach(let body): body.encode(into: &writer)
        case .flow(let body): body.encode(into: &writer)
        case .transfer(let body): body.encode(into: &writer)
        case .disposition(let body): body.encode(into: &writer)
        case .detach(let body): body.encode(into: &writer)
        case .end(let body): body.encode(into: &writer)
        case .close(let body): body.encode(into: &writer)
        }
    }
}
