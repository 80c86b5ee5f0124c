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

/// The body of a SASL frame.
package enum SASLFrameBody: Sendable, Hashable {
    case mechanisms(SASLMechanisms)
    case saslInit(SASLInit)
    case challenge(SASLChallenge)
    case response(SASLResponse)
    case outcome(SASLOutcome)

    /// Decodes a body with its descriptor.
    package init(decoding reader: inout ByteReader) throws(DecodingError) {
        let start = reader.offset
        switch try reader.readCompositeType() {
        case .saslMechanisms: self = .mechanisms(try SASLMechanisms(decodingList: &reader))
        case .saslInit: self = .saslInit(try SASLInit(decodingList: &reader))
        case .saslChallenge: self = .challenge(try SASLChallenge(decodingList: &reader))
        case .saslResponse: self = .response(try SASLResponse(decodingList: &reader))
        case .saslOutcome: self = .outcome(try SASLOutcome(decodingList: &reader))
        default:
            throw DecodingError(code: .unknownDescriptor, offset: start, message: "this is no body of a SASL frame")
        }
    }

    /// Encodes the body with its descriptor.
    package func encode(into writer: inout ByteWriter) {
        switch self {
        case .mechanisms(let body): body.encode(into: &writer)
        case .saslInit(let body): body.encode(into: &writer)
        case .challenge(let body): body.encode(into: &writer)
        case .response(let body): body.encode(into: &writer)
        case .outcome(let body): body.encode(into: &writer)
        }
    }
}
